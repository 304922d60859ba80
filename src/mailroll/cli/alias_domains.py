"""Commands about alias domains: other names that mail of a domain comes under."""

from typing import Annotated

import typer

from mailroll.cli.output import Output, acting, answers
from mailroll.connections import new_domains
from mailroll.directory import edit, queries

_PROVED = typer.Option(help="Vouch for it, or wait until a tenant of the domain proves that it is theirs.")


@answers
def add(domain: str, name: str, proved: Annotated[bool, _PROVED] = True) -> Output:
    """Accept addresses under another name. Who has the shell of this machine stands at the top, so that is proof."""
    found = queries.domain(domain)
    made = new_domains.register_alias(found, name, acting(), proved=proved)
    return Output({"domain": found.name, "alias": made}, f"{made} is an alias domain of {found.name}.")


@answers
def remove(domain: str, name: str) -> Output:
    """Accept addresses under another name no more; the next run says who loses which."""
    found = queries.domain(domain)
    gone = edit.remove_domain_alias(found, name, acting())
    return Output({"domain": found.name, "alias": gone}, f"{gone} is no alias domain of {found.name} any more.")


@answers
def listed(domain: str) -> Output:
    """List the alias domains of a domain."""
    found = queries.domain(domain)
    names: list[str] = [*queries.aliases(found)]
    return Output({"domain": found.name, "aliases": names}, "\n".join(names) or f"{found.name} has no alias domain.")
