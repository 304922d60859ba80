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
    row, name = _domain_and_name(domain, alias)
    return _answer(row, name)


@answers
def prove(
    domain: Annotated[str, _DOMAIN],
    alias: Annotated[str, _ALIAS] = "",
    vouch: Annotated[bool, _VOUCH] = False,
) -> Output:
    """Look for the DNS record that proves a domain, or vouch for the domain."""
    row, name = _domain_and_name(domain, alias)
    if not vouch:
        watch.check(row, name, acting())
    elif name == row.name:
        if not edit.prove_domain(row, ProvedBy.TOP, acting()):
            raise rules.proved_elsewhere(name)
    else:
        edit.prove_aliases(row, [DomainName(name)], acting())
        if not row.aliases.filter(name=name, proved_at__isnull=False).exists():
            raise rules.proved_elsewhere(name)
    row.refresh_from_db()
    return _answer(row, name)


@answers
def add_alias(domain: str, name: str, proved: Annotated[bool, _KNOWN] = True) -> Output:
    """Accept addresses under another name. Who has the shell of this machine stands at the top, so that is proof."""
    row = queries.domain(domain)
    alias = new_domains.register_alias(row, name, acting(), proved=proved)
    return Output({"domain": row.name, "alias": alias}, f"{alias} is an alias domain of {row.name}.")


@answers
def remove_alias(domain: str, name: str) -> Output:
    """Accept addresses under another name no more; the next run says who loses which."""
    row = queries.domain(domain)
    alias = edit.remove_domain_alias(row, name, acting())
    return Output({"domain": row.name, "alias": alias}, f"{alias} is no alias domain of {row.name} any more.")


@answers
def list_aliases(domain: str) -> Output:
    """List the alias domains of a domain."""
    row = queries.domain(domain)
    names: list[str] = [*queries.aliases(row)]
    return Output({"domain": row.name, "aliases": names}, "\n".join(names) or f"{row.name} has no alias domain.")


def _domain_and_name(domain: str, alias: str) -> tuple[Domain, str]:
    row = queries.domain(domain)
    if not alias:
        return row, row.name
    aliases = {name: name for name in queries.aliases(row)}
    name = aliases.get(DomainName(alias.strip().lower()))
    if name is None:
        raise BadInput(
            "alias_unknown",
            f"{alias} is not an alias domain of {row.name}.",
            "List its alias domains to see which it has.",
        )
    return row, name


def _answer(domain: Domain, name: str) -> Output:
    row: Domain | DomainAlias = domain if name == domain.name else domain.aliases.get(name=name)
    waits = ownership.of_name(domain, name)
    by = ProvedBy(row.proved_by) if isinstance(row, Domain) and row.proved_by else None
    document = {
        "name": name,
        "proved": row.proved_at is not None,
        "by": by,
        "proved_at": row.proved_at,
        "claimed_at": row.claimed_at,
        "record": None if waits is None else _record(waits),
    }
    if row.proved_at is not None:
        how = "" if by is None else f" ({by.label})"
        return Output(document, f"{name} is proved since {row.proved_at:%Y-%m-%d %H:%M} UTC{how}.")
    lines = [f"Nobody has proved {name} yet."]
    if row.claimed_at is not None:
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
