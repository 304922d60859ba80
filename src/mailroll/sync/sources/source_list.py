"""The sources of a domain as the core sees them, and what has to be read for them."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from mailroll.accounts import installation
from mailroll.connections import credentials
from mailroll.connections.access import Access
from mailroll.connections.models import Source
from mailroll.connectors import registry
from mailroll.connectors.base import WantedObjects
from mailroll.directory import arrays, model_rows
from mailroll.directory.models import Domain
from mailroll.reconcile import model as core
from mailroll.reconcile import storage
from mailroll.reconcile.filters.judgement import Filter
from mailroll.reconcile.filters.parser import parse
from mailroll.reconcile.model import ObjectType
from mailroll.sealing import Sealer
from mailroll.sync.sources.asides import ReadingQuestion

_READ_FROM: Final = "WHERE t.domain_id = ANY(%s::uuid[]) AND t.enabled ORDER BY t.precedence"

Asked = tuple[core.SourceSpec, ReadingQuestion]


@dataclass(frozen=True, slots=True)
class _SourceAccess:
    source: core.SourceSpec
    access: Access


def sources(domain: Domain, known_types: Collection[ObjectType]) -> list[Asked]:
    """Return the enabled sources of a domain by precedence; those of one connection share one question.

    `known_types`: the types of object that the roll has. They are read even where no source wants them any more: only
    so can it be told that they are no longer wanted.
    """
    return asked(read_from([domain.id]), known_types)


def read_from(domains: Collection[UUID]) -> list[Source]:
    """The enabled sources of some domains by precedence, with what `asked` needs of them."""
    return model_rows.select(Source, _READ_FROM, [arrays.uuids(domains)], beside=("owner", "connection"))


def asked(
    rows: Iterable[Source],
    known_types: Collection[ObjectType],
    sealer: Callable[[], Sealer] = installation.sealer,
) -> list[Asked]:
    """Return what is asked for the sources of one domain, as `sources` does. Raises what `access` raises."""
    source_accesses = [
        _SourceAccess(as_core(row), credentials.access(row.connection, sealer))
        for row in rows
        if row.connection is not None
    ]
    types = frozenset(known_types)
    questions = {row.access.connection: row.access for row in source_accesses}
    reading_questions = {
        key: _question(access, [row.source for row in source_accesses if row.access.connection == key], types)
        for key, access in questions.items()
    }
    return [(row.source, reading_questions[row.access.connection]) for row in source_accesses]


def as_core(row: Source) -> core.SourceSpec:
    """A source as the core sees it."""
    selection = core.Selection(selects(row), groups=row.groups, contacts=row.contacts, guests=row.guests)
    return core.SourceSpec(row.owner_id, row.owner.label, row.group, row.precedence, row.adopts, selection, row.tenant)


def selects(row: Source) -> Filter | None:
    """The filter of a source made ready; None where it takes everyone. Raises `BadFilter` for one that is damaged."""
    if not row.filter:
        return None
    return _ready(row.kind, storage.canonical_json(row.filter))


@lru_cache(maxsize=512)
def _ready(kind: str, filter_text: str) -> Filter:
    attributes = registry.kind(kind).attributes
    return Filter.of(parse(json.loads(filter_text), attributes), attributes)


def _question(access: Access, asking: Iterable[core.SourceSpec], types: frozenset[ObjectType]) -> ReadingQuestion:
    selections = [source.selection for source in asking]
    filters = [selection.filter for selection in selections if selection.filter is not None]
    memberships = frozenset(name for source_filter in filters for name in source_filter.memberships)
    wanted_objects = WantedObjects(
        attributes=frozenset(name for source_filter in filters for name in source_filter.fields),
        members=bool(memberships),
        groups=ObjectType.GROUP in types or any(selection.groups for selection in selections),
        contacts=ObjectType.CONTACT in types or any(selection.contacts for selection in selections),
    )
    return ReadingQuestion(access, wanted_objects, memberships)
