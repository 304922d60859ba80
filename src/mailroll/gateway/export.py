"""Exports the list in a form to a folder: a new generation where something changed, no smaller one without a reason."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject, note
from mailroll.directory.models import Domain
from mailroll.gateway.answers import Because
from mailroll.gateway.departures import DepartureReasons
from mailroll.gateway.formats import Form
from mailroll.gateway.formats.base import Lines, ListFile
from mailroll.gateway.generations import CURRENT, Generations, Manifest, unwritable
from mailroll.gateway.lists import ListedDomain, Listing, Moment
from mailroll.gateway.writer import CountedMoment, write
from mailroll.reconcile.errors import BadInput, Refused

_ADDRESSES: Final = ".addresses"
"""Beside the files that are read: the addresses of the roll behind them, each domain's after its id and name."""

_BATCH: Final = 1000
_NAMED: Final = 10
"""Missing addresses that a refusal names."""


@dataclass(frozen=True, slots=True)
class MissingAddresses:
    """Addresses of a domain that the new list lacks for no reason that is known; `first` are some of them."""

    domain: UUID
    name: str
    count: int
    first: tuple[str, ...]


class Shrunk(Refused):
    """The new list lacks addresses, and nothing says why; the old one stays."""

    def __init__(self, missing: Sequence[MissingAddresses]) -> None:
        summary = "; ".join(f"{loss.name} {loss.count:,} ({', '.join(loss.first)})" for loss in missing)
        super().__init__(
            "list_shrank",
            f"The new list lacks addresses that no run and no person removed: {summary}. The old list stays.",
            "Look why they are gone; if they should be, give --accept-shrink with a reason.",
        )
        self.missing = tuple(missing)


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did. `changed`: whether the files that mail servers read are others than before."""

    manifest: Manifest
    changed: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What shall be exported: a form of these domains by their names, None for all there are at the time."""

    form: Form
    domains: tuple[str, ...] | None
    accepted: tuple[MissingAddresses, ...] = ()
    """What a person says may be missing."""


def export(wish: Wish, listing: Listing, generations: Generations, departures: DepartureReasons) -> Exported:
    """Bring a folder up to date. The caller holds its lock.

    1. Write everything beside the current generation, from one moment of the roll.
    2. Leave it at that where nothing is different.
    3. Refuse it where addresses went without a reason.
    4. Publish it.
    5. Remove older generations that have addresses of a domain that was erased since.
    """
    current = generations.current()
    if current is not None and current.form != wish.form.name:
        raise BadInput(
            "folder_of_another_form",
            f"{generations.folder} holds {current.form}, not {wish.form.name}.",
            "Export each form to a folder of its own.",
        )
    try:
        exported = _export(wish, current, listing, generations, departures)
        generations.remove_older(lambda place, manifest: _has_any(place, departures.erased(manifest.mark)))
    except OSError as failed:
        raise unwritable(generations.folder, failed) from failed
    return exported


def _export(
    wish: Wish, current: Manifest | None, listing: Listing, generations: Generations, departures: DepartureReasons
) -> Exported:
    number = generations.next()
    with listing.moment() as moment, generations.beginning(number) as new:
        domains = _choose_domains(wish, moment)
        counted = CountedMoment(moment)
        parts = [ListFile(_ADDRESSES, "text/plain", _roll), *wish.form.parts]
        files: dict[str, dict[str, Any]] = {}
        for part in parts:
            with generations.file(new, part.name) as file:
                files[part.name] = asdict(write(part, counted if part.name == _ADDRESSES else moment, domains, file))
        manifest = Manifest(
            form=wish.form.name,
            generation=number,
            made_at=moment.at.isoformat(),
            mark=departures.mark(moment.at),
            asked=None if wish.domains is None else sorted(wish.domains),
            count=sum(counted.counts.values()),
            files=files,
            domains=[_domain_entry(domain, moment.at, counted.counts[domain.served.id]) for domain in domains],
        )
        if current is not None and (current.files, current.asked) == (manifest.files, manifest.asked):
            return Exported(current, changed=False)
        missing = _missing(current, manifest, counted, generations, departures)
        if not set(missing) <= set(wish.accepted):
            raise Shrunk(missing)
        generations.publish(new, manifest)
    return Exported(manifest, changed=current is None or read(current) != read(manifest))


def read(manifest: Manifest) -> dict[str, str]:
    """Return the checksums of the files that mail servers read."""
    return {name: file["sha256"] for name, file in manifest.files.items() if name != _ADDRESSES}


def _choose_domains(wish: Wish, moment: Moment) -> list[ListedDomain]:
    domains_by_name = {domain.served.name: domain for domain in moment.domains()}
    if wish.domains is None:
        return list(domains_by_name.values())
    for name in wish.domains:
        if name not in domains_by_name:
            raise BadInput("domain_unknown", f"There is no domain “{name}”.", "The list that is there stays as it is.")
    return [domains_by_name[name] for name in sorted(wish.domains)]


def _roll(moment: Moment, domains: Sequence[ListedDomain]) -> Lines:
    for domain in domains:
        yield f"domain {domain.served.id} {domain.served.name}\n"
        # Who only waits is not in the roll yet, and need not leave it.
        yield from (f"{entry.address}\n" for entry in moment.entries(domain) if entry.because is not Because.WAITING)


def _domain_entry(domain: ListedDomain, at: datetime, count: int) -> dict[str, Any]:
    return {"name": domain.served.name, "names": domain.spellings, "count": count, "accepts_all": domain.open(at)}


def _missing(
    current: Manifest | None,
    manifest: Manifest,
    counted: CountedMoment,
    generations: Generations,
    departures: DepartureReasons,
) -> list[MissingAddresses]:
    """Return what the current generation has and the new one lacks without a reason, domain by domain."""
    if current is None:
        return []
    # Whoever asks for fewer domains by name says by that that the others shall go.
    dropped = set(current.asked or ()) - set(manifest.asked) if manifest.asked is not None else set[str]()
    missing = []
    try:
        with (generations.folder / CURRENT / _ADDRESSES).open(encoding="utf-8", newline="") as lines:
            for key, name, addresses in _domains(line.removesuffix("\n") for line in lines):
                if name in dropped:
                    continue
                lost_addresses = (address for address in addresses if address not in counted.marks)
                count, first = 0, list[str]()
                while batch := list(islice(lost_addresses, _BATCH)):
                    unaccounted = departures.unaccounted(key, name, batch, current.mark)
                    count += len(unaccounted)
                    first += unaccounted[: _NAMED - len(first)]
                if count:
                    missing.append(MissingAddresses(key, name, count, tuple(first)))
    except (FileNotFoundError, ValueError) as broken:
        raise generations.unreadable() from broken
    return missing


def _has_any(generation: Path, domains: Collection[UUID]) -> bool:
    """Whether a generation has addresses of any of these domains, or may have, as it is spoilt."""
    if not domains:
        return False
    try:
        with (generation / _ADDRESSES).open(encoding="utf-8", newline="") as lines:
            return any(domain in domains for domain, _, _ in _domains(line.removesuffix("\n") for line in lines))
    except (FileNotFoundError, ValueError):
        return True


def _domains(lines: Iterable[str]) -> Iterator[tuple[UUID, str, Iterator[str]]]:
    """Part the lines of `_roll`: each domain with the addresses up to the next one."""
    key, name = UUID(int=0), ""

    def domain(line: str) -> tuple[UUID, str]:
        nonlocal key, name
        if line.startswith("domain "):
            _, at, name = line.split(" ")
            key = UUID(at)
        return key, name

    for (own, domain_name), group in groupby(lines, key=domain):
        yield own, domain_name, (line for line in group if not line.startswith("domain "))


def accept(missing: Sequence[MissingAddresses], reason: str, acting: Acting) -> None:
    """Note that a person stands for addresses that are missing, before a list without them is published."""
    with transaction.atomic():
        for loss in missing:
            organization = Domain.objects.filter(id=loss.domain).values_list("organization_id", flat=True).first()
            about = Subject(loss.name, organization)
            note(acting, "gateway.shrink_accepted", about, reason=reason, addresses=loss.count, first=[*loss.first])
