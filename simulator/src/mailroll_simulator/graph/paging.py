"""Listings in pages: where a page starts and ends, and the links that lead on."""

from collections.abc import Callable, Iterator, Sequence, Sized
from dataclasses import dataclass
from random import Random
from typing import Protocol, runtime_checkable

from mailroll_simulator.errors import (
    bad_request,
    expired_page_token,
    page_token_not_found,
    page_token_not_valid,
    unsupported_query,
)
from mailroll_simulator.faults.pages import Limit
from mailroll_simulator.faults.switchboard import Stage
from mailroll_simulator.graph import marks, options
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.shapes import Shape, Writer
from mailroll_simulator.graph.wire import GraphRequest, Page
from mailroll_simulator.objects import DirectoryObject

# Not published; an hour is long enough for a slow reader and short enough to be tested.
_PAGE_TOKEN_LIFE = 3600
# How often a page of an uneven tenant is empty.
_EMPTY = 0.2
# Objects that one page looks at before it goes out short: a rare match in a large tenant must not take for ever.
_LOOKED_AT = 20_000
# Objects that are sorted for every page anew; of more, the machine would hear nothing else.
_MOST_SORTED = 50_000
# And those a filter is tried on for a count.
_MOST_COUNTED = 200_000

Test = Callable[[DirectoryObject], bool]


class Source(Protocol):
    """Objects by position; a position can be empty."""

    @property
    def size(self) -> int: ...
    def at(self, position: int) -> DirectoryObject | None: ...


@runtime_checkable
class Quick(Protocol):
    """A source that writes a run of its objects faster than one at a time."""

    def written(self, start: int, limit: int, shape: Shape) -> tuple[list[bytes], Sequence[int]]: ...


@dataclass(frozen=True, slots=True)
class Listed:
    """Objects that were gathered for this answer."""

    items: Sequence[DirectoryObject]

    @property
    def size(self) -> int:
        return len(self.items)

    def at(self, position: int) -> DirectoryObject | None:
        return self.items[position]


def page_number(request: GraphRequest) -> int:
    """Give the number that the request's page has in its listing, as far as its token tells."""
    mark = marks.unseal(request.option("$skiptoken") or "")
    return mark.page if mark is not None else 1


def listing(
    call: Call,
    source: Source,
    writer: Writer,
    *,
    context: str,
    test: Test | None = None,
    order: Callable[[DirectoryObject], str] | None = None,
    descending: bool = False,
    whole: bool = False,
) -> Page:
    """Give one page of a source; `whole` where there is no more than one.

    1. Find where the page starts: at the token's position, else at the beginning.
    2. Take as many objects as the page may hold, looking at no more than a good many.
    3. Link to the next page where anything is left.
    """
    size = options.top(call.request)
    start, number = _start(call)
    test = _settled(call, test)
    shown: Source = source if order is None else _ordered(source, order, descending=descending)
    limit = limited(call, size, None if whole else shown.size - start)
    if isinstance(shown, Quick) and isinstance(writer, Shape) and test is None:
        items, positions = shown.written(start, limit, writer)
        end = positions[-1] + 1 if positions else start
    else:
        items, positions, end = _taken(shown, start, limit, writer, test)
    link = _Links(call)
    following = end if limit == 0 or end - start >= _LOOKED_AT else _next(shown, end, test)
    page = Page(
        context=call.context(context),
        items=items,
        number=number,
        here=link.to(start, number) if number > 1 else link.first,
        first=link.first,
        resume=lambda count: link.to(positions[count - 1] + 1 if count else start, number + 1),
        next_link=None if following is None else link.to(end, number + 1),
    )
    if number == 1 and options.counted(call.request):
        page.count = count(source, test)
    return page


def limited(call: Call, size: int, left: int | None = None) -> int:
    """Give how many objects the page may hold: in an uneven tenant, of those `left`; and once faults had their say."""
    limit = Limit(size if left is None or not call.tenant.uneven else _uneven(call, size, left))
    for active in call.world.faults.striking(
        Stage.LIMIT, path=call.request.path, page=call.page_number, tenant=call.tenant.id
    ):
        call.strike(active, limit)
    return limit.value


def _uneven(call: Call, size: int, left: int) -> int:
    """Give fewer than were asked for: "a page of results may contain zero or more results" (concepts/paging).

    By chance, but always the same for the same page: who asks again gets the same. The first page is never the last.
    """
    chance = Random(f"{call.tenant.id} {call.request.path} {_rest(call.request)} {call.page_number}")
    if call.page_number > 1 and chance.random() < _EMPTY:
        return 0
    most = max(1, min(size, left - (call.page_number == 1)))
    return chance.randint((most + 2) // 3, most)


def _settled(call: Call, test: Test | None) -> Test | None:
    """Leave out what is too new to be listed yet, as the tenant is and as a fault says.

    The header `ConsistencyLevel: eventual` asks a store of its own (learn.microsoft.com/graph/aad-advanced-queries),
    which trails the directory; how far, Microsoft does not say.
    """
    behind = call.tenant.late + (call.tenant.index_late if call.request.advanced else 0.0)
    if behind and (late := _made_within(call, behind)):
        test = _without(late, test)
    for active in call.world.faults.striking(Stage.LISTED, path=call.request.path, tenant=call.tenant.id):
        if late := _made_within(call, float(active["seconds"])):
            active.strike()
            call.struck.append(active.name)
            test = _without(late, test)
    return test


def _made_within(call: Call, seconds: float) -> frozenset[str]:
    since = call.world.clock.timestamp() - seconds
    return frozenset(name for name, made_at in call.tenant.made_at.items() if made_at > since)


def _without(late: frozenset[str], test: Test | None) -> Test:
    return lambda item: item.id not in late and (test is None or test(item))


def count(source: Source, test: Test | None) -> int:
    if test is None and isinstance(source, Sized):
        return len(source)
    if source.size > _MOST_COUNTED:
        raise unsupported_query(f"The simulator counts the matches among {_MOST_COUNTED} objects at most.")
    return sum(1 for item in _live(source) if test is None or test(item))


def _live(source: Source) -> Iterator[DirectoryObject]:
    return (item for position in range(source.size) if (item := source.at(position)) is not None)


def _taken(
    source: Source, start: int, limit: int, writer: Writer, test: Test | None
) -> tuple[list[bytes], list[int], int]:
    items: list[bytes] = []
    positions: list[int] = []
    position = start
    stop = min(source.size, start + _LOOKED_AT)
    while position < stop and len(items) < limit:
        item = source.at(position)
        if item is not None and (test is None or test(item)):
            items.append(writer.encode(item))
            positions.append(position)
        position += 1
    return items, positions, position


def _next(source: Source, position: int, test: Test | None) -> int | None:
    """Give a position to go on from; None where nothing is left that would be shown."""
    for looked_at in range(position, min(source.size, position + _LOOKED_AT)):
        item = source.at(looked_at)
        if item is not None and (test is None or test(item)):
            return looked_at
    return position if position + _LOOKED_AT < source.size else None


def _ordered(source: Source, key: Callable[[DirectoryObject], str], *, descending: bool) -> Listed:
    if source.size > _MOST_SORTED:
        raise unsupported_query(f"The simulator sorts {_MOST_SORTED} objects at most.")
    return Listed(sorted(_live(source), key=key, reverse=descending))


def _start(call: Call) -> tuple[int, int]:
    text = call.request.option("$skiptoken")
    if text is None:
        return 0, 1
    mark = marks.unseal(text)
    if mark is None or (mark.kind, mark.tenant, mark.path) != ("skip", call.tenant.id, call.request.path):
        raise page_token_not_valid()
    if mark.query != _rest(call.request):
        # A nextLink is to be used as it came: nothing added, nothing left out.
        raise bad_request("The specified page token does not belong to the query options of this request.")
    if call.world.clock.timestamp() - mark.issued > _PAGE_TOKEN_LIFE:
        raise expired_page_token()
    if mark.lost:
        raise page_token_not_found()
    return mark.position, mark.page


def _rest(request: GraphRequest) -> str:
    return marks.digest(options.spelt(tuple(pair for pair in request.query if pair[0] != "$skiptoken")))


class _Links:
    """Writes links to the pages of one listing, each with the query they came with."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._query = tuple(pair for pair in call.request.query if pair[0] != "$skiptoken")
        self._digest = _rest(call.request)
        path = call.root + options.spelt_path(call.request.path)
        self.first = f"{path}?{options.spelt(self._query)}" if self._query else path
        self._open = f"{self.first}{'&' if self._query else '?'}$skiptoken="

    def to(self, position: int, number: int) -> str:
        call = self._call
        mark = marks.Mark(
            "skip",
            call.tenant.id,
            call.request.path,
            call.world.clock.timestamp(),
            self._digest,
            position,
            number,
            # Tokens from retried requests need not be valid later, says Microsoft's page (concepts/paging).
            lost=call.retried,
        )
        return self._open + marks.seal(mark)
