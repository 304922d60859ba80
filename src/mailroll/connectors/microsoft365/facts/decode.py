"""From bytes to objects: strict about the page, forgiving about one object of it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar

import msgspec

from mailroll.connectors.microsoft365.facts.repair import NOTHING, Remnant, identified, known_of, mend, read_loosely
from mailroll.connectors.microsoft365.facts.wire import Envelope
from mailroll.connectors.microsoft365.http.channel import malformed
from mailroll.connectors.microsoft365.settings import GUID
from mailroll.reconcile.errors import Broken

_T = TypeVar("_T", bound=msgspec.Struct)
_E = TypeVar("_E")
_O_co = TypeVar("_O_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Spoiled:
    """An object that could not be read; `id` where at least that could be told, and what else is known of it."""

    id: str | None
    code: str
    message: str
    known: Remnant = NOTHING


@dataclass(frozen=True, slots=True)
class Decoded(Generic[_O_co]):
    """A page. `next_link` is None on the last one.

    `flaws`: the properties that had to be mended, by the object's place among `objects`.
    `delta_link`: as it came; `msgspec.UNSET` where none did, or nobody asked for changes.
    """

    objects: tuple[_O_co, ...]
    spoiled: tuple[Spoiled, ...]
    next_link: str | None
    flaws: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    delta_link: object = msgspec.UNSET


class Decoder(Protocol[_O_co]):
    """Makes a page of the body of an answer; raises `Broken`, which names the `call`, where it is none."""

    def decode(self, body: bytes, call: str) -> Decoded[_O_co]: ...


@dataclass(frozen=True, slots=True)
class _Mended(Generic[_T]):
    object: _T
    flaws: tuple[str, ...]


_Read: TypeAlias = _T | _Mended[_T] | Spoiled


class _Identified(msgspec.Struct, gc=False):
    id: str


_APART: Final = msgspec.json.Decoder(Envelope[msgspec.Raw])
_IDENTIFIED: Final = msgspec.json.Decoder(_Identified)
_ESCAPED_NUL: Final = b"\\u0000"


class PageDecoder(Generic[_T]):
    """Decodes pages of one kind of object, in three ways, each slower and more forgiving than the one before.

    1. All in one go: twice as fast as object by object, and nearly every page is of this sort.
    2. Object by object, where one of them has a wrong type or a NUL.
    3. With the standard library, where there is a lone surrogate: msgspec refuses the whole page for it.

    Where it `mends`, an object with an odd property loses nothing but that; else it is spoiled as a whole.
    """

    def __init__(self, kind: type[_T], *, mends: bool = False) -> None:
        page: Any = Envelope  # of a kind that is known only here
        self.single: Final = msgspec.json.Decoder(kind)
        self._together: Final[msgspec.json.Decoder[Envelope[_T]]] = msgspec.json.Decoder(page[kind])
        self._kind: Final = kind
        self._mends: Final = mends

    def decode(self, body: bytes, call: str) -> Decoded[_T]:
        """Return the objects of a page; raises `Broken`, which names the `call`, where the page itself is none."""
        suspect = _ESCAPED_NUL in body
        with suppress(msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            if not suspect:
                together = self._together.decode(body)
                return Decoded(tuple(_listed(together, call)), (), _link(together))
        apart = _apart(body, call)
        return _sorted([self._decode_item(raw, suspect=suspect) for raw in _listed(apart, call)], _link(apart))

    def _decode_item(self, raw: object, *, suspect: bool) -> _Read[_T]:
        if not isinstance(raw, msgspec.Raw):
            return self._item(raw)
        with suppress(msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            graph_object = self.single.decode(raw)
            if not suspect:
                return graph_object
        try:
            return self._item(read_loosely(bytes(raw)))
        except (ValueError, RecursionError):
            return _shapeless(_id_of(raw))

    def _item(self, item: object) -> _Read[_T]:
        if self._mends:
            if not isinstance(item, dict) or not identified(item):
                return replace(_shapeless(None), known=known_of(item))
            mended, flaws = mend(item, self._kind)
            return _Mended(mended, flaws) if flaws else mended
        name = item.get("id") if isinstance(item, dict) else None
        identity = name if isinstance(name, str) and GUID.fullmatch(name.lower()) else None
        if not _storable(item):
            return _unusable(identity)
        try:
            return msgspec.convert(item, self._kind)
        except msgspec.ValidationError:
            return _shapeless(identity)


class PageSplitter:
    """Takes pages apart, and leaves their objects as they came. What is wrong with one of them does not show."""

    def decode(self, body: bytes, call: str) -> Decoded[object]:
        apart = _apart(body, call)
        return Decoded(tuple(_listed(apart, call)), (), _link(apart), delta_link=apart.delta_link)


def _apart(body: bytes, call: str) -> Envelope[Any]:
    """Take a page apart: its objects as they came, or read where only the standard library takes the page."""
    with suppress(msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        try:
            return _APART.decode(body)
        except msgspec.ValidationError as fault:
            raise malformed(call, "has not the shape of a page") from fault
    try:
        return msgspec.convert(read_loosely(body), Envelope[Any])
    except (ValueError, RecursionError) as fault:  # msgspec.ValidationError is a ValueError too
        raise malformed(call, "is not JSON in the shape of a page") from fault


def _listed(envelope: Envelope[_E], call: str) -> list[_E]:
    if envelope.error is not msgspec.UNSET:
        raise _error_in_page()
    if isinstance(envelope.value, msgspec.UnsetType):
        raise malformed(call, "has no list of objects")
    return envelope.value


def _link(envelope: Envelope[Any]) -> str | None:
    return None if envelope.next_link is msgspec.UNSET else envelope.next_link


def _sorted(outcomes: list[_Read[_T]], link: str | None) -> Decoded[_T]:
    spoiled = tuple(outcome for outcome in outcomes if isinstance(outcome, Spoiled))
    sound_outcomes = [outcome for outcome in outcomes if not isinstance(outcome, Spoiled)]
    objects = tuple(outcome.object if isinstance(outcome, _Mended) else outcome for outcome in sound_outcomes)
    return Decoded(
        objects,
        spoiled,
        link,
        {n: outcome.flaws for n, outcome in enumerate(sound_outcomes) if isinstance(outcome, _Mended)},
    )


def _id_of(raw: msgspec.Raw) -> str | None:
    try:
        name = _IDENTIFIED.decode(raw).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return name if GUID.fullmatch(name.lower()) else None


def _storable(item: object) -> bool:
    """Tell whether every text can be stored: PostgreSQL takes no NUL, UTF-8 no lone surrogate."""
    return all(("\0" not in text and text.isascii()) or _is_utf8(text) for text in _texts(item))


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _texts(item: object) -> Iterator[str]:
    """Yield every text of a JSON value; a stack of our own, as depth is the other side's choice."""
    stack: list[Any] = [item]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            stack.extend(node.keys())
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)


def _shapeless(identity: str | None) -> Spoiled:
    return Spoiled(identity, "object_malformed", "A property of this object is not of its documented type.")


def _unusable(identity: str | None) -> Spoiled:
    return Spoiled(identity, "name_unusable", "A text of this object holds characters that cannot be stored.")


def _error_in_page() -> Broken:
    return Broken(
        "error_in_answer",
        "Microsoft Graph sent an error in place of a page.",
        "Nothing of it is used. Try again later.",
    )
