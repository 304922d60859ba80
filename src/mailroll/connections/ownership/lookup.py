"""Asks name servers for the record that proves a name, and says in words what is wrong with the answer."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Final

import dns.asyncresolver
import dns.exception
import dns.message
import dns.name
import dns.nameserver
import dns.rcode
import dns.rdatatype
import dns.resolver
from dns.rdtypes.ANY.TXT import TXT

from mailroll.connections.ownership.record import KEY, TxtRecord
from mailroll.reconcile.errors import BadInput, Broken, MailrollError, NotVerified, Retry
from mailroll.reconcile.text import shown
from mailroll.settings import NameServer

SECONDS: Final = 5.0
"""How long name servers may take, all of them together: somebody looks at a page meanwhile."""

MOST: Final = 100
"""Values of one name. Those of all services that write at the top of a zone are a few dozen; ours has a name alone."""

_SHOWN: Final = 3
_LETTERS: Final = 60
_AGAIN: Final = 60.0


async def expect(record: TxtRecord, servers: Sequence[NameServer], seconds: float = SECONDS) -> None:
    """Return where the record is there and says what it has to; else raise what is wrong, and what to do.

    `servers`: those of the machine where there are none. Other values beside it do no harm.
    """
    values = await _values(record, servers, seconds)
    if record.value not in values:
        shown_values = ", ".join(f"“{_short(value)}”" for value in sorted(values, key=_place)[:_SHOWN])
        more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
        raise NotVerified(
            "dns_other_value",
            f"{record.name} has a TXT record, but not this one. Found: {shown_values}{more}.",
            "Copy the value once more, whole and without quotation marks. If it was changed just now, wait:"
            " name servers keep an old answer for as long as its record says.",
        )


def _place(value: str) -> tuple[bool, str]:
    """Records come in any order (RFC 1034, 3.6): a value that was made for this is named first, the rest by itself."""
    return not value.startswith(KEY), value


async def _values(record: TxtRecord, servers: Sequence[NameServer], seconds: float) -> list[str]:
    with _in_words(record):
        name = dns.name.from_text(record.name)
        resolver = dns.asyncresolver.Resolver(configure=not servers)
        if servers:
            resolver.nameservers = [dns.nameserver.Do53Nameserver(server.host, server.port) for server in servers]
        resolver.lifetime = seconds
        # Answers that do not fit come again over TCP, by the library itself (RFC 7766).
        answer = await resolver.resolve(name, dns.rdatatype.TXT, search=False)
        if answer.canonical_name != name:
            raise _alias(record, answer.canonical_name)
    if len(answer) > MOST:
        raise NotVerified(
            "dns_too_many",
            f"{record.name} has {len(answer)} TXT records, and more than {MOST} are not read.",
            "Take away those that are not needed, or prove the domain by connecting its tenant.",
        )
    # A value longer than 255 octets is written in parts, which belong together without a blank (RFC 7208, 3.3).
    return [b"".join(row.strings).decode("utf-8", "replace") for row in answer if isinstance(row, TXT)]


@contextlib.contextmanager
def _in_words(record: TxtRecord) -> Iterator[None]:
    """Turn what the library raises into what a person can act upon; the original stays its cause."""
    try:
        yield
    except dns.resolver.NXDOMAIN as error:
        if (leads_to := error.canonical_name) != dns.name.from_text(record.name):
            raise _alias(record, leads_to) from error
        raise _missing("dns_no_name", f"There is no name {record.name} yet.", record) from error
    except dns.resolver.NoAnswer as error:
        response = error.kwargs["response"]
        if (leads_to := response.canonical_name()) != dns.name.from_text(record.name):
            raise _alias(record, leads_to) from error
        raise _missing("dns_no_record", f"{record.name} exists, but has no TXT record.", record) from error
    except dns.exception.Timeout as error:
        raise Retry(
            "dns_timeout",
            f"No name server answered in time when it was asked for {record.name}.",
            "Try again in a minute. If it stays so, see whether the name servers of the domain answer.",
            after=_AGAIN,
        ) from error
    except dns.resolver.NoNameservers as error:
        raise _refused(record, error) from error
    except dns.name.NameTooLong as error:
        raise BadInput(
            "dns_name_too_long",
            "The name is too long to have a record below it.",
            "Prove the domain by connecting its tenant.",
        ) from error
    except dns.resolver.NoResolverConfiguration as error:
        raise Broken(
            "dns_no_resolver",
            "This machine has no name server that could be asked.",
            "Whoever runs Mailroll sets one with MAILROLL_RESOLVER.",
        ) from error
    except (dns.exception.DNSException, OSError) as error:
        raise Broken(
            "dns_unreadable",
            f"The answer for {record.name} cannot be read ({type(error).__name__}).",
            "Try again later. If it stays so, see what the name servers of the domain answer.",
        ) from error


def _missing(code: str, message: str, record: TxtRecord) -> NotVerified:
    domain = record.name.partition(".")[2]
    return NotVerified(
        code,
        message,
        f"Add the record where the zone of {domain} is kept. Some forms there add {domain} to the name by themselves. "
        "A new record can take an hour until it is seen.",
    )


def _alias(record: TxtRecord, leads_to: dns.name.Name) -> MailrollError:
    # Whoever has the other name could prove a domain that is not theirs: many zones have one CNAME for all names.
    return NotVerified(
        "dns_alias",
        f"{record.name} leads to {_short(leads_to.to_text(omit_final_dot=True))} by a CNAME, and what stands there "
        "proves nothing.",
        "Write the TXT record at the name itself, which then has no CNAME.",
    )


def _refused(record: TxtRecord, error: dns.resolver.NoNameservers) -> MailrollError:
    answered = [response for *_, response in error.kwargs["errors"] if response is not None]
    code = dns.rcode.to_text(answered[-1].rcode()) if answered else ""
    if code == "SERVFAIL":
        return Retry(
            "dns_server_failure",
            f"The name servers say that they failed (SERVFAIL) when they were asked for {record.name}.",
            "Try again in a minute. If it stays so, the zone is broken: often its DNSSEC signatures.",
            after=_AGAIN,
        )
    how = f"answer {code}" if code and code != "NOERROR" else "give no answer that can be read"
    return Broken(
        "dns_refused",
        f"The name servers {how} when they are asked for {record.name}.",
        "Try again later. If it stays so, whoever runs Mailroll has to see to MAILROLL_RESOLVER.",
    )


def _short(text: str) -> str:
    shown_text = shown(text)
    return shown_text if len(shown_text) <= _LETTERS else f"{shown_text[:_LETTERS]}…"
