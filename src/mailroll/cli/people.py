"""Commands about the roll: its users, and why an address is accepted or not."""

from collections.abc import Mapping
from typing import Annotated

import typer

from mailroll.cli.answering import Answer, acting, answers
from mailroll.cli.tables import table
from mailroll.directory import queries
from mailroll.directory.lifecycle import Stage
from mailroll.directory.sheets import users as sheet
from mailroll.insight.why import addresses


@answers
def users(
    domain: str,
    csv: Annotated[bool, typer.Option("--csv", help="Print a CSV file that can be imported again.")] = False,
) -> Answer:
    """List the users of a domain, retired ones too."""
    listed = list(queries.users(queries.domain(domain)))
    found = [queries.as_json(user) for user in listed]
    if csv:
        return Answer(found, "".join(sheet.lines(listed)).rstrip())
    rows = [
        (
            user["address"] or "",
            ", ".join(user["aliases"]),
            user["display_name"],
            user["kind"],
            "yes" if user["billable"] else "no",
            user["group"],
            "retired" if user["retired_at"] else "",
        )
        for user in found
    ]
    active = sum(user["retired_at"] is None for user in found)
    billable = sum(user["billable"] for user in found)
    lines = [table(("Address", "Aliases", "Name", "Kind", "Billable", "Group", ""), rows)] if rows else []
    return Answer(found, "\n".join([*lines, f"{active} users, {billable} billable."]))


_SAID: Mapping[Stage, str] = {Stage.LATER: "Put off for now", Stage.ENDED: "Not accepted"}


@answers
def explain(address: str) -> Answer:
    """Say whether mail for an address is accepted, and why."""
    why = addresses.explain(address, acting().now())
    document = {
        "address": why.address,
        "accepted": why.accepted,
        "stage": why.stage.value,
        "user": None if why.user is None else queries.as_json(why.user),
        "reasons": why.reasons,
    }
    head = f"{_SAID.get(why.stage, 'Accepted')}: {why.address}"
    return Answer(document, "\n".join([head, *(f"  - {reason['message']}" for reason in why.reasons)]))
