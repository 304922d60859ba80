"""Commands that pause all removals, and resume them."""

from typing import Annotated

import typer

from mailroll.cli.output import Output, acting, answers, table
from mailroll.directory import edit, queries
from mailroll.directory.models import Pause
from mailroll.reconcile.errors import BadInput

Domain = Annotated[str | None, typer.Option("--domain", help="Of this domain alone.")]
Organization = Annotated[
    str | None, typer.Option("--organization", help="Of this organization and all below it: id, or name where unique.")
]
Everywhere = Annotated[bool, typer.Option("--everywhere", help="Of every domain of this installation.")]


@answers
def pause(
    reason: Annotated[str, typer.Option("--reason", help="Why; whoever finds a held run reads it.")],
    domain: Domain = None,
    organization: Organization = None,
    everywhere: Everywhere = False,
) -> Output:
    """Let nobody be removed and no address end, until they are resumed. People are added as before."""
    of, name = _of(domain, organization, everywhere=everywhere)
    new = edit.pause_removals(of, reason, acting())
    said = f"Removals of {name} are paused." if new else f"Removals of {name} were paused already; that stays as it is."
    return Output({"of": name, "paused": True, "new": new}, said)


@answers
def resume(domain: Domain = None, organization: Organization = None, everywhere: Everywhere = False) -> Output:
    """End a pause; what waits goes at the next sync, or by a release, as its findings say."""
    of, name = _of(domain, organization, everywhere=everywhere)
    ended = edit.resume_removals(of, acting())
    said = f"Removals of {name} go on." if ended else f"Removals of {name} were not paused by a switch of their own."
    return Output({"of": name, "paused": False, "new": ended}, said)


@answers
def listed() -> Output:
    """List what is paused, since when, by whom and why."""
    rows = [
        {"of": _name(pause), "since": pause.since.isoformat(), "by": pause.actor, "reason": pause.reason}
        for pause in Pause.objects.select_related("domain", "organization").order_by("since", "id")
    ]
    text = table(["Of", "Since", "By", "Why"], [list(row.values()) for row in rows])
    return Output({"pauses": rows}, text if rows else "No removals are paused.")


def _of(domain: str | None, organization: str | None, *, everywhere: bool) -> tuple[edit.Paused, str]:
    match domain, organization, everywhere:
        case str(), None, False:
            row = queries.domain(domain)
            return row, row.name
        case None, str(), False:
            above = queries.organization(organization)
            return above, above.name
        case None, None, True:
            return None, "every organization"
        case _:
            raise BadInput(
                "pause_of_what",
                "A pause is of one domain, of one organization, or of everybody.",
                "Give one of --domain, --organization and --everywhere.",
            )


def _name(pause: Pause) -> str:
    of = pause.domain or pause.organization
    return of.name if of else "every organization"
