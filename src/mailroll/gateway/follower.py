"""Brings a copy of the roll up to where the database stands, and lets nobody go whom nothing accounts for."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from mailroll import log_context
from mailroll.directory.lifecycle import Stage, stage
from mailroll.gateway import extract, losses
from mailroll.gateway.answers import Life
from mailroll.gateway.copy import DomainCopy, Image, Position, RollCopy

LOOSE: Final = 5_000
"""Changes of a domain that are kept beside its image before they are written into it."""

_ACCEPTED: Final = (Stage.IN_SERVICE, Stage.ENDING)
_log = logging.getLogger(__name__)


def follow(roll: RollCopy) -> bool:
    """Read what changed since the copy's position, and say whether anything did.

    1. Find where the roll changed, by what could not be seen before and can be seen now.
    2. Read that again, in the same view.
    3. Keep what vanished although nothing accounts for it, and report it.
    """
    with extract.one_view() as cursor:
        now = losses.position(cursor)
        touched = extract.touched(cursor, roll.position, now)
        if touched.everything:
            _read_all(cursor, roll, now.at)
        else:
            whole = touched.whole | (touched.domains - roll.domains.keys())
            _read_domains(cursor, roll, touched.domains - whole, now.at)
            _read_whole(cursor, roll, whole, now.at)
            _read_rows(cursor, roll, {one for one in touched.addresses if one[0] not in whole}, now.at)
            for domain in touched.domains:
                _forgive(cursor, roll, domain)
    _report(roll)
    before, roll.position = roll.position, now
    return before is None or touched != extract.TouchedRoll()


def _report(roll: RollCopy) -> None:
    missing = {key: one for key, one in roll.domains.items() if one.kept}
    for key in roll.reported.keys() - missing.keys():
        losses.report(key, "", ())
        del roll.reported[key]
    for key, one in missing.items():
        if roll.reported.get(key) != len(one.kept):
            losses.report(key, one.served.name, one.kept)
            roll.reported[key] = len(one.kept)


def _read_all(cursor: CursorWrapper, roll: RollCopy, at: datetime) -> None:
    new = list(extract.copies(cursor, None))
    for one in new:
        _keep(cursor, roll, one, at)
    gone = roll.domains.keys() - {one.served.id for one in new}
    lost = list(_lost(cursor, roll, gone, at))
    roll.put([*new, *lost], gone)


def _read_whole(cursor: CursorWrapper, roll: RollCopy, domains: set[UUID], at: datetime) -> None:
    if not domains:
        return
    new = list(extract.copies(cursor, domains))
    for one in new:
        _keep(cursor, roll, one, at)
    gone = (domains & roll.domains.keys()) - {one.served.id for one in new}
    roll.put([*new, *_lost(cursor, roll, gone, at)], gone)


def _read_domains(cursor: CursorWrapper, roll: RollCopy, domains: set[UUID], at: datetime) -> None:
    """Read the rows and names of domains that are known, and leave their addresses as they are."""
    if not domains:
        return
    new: list[DomainCopy] = []
    for served, names in extract.served(cursor, domains):
        one = replace(roll.domains[served.id], served=served, names=names)
        _keep_names(cursor, roll, one)
        new.append(one)
    gone = domains - {one.served.id for one in new}
    roll.put([*new, *_lost(cursor, roll, gone, at)], gone)


def _read_rows(cursor: CursorWrapper, roll: RollCopy, addresses: set[tuple[UUID, str]], at: datetime) -> None:
    changes: dict[UUID, dict[str, Life | None]] = {}
    for key, address, row in extract.rows(cursor, addresses):
        if (one := roll.domains.get(key)) is None:
            continue
        changes.setdefault(key, {})[address] = row.life
        (one.waiting.add if row.waits else one.waiting.discard)(address)
    for key, changed in changes.items():
        one = roll.domains[key]
        missing = {address: one.life(address) for address, life in changed.items() if life is None}
        roll.change(key, changed, _unaccounted(cursor, roll, one, _accepted(missing, at)))
        if len(one.changes) > max(LOOSE, len(one.image) // 10):
            roll.put([replace(one, image=one.whole(), changes={})])


def _keep(cursor: CursorWrapper, roll: RollCopy, new: DomainCopy, at: datetime) -> None:
    """Have a domain that was read anew keep what its copy had, where nothing accounts for what is missing."""
    old = roll.domains.get(new.served.id)
    if old is None:
        return
    missing = {**old.kept, **dict(old.whole().missing_in(new.image))}
    missing = {address: life for address, life in missing.items() if new.image.find(address) is None}
    new.kept = _unaccounted(cursor, roll, new, _accepted(missing, at))
    _keep_names(cursor, roll, new)


def _keep_names(cursor: CursorWrapper, roll: RollCopy, new: DomainCopy) -> None:
    """Keep alias domains that vanished: without its name, a domain's mail is not even taken for ours."""
    old = roll.domains[new.served.id]
    names = {name for _, name in old.names} - {name for _, name in new.names}
    names -= extract.known_names(cursor, names)
    lost = losses.unaccounted(cursor, new.served.id, new.served.name, names, _since(roll))
    if lost:
        # Which they are, the Console shows: a log goes where nobody's name belongs.
        with log_context.bound(domain=new.served.id):
            _log.warning("%d alias domains vanished, and nothing accounts for them", len(lost))
        new.names = (*new.names, *(pair for pair in old.names if pair[1] in lost))


def _lost(cursor: CursorWrapper, roll: RollCopy, domains: set[UUID], at: datetime) -> Iterator[DomainCopy]:
    """Return those of the domains that vanished for which nothing accounts, as they were."""
    for key in domains:
        one = roll.domains[key]
        name = one.served.name
        if not extract.known_names(cursor, [name]) and losses.unaccounted(cursor, key, name, [name], _since(roll)):
            with log_context.bound(domain=key):
                _log.warning("a domain vanished, and nothing accounts for it")
            held = {**one.kept, **dict(one.whole().missing_in(Image()))}
            yield DomainCopy(one.served, one.names, kept=_accepted(held, at))


def _forgive(cursor: CursorWrapper, roll: RollCopy, domain: UUID) -> None:
    """Let go of what was kept where somebody accounts for it by now."""
    one = roll.domains.get(domain)
    if one is not None and one.kept:
        kept = _unaccounted(cursor, roll, one, one.kept)
        roll.put([replace(one, kept=kept)])


def _unaccounted(
    cursor: CursorWrapper, roll: RollCopy, one: DomainCopy, missing: Mapping[str, Life]
) -> dict[str, Life]:
    kept = losses.unaccounted(cursor, one.served.id, one.served.name, missing.keys(), _since(roll))
    if kept - one.kept.keys():
        with log_context.bound(domain=one.served.id):
            _log.warning("%d addresses vanished, and nothing accounts for them", len(kept))
    return {address: life for address, life in missing.items() if address in kept}


def _accepted(missing: Mapping[str, Life | None], at: datetime) -> dict[str, Life]:
    return {address: life for address, life in missing.items() if life is not None and stage(*life, at) in _ACCEPTED}


def _since(roll: RollCopy) -> Position:
    if roll.position is None:
        raise RuntimeError("a copy that was never filled lacks nothing")
    return roll.position
