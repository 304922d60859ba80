"""An object with an odd property, property by property: what is wrong with one never costs the others."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn, TypeVar, get_args

import msgspec

from mailroll.connectors.microsoft365.settings import GUID
from mailroll.reconcile.addresses import ProxyAddress, ProxyRole
from mailroll.reconcile.text import storable

_T = TypeVar("_T", bound=msgspec.Struct)

_NAME_MAX: Final = 256
_ADDRESS_MAX: Final = 320
_ADDRESSES_MAX: Final = 400


@dataclass(frozen=True, slots=True)
class Remnant:
    """What can be told of an object that cannot be read: a name, and addresses as they were sent."""

    name: str = ""
    addresses: tuple[str, ...] = ()


NOTHING: Final = Remnant()


def mend(item: Mapping[str, Any], kind: type[_T]) -> tuple[_T, tuple[str, ...]]:
    """Return an object with a readable id, and the properties of it that were replaced, in part or as a whole left out.

    1. A text is replaced where no database can hold it.
    2. Of a list of texts, and of a property made of others, the part that is of its type stays.
    3. What is left is not known: then it changes nothing.
    """
    identity = {"id": item["id"]}
    sound: dict[str, Any] = {**identity}
    flaws: list[str] = []
    for field in msgspec.structs.fields(kind):
        name = field.encode_name
        if name not in item or name in identity:
            continue
        for value in _readings(item[name], texts=list[str] in get_args(field.type)):
            if _fits({**identity, name: value}, kind):
                sound[name] = value
                break
        if name not in sound or sound[name] != item[name]:
            flaws.append(name)
    return msgspec.convert(sound, kind), tuple(flaws)


def read_loosely(text: bytes) -> Any:
    """Read JSON with the standard library, which takes a lone surrogate. Raises `ValueError` or `RecursionError`."""
    return json.loads(text.decode(errors="surrogateescape"), parse_constant=_no_number)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def identified(item: object) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), str) and bool(GUID.fullmatch(item["id"].lower()))


def known_of(item: object) -> Remnant:
    """Tell what an object without a readable id would be called by."""
    if not isinstance(item, dict):
        return NOTHING
    names = (item.get(name) for name in ("displayName", "userPrincipalName", "mail", "id"))
    name = next((name for name in names if name and isinstance(name, str)), "")
    entries = item.get("proxyAddresses")
    texts = (text for text in entries if isinstance(text, str)) if isinstance(entries, list) else ()
    spellings = [proxy.text for proxy in map(ProxyAddress.parse, texts) if proxy.role is not ProxyRole.OTHER]
    mail = item.get("mail")
    spellings += [mail] if isinstance(mail, str) else []
    addresses = dict.fromkeys(storable(spelling)[:_ADDRESS_MAX] for spelling in spellings)
    return Remnant(storable(name)[:_NAME_MAX], tuple(addresses)[:_ADDRESSES_MAX])


def _readings(value: Any, *, texts: bool) -> Iterator[Any]:
    """Yield what a value may be read as, the most of it first."""
    value = _storable(value)
    yield value
    if isinstance(value, list) and texts and (strings := [element for element in value if isinstance(element, str)]):
        yield strings
    if isinstance(value, dict):
        yield {name: member for name, member in value.items() if member is None or isinstance(member, str)}


def _storable(value: Any) -> Any:
    match value:
        case str():
            return storable(value)
        case list():
            return [storable(element) if isinstance(element, str) else element for element in value]
        case dict():
            return {name: storable(member) if isinstance(member, str) else member for name, member in value.items()}
        case _:
            return value


def _fits(item: Mapping[str, Any], kind: type[_T]) -> bool:
    try:
        msgspec.convert(item, kind)
    except (msgspec.ValidationError, RecursionError):
        return False
    return True
