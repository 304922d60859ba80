"""The use cases of a source's filter: read, checked, saved, written out."""

import json

from django.db import transaction

from mailroll.audit.actor import Acting
from mailroll.audit.notes import note
from mailroll.connections.models import Source
from mailroll.connectors import registry
from mailroll.directory import edit
from mailroll.directory.models import Domain
from mailroll.reconcile.errors import BadFilter
from mailroll.reconcile.filters.attributes import Attribute
from mailroll.reconcile.filters.model import Join, RuleGroup
from mailroll.reconcile.filters.parser import Json, parse, to_json
from mailroll.reconcile.filters.words import summary
from mailroll.reconcile.text import is_storable

EVERYONE = RuleGroup(Join.ALL)
TEXT_MAX = 512 * 1024
"""Bytes of a filter as a file: 200 rules with 500 values each stay below."""


def attributes(source: Source) -> tuple[Attribute, ...]:
    """What a filter of this source may name."""
    return registry.kind(source.kind).attributes


def read(source: Source) -> RuleGroup:
    """Return the filter as it is; one without members takes everyone."""
    return check(source, source.filter) if source.filter else EVERYONE


def check(source: Source, data: object) -> RuleGroup:
    """Return the filter that a JSON value stands for; raises `BadFilter` with every problem it has."""
    return parse(data, attributes(source))


def load(source: Source, text: bytes) -> RuleGroup:
    """Return the filter that a file holds; raises `BadFilter`."""
    if len(text) > TEXT_MAX:
        raise BadFilter("filter_too_large", f"A filter may have {TEXT_MAX >> 10} KiB.", "Give fewer rules or values.")
    try:
        data = json.loads(text.decode("utf-8-sig"))
        # The one sign that is written otherwise than it is.
        json_text = json.dumps(data, ensure_ascii=False).replace("\\u0000", "\0")
    except (ValueError, RecursionError) as fault:
        raise BadFilter(
            "filter_not_json", "This is not a filter in JSON.", "See how one looks with: mailroll source filter SOURCE"
        ) from fault
    if not is_storable(json_text):
        raise BadFilter("filter_not_text", "A value holds what is no character.", "Take out NUL and half characters.")
    return check(source, data)


def export(source: Source) -> Json:
    return to_json(read(source))


def usable(source: Source) -> bool:
    """Whether the stored filter can still be read: a field that it names may have gone with an older version."""
    try:
        read(source)
    except BadFilter:
        return False
    return True


def describe(source: Source) -> str:
    """The filter of a source in a few words; never fails, as pages and reports say it of any source."""
    return summary(read(source)) if usable(source) else "a filter that can no longer be used"


def save(source: Source, group: RuleGroup, acting: Acting) -> bool:
    """Set the filter of a source, and return whether it is another one. It changes no user; the next run does."""
    after = to_json(group) if group.members else None
    with transaction.atomic():
        domain = Domain.objects.select_for_update(no_key=True).get(id=source.domain_id)
        row = Source.objects.get(owner=source.owner_id)
        before = row.filter
        if before == after:
            return False
        row.filter = after
        row.save(update_fields=["filter"])
        edit.bump_revision(domain.id)
        note(
            acting,
            "source.filter_set",
            domain,
            source=str(source.owner_id),
            before=json.dumps(before),
            after=json.dumps(after),
        )
    source.filter = after
    return True
