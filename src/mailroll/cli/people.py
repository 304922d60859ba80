"""Commands about the roll: its users, and why an address is accepted or not."""

from collections.abc import Mapping
from typing import Annotated

import typer

from mailroll.audit.actor import Acting
from mailroll.cli.output import Exit, Output, acting, answers, table
from mailroll.connectors.words import DIRECTORY
from mailroll.directory import queries
from mailroll.directory.lifecycle import Stage
from mailroll.directory.models import Domain
from mailroll.directory.sheets import users as sheet
from mailroll.gateway.answers import Answer as GatewayAnswer
from mailroll.insight.directory_answers import DirectoryAnswer, tell
from mailroll.insight.lookup import LookUp, look_up
from mailroll.insight.why import addresses
from mailroll.reconcile.errors import BadInput
from mailroll.sync.addresses import questions, replies
from mailroll.sync.models import AddressQuestion

_EXITS = {
    GatewayAnswer.ACCEPT: Exit.DONE,
    GatewayAnswer.LATER: Exit.HELD,
    GatewayAnswer.CANNOT_SAY: Exit.HELD,
    GatewayAnswer.UNKNOWN: Exit.NO,
    GatewayAnswer.NOT_OURS: Exit.NO,
}


@answers
def users(
    domain: str,
    csv: Annotated[bool, typer.Option("--csv", help="Print a CSV file that can be imported again.")] = False,
) -> Output:
    """List the users of a domain, retired ones too."""
    listed = list(queries.users(queries.domain(domain)))
    found = [queries.as_json(user) for user in listed]
    if csv:
        return Output(found, "".join(sheet.lines(listed)).rstrip())
    rows = [
        (
            user["address"] or "",
            ", ".join(user["aliases"]),
            user["display_name"],
            user["kind"],
            "yes" if user["billable"] else "no",
            user["group"],
            "retired" if user["retired_at"] else "kept" if user["kept"] else "",
        )
        for user in found
    ]
    active = sum(user["retired_at"] is None for user in found)
    billable = sum(user["billable"] for user in found)
    lines = [table(("Address", "Aliases", "Name", "Kind", "Billable", "Group", ""), rows)] if rows else []
    return Output(found, "\n".join([*lines, f"{active} users, {billable} billable."]))


_SAID: Mapping[Stage, str] = {Stage.LATER: "Put off for now", Stage.ENDED: "Not accepted"}


@answers
def explain(address: str) -> Output:
    """Say whether mail for an address is accepted, and why. Like `lookup`, for programs that read its document."""
    why = addresses.explain(address, acting().now())
    document = {
        "address": why.address,
        "accepted": why.accepted,
        "stage": why.stage.value,
        "user": None if why.user is None else queries.as_json(why.user),
        "reasons": why.reasons,
    }
    head = f"{_SAID.get(why.stage, 'Accepted')}: {why.address}"
    return Output(document, "\n".join([head, *(f"  - {reason['message']}" for reason in why.reasons)]))


@answers
def lookup(
    address: str,
    ask: Annotated[bool, typer.Option("--ask", help="Ask the domain's directory for the address now, too.")] = False,
) -> Output:
    """Say what a mail server is told of an address, and all there is to know about that.

    Exits with 0 where it is accepted, 4 where it is not, and 3 where the sender is to try again.
    """
    who = acting()
    found = look_up(address, Domain.objects.all(), who.now())
    document, text = _document(found), _text(found)
    if ask:
        told = _asked(found, who)
        document["directory"] = {
            "found": told.found,
            "asked_at": told.at,
            "said": [{"headline": one.headline, "detail": one.detail} for one in told.said],
        }
        text = "\n".join([text, f"{DIRECTORY} says now:", *(f"  - {one.headline}. {one.detail}" for one in told.said)])
    return Output(document, text, _EXITS[found.answer])


def _asked(found: LookUp, who: Acting) -> DirectoryAnswer:
    """Ask at once: whoever is at the command line waits for the answer."""
    if found.domain is None or found.address is None:
        raise BadInput(
            "nowhere_to_ask", "There is no domain here whose directory could be asked.", "Check the address."
        )
    question = questions.ask_for(found.address, found.domain, who, at_once=True)
    replies.answer(question)
    return tell(AddressQuestion.objects.get(id=question))


def _document(found: LookUp) -> dict[str, object]:
    return {
        "address": found.address or found.text,
        "answer": found.answer.value,
        "because": found.because.value,
        "accepted": found.accepted,
        "accepted_until": found.until,
        "domain": None if found.domain is None else found.domain.name,
        "user": None if found.user is None else queries.as_json(found.user),
        "reasons": found.reasons,
        "run": None if found.run is None else found.run.id,
        "near": list(found.near),
    }


def _text(found: LookUp) -> str:
    lines = [f"{found.headline.words}: {found.address or found.text}", found.reply]
    lines += [f"  - {reason['message']}" for reason in found.reasons]
    if found.near:
        lines.append(f"Close to it: {', '.join(found.near)}")
    if found.run is not None:
        lines.append(f"run {found.run.id}")
    return "\n".join(lines)
