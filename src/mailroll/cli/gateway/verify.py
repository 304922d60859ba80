"""The command that asks a gateway's questions from where the gateway is."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from mailroll.cli import storage
from mailroll.cli.files import text
from mailroll.cli.output import Exit, Output, acting, answering, table
from mailroll.directory import queries
from mailroll.gateway import ways
from mailroll.gateway.missing_rights import LackingRole, lacking
from mailroll.gateway.verify import VerifyQuestion, WayOutcome, from_known, from_roll
from mailroll.gateway.verify import verify as verified
from mailroll.reconcile.addresses import AddressFault, given
from mailroll.reconcile.errors import BadInput

_TOKEN = "MAILROLL_GATEWAY_TOKEN"  # noqa: S105 - the name of a variable


@answering(lambda: None)
def verify(
    domain: Annotated[str, typer.Argument(help="Whose people are asked about; or --known.")] = "",
    socketmap: Annotated[list[str], typer.Option(help="unix:/PATH or inet:HOST:PORT, with :MAP behind.")] = [],  # noqa: B006 - the parser makes a list of its own
    http: Annotated[str, typer.Option(help="The server of lists and look-ups, as https://HOST:PORT.")] = "",
    token_file: Annotated[Path | None, typer.Option(help=f"A file with the token; else {_TOKEN}.")] = None,
    pgsql: Annotated[str, typer.Option(metavar="DSN", help="The database, as the role of the mail server.")] = "",
    postmap: Annotated[list[str], typer.Option(metavar="TABLE", help="As in main.cf: pgsql:/etc/postfix/...")] = [],  # noqa: B006
    known: Annotated[str, typer.Option(metavar="ADDRESS", help="Somebody who exists, where no roll is at hand.")] = "",
) -> Output:
    """Ask as the gateway asks, and hold the answers against the roll: exit code 1 where one differs."""
    by: list[ways.Way] = [*map(ways.SocketmapWay, socketmap)]
    if http:
        if not http.startswith(("http://", "https://")):
            raise BadInput("url_malformed", f"{http} is no URL.", "Write https://HOST:PORT.")
        by.append(ways.HttpWay(http, text(token_file) or os.environ.get(_TOKEN, "")))
    by += [ways.Database(pgsql)] if pgsql else []
    by += map(ways.Postmap, postmap)
    if not by:
        raise BadInput("nothing_to_ask", "No way to ask is given.", "Give --socketmap, --http, --pgsql or --postmap.")
    outcomes = verified(by, list(_questions(domain, known)))
    # Where the roll is at hand, so are the roles of its database.
    roles = lacking() if domain else ()
    good = all(outcome.good for outcome in outcomes)
    return Output(_document(outcomes, roles), _text(outcomes, roles), Exit.DONE if good else Exit.FAILED)


def _questions(domain: str, known_address: str) -> Iterator[VerifyQuestion]:
    if bool(domain) == bool(known_address):
        raise BadInput(
            "nobody_to_ask_about",
            "Nothing says whom to ask about.",
            "Name a domain, or where the roll is not at hand somebody who exists: --known ADDRESS.",
        )
    if domain:
        storage.ready()
        return from_roll(queries.domain(domain), acting())
    address = given(known_address)
    if isinstance(address, AddressFault):
        raise BadInput("address_malformed", f"“{known_address}” is no address.", "Give one of somebody who exists.")
    return from_known(address)


def _text(outcomes: Sequence[WayOutcome], roles: Sequence[LackingRole]) -> str:
    rows = [
        (
            outcome.question.kind.value,
            outcome.question.address,
            outcome.question.expected.value,
            outcome.reply.effect.value,
            "" if outcome.good else "differs",
            f"{outcome.way}: {outcome.reply.words}",
        )
        for outcome in outcomes
    ]
    wrong = sum(not outcome.good for outcome in outcomes)
    end = (
        f"{wrong} of {len(outcomes)} answers differ."
        if wrong
        else f"All {len(outcomes)} answers are as they should be."
    )
    warnings = [f"{role.words} Run: {role.command}" for role in roles]
    return "\n".join([table(("Who", "Address", "Expected", "Answered", "", "In its words"), rows), end, *warnings])


def _document(outcomes: Sequence[WayOutcome], roles: Sequence[LackingRole]) -> dict[str, Any]:
    return {
        "good": all(outcome.good for outcome in outcomes),
        "answers": [
            {
                "kind": outcome.question.kind.name.lower(),
                "address": outcome.question.address,
                "way": outcome.way,
                "expected": outcome.question.expected.value,
                "answered": outcome.reply.effect.value,
                "words": outcome.reply.words,
            }
            for outcome in outcomes
        ],
        "lacking": [
            {"role": role.role, "rights": list(role.rights), "unnoted": role.unnoted, "help": role.command}
            for role in roles
        ],
    }
