"""Commands about the roll: its users, and why an address is accepted or not."""

from mailroll.cli.answering import Answer, acting, answers
from mailroll.cli.tables import table
from mailroll.directory import queries
from mailroll.sync import explaining


@answers
def users(domain: str) -> Answer:
    """List the users of a domain, retired ones too."""
    found = [queries.as_json(user) for user in queries.users(queries.domain(domain))]
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


@answers
def explain(address: str) -> Answer:
    """Say whether mail for an address is accepted, and why."""
    why = explaining.explain(address, acting().now())
    document = {
        "address": why.address,
        "accepted": why.accepted,
        "user": None if why.user is None else queries.as_json(why.user),
        "reasons": why.reasons,
    }
    head = f"{'Accepted' if why.accepted else 'Not accepted'}: {why.address}"
    return Answer(document, "\n".join([head, *(f"  - {reason['message']}" for reason in why.reasons)]))
