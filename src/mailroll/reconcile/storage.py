"""How values of the core are written down: canonical JSON, hashes, and the way back."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from uuid import UUID

from mailroll.reconcile.addresses import Address
from mailroll.reconcile.model import ExternalId, Kind, ObjectType, State
from mailroll.reconcile.reasons import Reason, ReasonCode

Json = str | int | float | bool | Mapping[str, "Json"] | list["Json"] | None

_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_FRESH = hashlib.blake2b(digest_size=16)
quoted = json.encoder.encode_basestring  # what the encoder above writes texts with


def canonical_json(value: object) -> str:
    """Keys sorted, no blanks, text as it is: equal values give equal bytes."""
    return _encoder.encode(value)


def sha256(*parts: object) -> str:
    """Hash values in order; an iterable that is no list or mapping is hashed item by item, never held whole."""
    digest = hashlib.sha256()
    for part in parts:
        items: Iterable[object] = (part,) if isinstance(part, (Mapping, list, str)) else cast("Iterable[object]", part)
        for item in items:
            digest.update(canonical_json(item).encode())
            digest.update(b"\n")
        digest.update(b"\n")
    return digest.hexdigest()


def sha256_of_rows(head: object, *tables: Iterable[Iterable[str]]) -> str:
    """Hash rows of texts as `sha256` does lists of lists: measured, in a third of the time."""
    digest = hashlib.sha256(f"{canonical_json(head)}\n\n".encode())
    for table in tables:
        digest.update("".join([f"[{','.join(map(quoted, row))}]\n" for row in table]).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def content_hash(state: State, *, pinned: bool, exempt: bool, kind_by_hand: bool, group_by_hand: bool = False) -> str:
    """Hash a row's content (128 bits, hexadecimal): equal hashes need no writing, and a plan is bound to them.

    What people decided about a row is part of it, so that a pin set meanwhile moves the fingerprint.
    """
    # Only where it is set: rows from before there was such a mark keep their hash.
    last = ',"group_by_hand"' if group_by_hand else ""
    row = f"[{canonical_state(state)},{_boolean(pinned)},{_boolean(exempt)},{_boolean(kind_by_hand)}{last}]"
    return hashlib.blake2b(row.encode(), digest_size=16).hexdigest()


def canonical_state(state: State) -> str:
    """Write the canonical JSON of a state without a mapping of it: measured, a third of the time, for every user."""
    billable, middle, end = _alike(state)
    return (
        f'{{"aliases":[{",".join(map(quoted, state.aliases))}]{billable},"display_name":{quoted(state.display_name)}'
        f',"external_id":{_text(state.external_id)}{middle},"primary":{_text(state.primary)}{end}'
    )


def _alike(state: State) -> tuple[str, str, str]:
    """What stands between in the canonical JSON of a state, and may be the same for many."""
    middle, end = _common(state.kept, state.kind, state.owner, state.retired, state.rule, state.object_type)
    start = f',"former":[{",".join(map(quoted, state.former))}],"group":{quoted(state.group)}'
    return f',"billable":{_boolean(state.billable)}', f"{start}{middle}", end


@lru_cache(maxsize=1024)
def _common(  # noqa: PLR0917 - what of a state has few values, as a cache is asked for them
    kept: bool,  # noqa: FBT001
    kind: Kind,
    owner: UUID | None,
    retired: bool,  # noqa: FBT001
    rule: ReasonCode | None,
    object_type: ObjectType | None,
) -> tuple[str, str]:
    kept_text = ',"kept":true' if kept else ""
    rule_text = f',"rule":{quoted(rule.value)}' if rule else ""
    type_text = f',"type":{quoted(object_type.value)}' if object_type else ""
    owner_text = _text(None if owner is None else str(owner))
    return (
        f'{kept_text},"kind":{quoted(kind.value)},"owner":{owner_text}',
        f',"retired":{_boolean(retired)}{rule_text}{type_text}}}',
    )


@dataclass(frozen=True, slots=True)
class RowForm:
    """The content of rows that differ in who they are and nothing else, with nothing decided about them, as a form."""

    billable: str
    middle: str
    end: str

    @classmethod
    def of(cls, state: State) -> "RowForm":
        billable, middle, end = _alike(state)
        return cls(billable, middle, f"{end},false,false,false]")

    def digests(self, rows: Iterable[tuple[str, str, str, Iterable[str]]]) -> list[bytes]:
        """What `content_hash` is of the row of each, as bytes, by external id, primary address, name and aliases."""
        quote, billable, middle, end = quoted, self.billable, self.middle, self.end
        digests: list[bytes] = []
        for external_id, primary, name, aliases in rows:
            others = ",".join(map(quote, aliases)) if aliases else ""
            row = (
                f'[{{"aliases":[{others}]{billable},"display_name":{quote(name)}'
                f',"external_id":{quote(external_id)}{middle},"primary":{quote(primary)}{end}'
            )
            # A hash that is ready and copied takes less than a new one.
            digest = _FRESH.copy()
            digest.update(row.encode())
            digests.append(digest.digest())
        return digests


def _text(value: str | None) -> str:
    return "null" if value is None else quoted(value)


def _boolean(value: bool) -> str:  # noqa: FBT001 - a value to write
    return "true" if value else "false"


def state_to_json(state: State | None) -> Json:
    if state is None:
        return None
    # Only where they are known: what was stored before there were such fields keeps its hashes.
    later: dict[str, Json] = {
        "rule": state.rule and state.rule.value,
        "type": state.object_type and state.object_type.value,
        "kept": state.kept or None,
    }
    return {
        **{name: value for name, value in later.items() if value is not None},
        "external_id": state.external_id,
        "owner": None if state.owner is None else str(state.owner),
        "display_name": state.display_name,
        "kind": state.kind.value,
        "billable": state.billable,
        "group": state.group,
        "primary": state.primary,
        "aliases": list(state.aliases),
        "former": list(state.former),
        "retired": state.retired,
    }


def state_from_json(data: Json) -> State | None:
    if data is None:
        return None
    row = cast("Mapping[str, object]", data)
    return State(
        external_id=cast("ExternalId | None", row["external_id"]),
        owner=None if row["owner"] is None else UUID(str(row["owner"])),
        display_name=str(row["display_name"]),
        kind=Kind(str(row["kind"])),
        billable=bool(row["billable"]),
        group=str(row["group"]),
        primary=cast("Address | None", row["primary"]),
        aliases=tuple(cast("list[Address]", row["aliases"])),
        former=tuple(cast("list[Address]", row["former"])),
        retired=bool(row["retired"]),
        rule=ReasonCode(str(row["rule"])) if "rule" in row else None,
        object_type=ObjectType(str(row["type"])) if "type" in row else None,
        kept="kept" in row,
    )


def reasons_to_json(reasons: tuple[Reason, ...]) -> list[Json]:
    return [{"code": reason.code.value, **reason.facts} for reason in reasons]


def reasons_from_text(text: str) -> tuple[Reason, ...]:
    return reasons_from_json(json.loads(text))


def reasons_from_json(data: Json) -> tuple[Reason, ...]:
    rows = cast("list[Mapping[str, str]]", data)
    return tuple(
        Reason.of(ReasonCode(row["code"]), **{name: value for name, value in row.items() if name != "code"})
        for row in rows
    )
