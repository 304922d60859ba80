"""Commands about the proof that a domain is its organization's, and about its other names: alias domains."""

from typing import Annotated

import typer

from mailroll.cli.output import Output, acting, answers
from mailroll.connections import new_domains, rules
from mailroll.connections.ownership import watch
from mailroll.directory import edit, queries
from mailroll.directory.models import Domain, DomainAlias, ProvedBy
from mailroll.insight import ownership
from mailroll.insight.ownership import DnsStanding
from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import BadInput

_DOMAIN = typer.Argument(metavar="DOMAIN", help="One that nobody has proved is named as ORGANIZATION/DOMAIN.")
_ALIAS = typer.Option(metavar="NAME", help="An alias domain of it, instead of the domain itself.")
_KNOWN = typer.Option(help="Vouch for it, or wait until a tenant of the domain proves that it is theirs.")
_VOUCH = typer.Option("--vouch", help="Count it as proved, without a look at DNS: on your word.")


@answers
def proof(domain: Annotated[str, _DOMAIN], alias: Annotated[str, _ALIAS] = "") -> Output:
    """Say how a domain was proved, or which DNS record proves it."""
    found, name = _named(domain, alias)
    return _answer(found, name)


@answers
def prove(
    domain: Annotated[str, _DOMAIN],
    alias: Annotated[str, _ALIAS] = "",
    vouch: Annotated[bool, _VOUCH] = False,
) -> Output:
    """Look for the DNS record that proves a domain, or vouch for the domain."""
    found, name = _named(domain, alias)
    if not vouch:
        watch.check(found, name, acting())
    elif name == found.name:
        if not edit.prove_domain(found, ProvedBy.TOP, acting()):
            raise rules.proved_elsewhere(name)
    else:
        edit.prove_aliases(found, [DomainName(name)], acting())
        if not found.aliases.filter(name=name, proved_at__isnull=False).exists():
            raise rules.proved_elsewhere(name)
    found.refresh_from_db()
    return _answer(found, name)


@answers
def add_alias(domain: str, name: str, proved: Annotated[bool, _KNOWN] = True) -> Output:
    """Accept addresses under another name. Who has the shell of this machine stands at the top, so that is proof."""
    found = queries.domain(domain)
    made = new_domains.register_alias(found, name, acting(), proved=proved)
    return Output({"domain": found.name, "alias": made}, f"{made} is an alias domain of {found.name}.")


@answers
def remove_alias(domain: str, name: str) -> Output:
    """Accept addresses under another name no more; the next run says who loses which."""
    found = queries.domain(domain)
    gone = edit.remove_domain_alias(found, name, acting())
    return Output({"domain": found.name, "alias": gone}, f"{gone} is no alias domain of {found.name} any more.")


@answers
def list_aliases(domain: str) -> Output:
    """List the alias domains of a domain."""
    found = queries.domain(domain)
    names: list[str] = [*queries.aliases(found)]
    return Output({"domain": found.name, "aliases": names}, "\n".join(names) or f"{found.name} has no alias domain.")


def _named(domain: str, alias: str) -> tuple[Domain, str]:
    found = queries.domain(domain)
    if not alias:
        return found, found.name
    known = {name: name for name in queries.aliases(found)}
    name = known.get(DomainName(alias.strip().lower()))
    if name is None:
        raise BadInput(
            "alias_unknown",
            f"{alias} is not an alias domain of {found.name}.",
            "List its alias domains to see which it has.",
        )
    return found, name


def _answer(domain: Domain, name: str) -> Output:
    held: Domain | DomainAlias = domain if name == domain.name else domain.aliases.get(name=name)
    waits = ownership.of_name(domain, name)
    by = ProvedBy(held.proved_by) if isinstance(held, Domain) and held.proved_by else None
    document = {
        "name": name,
        "proved": held.proved_at is not None,
        "by": by,
        "proved_at": held.proved_at,
        "claimed_at": held.claimed_at,
        "record": None if waits is None else _record(waits),
    }
    if held.proved_at is not None:
        how = "" if by is None else f" ({by.label})"
        return Output(document, f"{name} is proved since {held.proved_at:%Y-%m-%d %H:%M} UTC{how}.")
    lines = [f"Nobody has proved {name} yet."]
    if held.claimed_at is not None:
        lines = [f"{name} is proved, but in another organization first: whoever stands at the top decides."]
    if waits is not None:
        lines += ["", "Type   TXT", f"Name   {waits.record_name}", f"Value  {waits.record_value}"]
        if waits.error is not None:
            lines += ["", f"The last look: {waits.error['message']} {waits.error['help']}"]
    return Output(document, "\n".join(lines))


def _record(waits: DnsStanding) -> dict[str, object]:
    return {
        "name": waits.record_name,
        "value": waits.record_value,
        "asked_at": waits.asked_at,
        "next_at": waits.next_at,
        "error": waits.error,
    }
