"""The pages of one delta round, and the entries they hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from mailroll_simulator.changes import Change, ChangeLog
from mailroll_simulator.graph import options, permissions, queries
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.marks import Mark, seal
from mailroll_simulator.graph.paging import Quick, Source, limited
from mailroll_simulator.graph.shapes import Shape
from mailroll_simulator.graph.wire import Page
from mailroll_simulator.objects import DirectoryObject, Group
from mailroll_simulator.schema import ObjectType
from mailroll_simulator.values import Json

_PAGE = 200  # about what the service decides on; $top has no say
_MEMBERS = 50  # of a group in one entry; further ones come in another entry of the same group, on another page


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """What the first request of a round asked for; its tokens carry it on."""

    select: tuple[str, ...] | None = None
    ids: frozenset[str] | None = None
    named: tuple[str, ...] | None = None  # $select as it was given: the id comes unasked, and no context names it


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a page, not written yet."""

    id: str
    item: DirectoryObject | None
    removed: str | None = None
    changed: frozenset[str] | None = None  # None: everything is news
    members: tuple[Json, ...] | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """A page of a round is asked for: `mark` tells where it starts, and what the round covers."""

    call: Call
    kind: ObjectType
    collection: str
    asked: Asked
    mark: Mark

    def page(self, source: Source) -> Page:
        shape = self._shape()
        start = self.mark.position
        limit = limited(self.call, _PAGE, max(1, source.size - start))
        items: Sequence[bytes]
        following: Sequence[int]
        if self.mark.since is None and isinstance(source, Quick) and self.asked.ids is None:
            items, positions = source.written(start, limit, shape)
            following = [position + 1 for position in positions]
            left = (following[-1] if following else start) < source.size
        else:
            entries = [*(self._everything(source) if self.mark.since is None else self._news())]
            taken = _without_repeats(entries[start : start + limit])
            items = [self._written(shape, entry) for entry in taken]
            following = range(start + 1, start + len(taken) + 1)
            left = start + len(taken) < len(entries)
        more = left or limit == 0
        return Page(
            context=self.call.context(queries.projected(self.collection, self.asked.named)),
            items=list(items),
            number=self.mark.page,
            here=self._here(),
            first=self._link(0, 1),
            resume=lambda count: self._link(following[count - 1] if count else start, self.mark.page + 1),
            next_link=self._link(following[-1] if following else start, self.mark.page + 1) if more else None,
            delta_link=None if more else self._delta_link(),
        )

    # -- entries

    def _everything(self, source: Source) -> Iterator[Entry]:
        for item in self._items(source):
            yield from self._split(Entry(item.id, item), self._all_members(item))

    def _items(self, source: Source) -> Iterator[DirectoryObject]:
        if self.asked.ids is not None:
            found = (self.call.tenant.find(identifier) for identifier in sorted(self.asked.ids))
            return (item for item in found if item is not None and item.type_name == self.kind.name)
        return (item for position in range(source.size) if (item := source.at(position)) is not None)

    def _news(self) -> Iterator[Entry]:
        log = ChangeLog(self.call.tenant.changes.entries[: self.mark.until])
        tracked = frozenset(self._shape().names)
        for identifier, changes in log.since(self.mark.since or 0, self.kind.name).items():
            if not self._wanted(identifier):
                continue
            item = self.call.tenant.find(identifier)
            if item is None:
                yield Entry(identifier, None, removed=self._reason(identifier, changes))
                continue
            fresh = any(change.fresh for change in changes)
            changed = frozenset[str]().union(*(change.properties for change in changes)) & tracked
            members = self._all_members(item) if fresh else self._member_news(changes)
            if fresh or changed or members:
                yield from self._split(Entry(identifier, item, changed=None if fresh else changed), members)

    def _reason(self, identifier: str, changes: list[Change]) -> str:
        reasons = [change.removed for change in changes if change.removed is not None]
        return reasons[-1] if reasons else "changed" if identifier in self.call.tenant.deleted else "deleted"

    def _all_members(self, item: DirectoryObject) -> list[Json]:
        if not isinstance(item, Group) or not self._shows_members(item):
            return []
        return [self._member(identifier) for identifier in item.members]

    def _member_news(self, changes: list[Change]) -> list[Json]:
        last = {change.member: change for change in changes if change.member is not None}
        group = self.call.tenant.groups.get(changes[0].id)
        if group is None or not self._shows_members(group):
            return []
        return [self._member(member, left=change.member_left) for member, change in last.items()]

    def _member(self, identifier: str, *, left: bool = False) -> dict[str, Json]:
        tenant = self.call.tenant
        deleted = tenant.deleted.get(identifier)
        found = tenant.find(identifier) or (deleted.item if deleted else None)
        kind = found.type_name if found else "user"
        entry: dict[str, Json] = {"@odata.type": f"#microsoft.graph.{kind}", "id": identifier}
        return entry | {"@removed": {"reason": "deleted"}} if left else entry

    def _shows_members(self, group: Group) -> bool:
        asked = self.asked.select is None or "members" in self.asked.select
        hidden = group.text("visibility") == "HiddenMembership" and not self.call.may(permissions.HIDDEN_MEMBERS)
        return asked and not hidden and self.call.may(permissions.MEMBERS)

    @staticmethod
    def _split(entry: Entry, members: list[Json]) -> Iterator[Entry]:
        if not members:
            yield entry
        for start in range(0, len(members), _MEMBERS):
            part = tuple(members[start : start + _MEMBERS])
            yield Entry(entry.id, entry.item, entry.removed, entry.changed, part)

    def _wanted(self, identifier: str) -> bool:
        return self.asked.ids is None or identifier.lower() in self.asked.ids

    # -- writing

    def _shape(self) -> Shape:
        names = self.asked.select
        if names is None:
            names = queries.shape(self.call, self.kind, None).names
        return Shape(self.kind, tuple(name for name in names if name in self.kind.properties), sparse=True)

    def _written(self, shape: Shape, entry: Entry) -> bytes:
        if entry.item is None:
            return msgspec.json.encode({"id": entry.id, "@removed": {"reason": entry.removed}})
        values = shape.values(entry.item)
        if entry.changed is not None and "return=minimal" in self.call.request.preferences:
            values = {name: value for name, value in values.items() if name == "id" or name in entry.changed}
        if entry.members is not None:
            values["members@delta"] = entry.members
        return msgspec.json.encode(values)

    def _here(self) -> str:
        request = self.call.request
        path = self.call.root + request.path
        return f"{path}?{options.spelt(request.query)}" if request.query else path

    def _link(self, position: int, page: int) -> str:
        mark = msgspec.structs.replace(self.mark, kind="skip", position=position, page=page)
        return f"{self.call.root}{self.call.request.path}?$skiptoken={seal(mark)}"

    def _delta_link(self) -> str:
        now = self.call.world.clock.timestamp()
        mark = msgspec.structs.replace(self.mark, kind="delta", issued=now, position=0, page=1)
        return f"{self.call.root}{self.call.request.path}?$deltatoken={seal(mark)}"


def _without_repeats(entries: Sequence[Entry]) -> list[Entry]:
    """Take entries up to the second of one object: that one comes on another page."""
    taken: dict[str, Entry] = {}
    for entry in entries:
        if entry.id in taken:
            break
        taken[entry.id] = entry
    return list(taken.values())
