"""The command that says how gateways are served with a domain."""

from dataclasses import replace
from typing import Annotated

import typer

from mailroll.cli.output import Output, acting, answers
from mailroll.directory import edit, queries
from mailroll.directory.models import Serving

_SAID = {
    Serving.SERVE: "Gateways accept who is in the list of {} and refuse the rest.",
    Serving.WATCH: "Gateways accept every address of {}; whom the list would refuse is counted.",
    Serving.PASS: "Gateways accept every address of {}, and nothing is counted.",
}


@answers
def serving(
    domain: str,
    mode: Annotated[Serving | None, typer.Option(help="serve the list, watch only, or pass everything.")] = None,
    plus_tags: Annotated[
        bool | None, typer.Option(help="Whether bob+news@ counts as bob@, as in Exchange Online.")
    ] = None,
    stale_after: Annotated[
        int | None, typer.Option(help="Hours after which an old list refuses nobody any more.")
    ] = None,
) -> Output:
    """Show or set what gateways are told of a domain."""
    row = queries.domain(domain)
    way = edit.ServingWay.of(row)
    new_way = replace(
        way,
        serving=mode or way.serving,
        plus_tags=way.plus_tags if plus_tags is None else plus_tags,
        stale_hours=way.stale_hours if stale_after is None else stale_after,
    )
    edit.set_serving(row, new_way, acting())
    document = {
        "domain": row.name,
        "serving": new_way.serving.value,
        "plus_tags": new_way.plus_tags,
        "stale_after_hours": new_way.stale_hours,
    }
    tags = "Tags (bob+news@) are taken off" if new_way.plus_tags else "Tags (bob+news@) are not taken off"
    sentence = _SAID[new_way.serving].format(row.name)
    return Output(document, f"{sentence} {tags}. A list older than {new_way.stale_hours} hours refuses nobody.")
