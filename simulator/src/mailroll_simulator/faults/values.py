"""Faults in the objects of a page: values that are missing, wrong, hostile or huge."""

import json
from collections.abc import Callable
from typing import Any

from mailroll_simulator.faults.switchboard import Active, Fault, Stage
from mailroll_simulator.graph.wire import Page

_Change = Callable[[Active, dict[str, Any]], None]
_ONE = 1


def _each(change: _Change) -> Callable[[Active, Page], None]:
    """Strike a `share` of the objects of the page."""

    def strike(active: Active, page: Page) -> None:
        changed = False
        for place, item in enumerate(page.items):
            if active.chance.random() < float(active["share"]):
                page.items[place] = _with(active, item, change)
                changed = True
        if changed:
            active.strike()

    return strike


def _one(change: _Change) -> Callable[[Active, Page], None]:
    """Strike one object of the page: the one named by `user`, else one by chance."""

    def strike(active: Active, page: Page) -> None:
        wanted = active["user"]
        places = [place for place, item in enumerate(page.items) if wanted is None or str(wanted).encode() in item]
        if places:
            place = active.chance.choice(places)
            page.items[place] = _with(active, page.items[place], change)
            active.strike()

    return strike


def _with(active: Active, item: bytes, change: _Change) -> bytes:
    loaded: dict[str, Any] = json.loads(item)
    change(active, loaded)
    return json.dumps(loaded).encode("ascii")


def _leave_out(active: Active, item: dict[str, Any]) -> None:
    name = active["property"]
    match active["shown"]:
        case "absent":
            item.pop(name, None)
        case "null":
            item[name] = None
        case _:
            item[name] = []


def _surrogate(active: Active, item: dict[str, Any]) -> None:
    item[active["property"]] = "broken \ud83d name"


def _nul(active: Active, item: dict[str, Any]) -> None:
    item[active["property"]] = "nul \x00 name"


def _wrong_type(active: Active, item: dict[str, Any]) -> None:
    item[active["property"]] = active["value"]


def _huge(active: Active, item: dict[str, Any]) -> None:
    item[active["property"]] = "x" * int(active["size"])


def _proxies(active: Active, item: dict[str, Any]) -> None:
    domain = active["domain"]
    more = [f"smtp:alias{number}@{domain}" for number in range(int(active["count"]))]
    item["proxyAddresses"] = [*item.get("proxyAddresses", ()), *more]


def _long(active: Active, item: dict[str, Any]) -> None:
    local = "l" * (int(active["length"]) - len(active["domain"]) - 1)
    item["proxyAddresses"] = [*item.get("proxyAddresses", ()), f"smtp:{local}@{active['domain']}"]


def _stale(_: Active, item: dict[str, Any]) -> None:
    item["proxyAddresses"] = [text for text in item.get("proxyAddresses") or () if text.startswith("SMTP:")]


def _no_id(_: Active, item: dict[str, Any]) -> None:
    item.pop("id", None)


VALUE_FAULTS = (
    Fault(
        "missing_property",
        "A property that was selected is absent (or null, or empty: shown=) on a share of the objects.",
        Stage.PAGE,
        _each(_leave_out),
        options={"property": "proxyAddresses", "share": 1.0, "shown": "absent"},
    ),
    Fault(
        "stale_row",
        "A listing shows one object as it was before it got its aliases; by id it has them.",
        Stage.PAGE,
        _one(_stale),
        options={"user": None},
    ),
    Fault(
        "lone_surrogate",
        "One object has half a surrogate pair in a string.",
        Stage.PAGE,
        _one(_surrogate),
        options={"property": "displayName", "user": None},
        times=_ONE,
    ),
    Fault(
        "nul_in_name",
        "One object has a NUL character in a string.",
        Stage.PAGE,
        _one(_nul),
        options={"property": "displayName", "user": None},
        times=_ONE,
    ),
    Fault(
        "wrong_type",
        "One object has a value of another type than the property's.",
        Stage.PAGE,
        _one(_wrong_type),
        options={"property": "displayName", "value": 42, "user": None},
        times=_ONE,
    ),
    Fault(
        "huge_name",
        "One object has a string of a million characters.",
        Stage.PAGE,
        _one(_huge),
        options={"property": "displayName", "size": 1_000_000, "user": None},
        times=_ONE,
    ),
    Fault(
        "many_proxies",
        "One object has ten thousand proxy addresses.",
        Stage.PAGE,
        _one(_proxies),
        options={"count": 10_000, "domain": "many.example", "user": None},
        times=_ONE,
    ),
    Fault(
        "long_address",
        "One object has an address longer than mail allows.",
        Stage.PAGE,
        _one(_long),
        options={"length": 321, "domain": "long.example", "user": None},
        times=_ONE,
    ),
    Fault(
        "missing_id",
        "One object comes without its id.",
        Stage.PAGE,
        _one(_no_id),
        options={"user": None},
        times=_ONE,
    ),
)
