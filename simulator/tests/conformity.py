"""Whether what was answered has the names and types that Graph's own metadata gives."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mailroll_simulator.schema import object_type

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DECLARED = frozenset(
    (
        "assignedLicense assignedPlan licenseUnitsDetail mailboxSettings provisionedPlan servicePlanInfo verifiedDomain"
    ).split()
)
_WORDS = frozenset(  # enumerations
    ("userPurpose", "bookingType", "placeFeatureEnablement", "delegateMeetingMessageDeliveryOptions", "mdmAuthority")
)
_ANNOTATIONS = ("@odata.", "members@delta")


def faults_of(item: Mapping[str, Any], kind: str) -> list[str]:
    """Give what is wrong with an object of a kind, as `property: why`."""
    return list(_object(item, kind, ""))


def _object(item: Mapping[str, Any], kind: str, where: str) -> Iterator[str]:
    properties = object_type(kind).properties
    for name, value in item.items():
        if name.startswith(_ANNOTATIONS):
            continue
        declared = properties.get(name)
        if declared is None:
            yield f"{where}{name}: no property of {kind}"
        elif value is None:
            if not declared.nullable:
                yield f"{where}{name}: null"
        else:
            yield from _value(value, declared.type, f"{where}{name}")


def _value(value: Any, kind: str, where: str) -> Iterator[str]:
    if kind.startswith("Collection("):
        if not isinstance(value, list):
            yield f"{where}: no list"
            return
        for place, one in enumerate(value):
            yield from _value(one, kind.removeprefix("Collection(")[:-1], f"{where}[{place}]")
        return
    name = kind.removeprefix("microsoft.graph.")
    if name in _DECLARED:
        yield from _object(value, name, f"{where}.")
    elif not _right(value, kind, name):
        yield f"{where}: {value!r} is no {kind}"


def _right(value: Any, kind: str, name: str) -> bool:
    match kind:
        case "Edm.String":
            return isinstance(value, str)
        case "Edm.Boolean":
            return isinstance(value, bool)
        case "Edm.Int32":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Edm.Guid":
            return isinstance(value, str) and _GUID.fullmatch(value) is not None
        case "Edm.DateTimeOffset":
            return isinstance(value, str) and _INSTANT.fullmatch(value) is not None
        case _:
            return isinstance(value, str if name in _WORDS else dict)
