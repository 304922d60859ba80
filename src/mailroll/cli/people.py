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
    documents = [queries.as_json(user) for user in listed]
    if csv:
        return Output(documents, "".join(sheet.lines(listed)).rstrip())
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
        for user in documents
    ]
    active = sum(user["retired_at"] is None for user in documents)
    billable = sum(user["billable"] for user in documents)
    lines = [table(("Address", "Aliases", "Name", "Kind", "Billable", "Group", ""), rows)] if rows else []
    return Output(documents, "\n".join([*lines, f"{active} users, {billable} billable."]))


_SAID: Mapping[Stage, str] = {Stage.LATER: "Put off for now", Stage.ENDED: "Not accepted"}


@answers
def explain(address: str) -> Output:
    """Say whether mail for an address is accepted, and why. Like `lookup`, for programs that read its document."""
    explanation = addresses.explain(address, acting().now())
    document = {
        "address": explanation.address,
        "accepted": explanation.accepted,
        "stage": explanation.stage.value,
        "user": None if explanation.user is None else queries.as_json(explanation.user),
        "reasons": explanation.reasons,
    }
    head = f"{_SAID.get(explanation.stage, 'Accepted')}: {explanation.address}"
    return Output(document, "\n".join([head, *(f"  - {reason['message']}" for reason in explanation.reasons)]))


@answers
def lookup(
    address: str,
    ask: Annotated[bool, typer.Option("--ask", help="Ask the domain's directory for the address now, too.")] = False,
) -> Output:
    """Say what a mail server is told of an address, and all there is to know about that.

    Exits with 0 where it is accepted, 4 where it is not, and 3 where the sender is to try again.
    """
    actor = acting()
    lookup = look_up(address, Domain.objects.all(), actor.now())
    document, text = _document(lookup), _text(lookup)
    if ask:
        directory_answer = _ask_directory(lookup, actor)
        document["directory"] = {
            "found": directory_answer.found,
            "asked_at": directory_answer.at,
            "said": [{"headline": sentence.headline, "detail": sentence.detail} for sentence in directory_answer.said],
        }
        text = "\n".join(
            [
                text,
                f"{DIRECTORY} says now:",
                *(f"  - {sentence.headline}. {sentence.detail}" for sentence in directory_answer.said),
            ]
        )
    return Output(document, text, _EXITS[lookup.answer])


def _ask_directory(lookup: LookUp, actor: Acting) -> DirectoryAnswer:
    """Ask at once: whoever is at the command line waits for the answer."""
    if lookup.domain is None or lookup.address is None:
        raise BadInput(
            "nowhere_to_ask", "There is no domain here whose directory could be asked.", "Check the address."
        )
    question = questions.ask_for(lookup.address, lookup.domain, actor, at_once=True)
    replies.answer(question)
    return tell(AddressQuestion.objects.get(id=question))


def _document(lookup: LookUp) -> dict[str, object]:
    return {
        "address": lookup.address or lookup.text,
        "answer": lookup.answer.value,
        "because": lookup.because.value,
        "accepted": lookup.accepted,
        "accepted_until": lookup.until,
        "domain": None if lookup.domain is None else lookup.domain.name,
        "user": None if lookup.user is None else queries.as_json(lookup.user),
        "reasons": lookup.reasons,
        "run": None if lookup.run is None else lookup.run.id,
        "near": list(lookup.near),
    }


def _text(lookup: LookUp) -> str:
    lines = [f"{lookup.headline.words}: {lookup.address or lookup.text}", lookup.reply]
    lines += [f"  - {reason['message']}" for reason in lookup.reasons]
    if lookup.near:
        lines.append(f"Close to it: {', '.join(lookup.near)}")
    if lookup.run is not None:
        lines.append(f"run {lookup.run.id}")
    return "\n".join(lines)
