"""Faults in a listing: pages that are empty, short, repeated, or lead astray."""

import json
from typing import Any
from urllib.parse import urlsplit

from mailroll_simulator.faults.switchboard import Active, Fault, Stage
from mailroll_simulator.graph.wire import Page
from mailroll_simulator.values import Json


class Limit:
    """How many objects a page may hold; a fault lowers it."""

    __slots__ = ("value",)

    def __init__(self, value: int) -> None:
        self.value = value


def _none(active: Active, limit: Limit) -> None:
    limit.value = 0
    active.strike()


def _sometimes_none(active: Active, limit: Limit) -> None:
    if active.chance.random() < float(active["share"]):
        _none(active, limit)


def _short(active: Active, limit: Limit) -> None:
    limit.value = min(limit.value, active.chance.randint(int(active["least"]), max(1, limit.value)))
    active.strike()


def _trailing(active: Active, page: Page) -> None:
    if page.next_link is None and page.items and not page.delta_link:
        page.next_link = page.resume(len(page.items))
        active.strike()


def _truncate(active: Active, page: Page) -> None:
    del page.items[int(len(page.items) * float(active["share"])) :]
    page.next_link = page.delta_link = None
    active.strike()


def _empty(active: Active, page: Page) -> None:
    page.items.clear()
    page.next_link = None
    active.strike()


def _loop(active: Active, page: Page) -> None:
    if page.next_link is not None:
        page.next_link = page.first if active["to"] == "first" else page.here
        active.strike()


def _repeat(active: Active, page: Page) -> None:
    earlier: list[bytes] = active.memory.setdefault("earlier", [])
    again = [*page.items[: int(active["count"])], *earlier]
    if active["changed"]:
        again = [json.dumps(json.loads(item) | {"jobTitle": "Changed"}).encode() for item in again]
    earlier[:] = page.items[: int(active["count"])]
    page.items.extend(again)
    active.strike()


def _skip(active: Active, page: Page) -> None:
    """Leave out the named user, else one by chance from the first page that has any: always the same."""
    wanted = active["user"] or active.memory.get("user")
    if wanted is None and page.items:
        wanted = active.memory["user"] = json.loads(active.chance.choice(page.items))["id"]
    left = [item for item in page.items if str(wanted).encode() not in item]
    if len(left) < len(page.items):
        page.items[:] = left
        active.strike()


def _shuffle(active: Active, page: Page) -> None:
    active.chance.shuffle(page.items)
    active.strike()


def _no_links(active: Active, page: Page) -> None:
    if page.delta_link is not None:
        page.delta_link = None
        active.strike()


def _replay(active: Active, page: Page) -> None:
    """Give objects of earlier rounds and pages of the same collection again, before the news, and the news twice."""
    past: list[bytes] = active.memory.setdefault(urlsplit(page.here).path, [])
    fresh = list(page.items)
    page.items[:] = [*past, *fresh, *fresh]
    past[:] = (past + fresh)[-int(active["count"]) :]
    active.strike()


def _stranger_removed(active: Active, page: Page) -> None:
    page.items.append(json.dumps({"id": active["user"], "@removed": {"reason": active["reason"]}}).encode())
    active.strike()


_ELSEWHERE = {
    "host": lambda url: url._replace(netloc="graph.attacker.example"),
    "suffix": lambda url: url._replace(netloc=f"{url.hostname}.attacker.example:{url.port}"),
    "scheme": lambda url: url._replace(scheme="http"),
    "userinfo": lambda url: url._replace(netloc=f"{url.netloc}@attacker.example"),
    "credentials": lambda url: url._replace(netloc=f"user:secret@{url.netloc}"),
    "port": lambda url: url._replace(netloc=f"{url.hostname}:1"),
    "address": lambda url: url._replace(netloc="169.254.169.254"),
    "version": lambda url: url._replace(path=url.path.replace("/v1.0/", "/beta/", 1)),
    "path": lambda url: url._replace(path="/v1.0/../../elsewhere"),
    "fragment": lambda url: url._replace(fragment="@attacker.example"),
    "file": lambda url: url._replace(scheme="file", netloc=""),
}
_SPELT: dict[str, str] = {
    "double_slash": "//graph.attacker.example/v1.0/users",
    "backslash": "https:\\\\graph.attacker.example\\v1.0\\users",
    "relative": "/v1.0/users?$skiptoken=x",
    "no_host": "https:///v1.0/users",
    "blank": " https://graph.attacker.example/v1.0/users",
    "javascript": "javascript:alert(1)",
    "empty": "",
}
NEXT_LINK_VARIANTS = (*_ELSEWHERE, *_SPELT, "number", "given")


def _astray(active: Active, page: Page) -> None:
    link = page.next_link or page.delta_link
    if link is None:
        return
    variant = active["variant"]
    hostile: Any
    if variant == "given":
        hostile = active["url"]
    elif variant == "number":
        hostile = 12345
    elif variant in _SPELT:
        hostile = _SPELT[variant]
    else:
        hostile = _ELSEWHERE[variant](urlsplit(link)).geturl()
    if page.next_link is not None:
        page.next_link = hostile
    else:
        page.delta_link = hostile
    active.strike()


def _other_organization(active: Active, page: Page) -> None:
    page.items[:] = [json.dumps(json.loads(item) | {"id": active["id"]}).encode() for item in page.items]
    active.strike()


def _unverified(active: Active, page: Page) -> None:
    """Show the named domain, else all but the initial one, as not verified."""

    def unproved(item: dict[str, Any]) -> dict[str, Any]:
        named = active["domain"]
        if item.get("isInitial") or (named is not None and item["id"] != named):
            return item
        return item | {"isVerified": False, "supportedServices": []}

    page.items[:] = [json.dumps(unproved(json.loads(item))).encode() for item in page.items]
    active.strike()


_STRANGER: dict[str, Json] = {"user": "00000000-dead-4000-8000-000000000000", "reason": "deleted"}

PAGE_FAULTS = (
    Fault(
        "late_objects",
        "A new object comes in listings only so many seconds after it was made; by its id it answers at once.",
        Stage.LISTED,
        path="*",
        options={"seconds": 5},
    ),
    Fault("empty_first_page", "The first page is empty; the rest follows.", Stage.LIMIT, _none, at_page=1),
    Fault(
        "empty_pages",
        "A share of the pages is empty, with the listing going on.",
        Stage.LIMIT,
        _sometimes_none,
        options={"share": 0.5},
    ),
    Fault(
        "short_pages",
        "Pages hold fewer objects than asked for, at random.",
        Stage.LIMIT,
        _short,
        options={"least": 1},
    ),
    Fault("empty_last_page", "An empty page follows the last object.", Stage.PAGE, _trailing),
    Fault(
        "truncated_listing",
        "The listing stops in the middle, without a nextLink.",
        Stage.PAGE,
        _truncate,
        options={"share": 0.5},
        at_page=1,
    ),
    Fault("source_empty", "The listing is empty though the tenant is not.", Stage.PAGE, _empty),
    Fault(
        "next_link_other_host",
        "The nextLink leads elsewhere: variant= host, scheme, userinfo, port and others.",
        Stage.PAGE,
        _astray,
        options={"variant": "host", "url": None},
    ),
    Fault(
        "next_link_loop",
        "The nextLink leads to the page itself (to=self) or to the first page (to=first).",
        Stage.PAGE,
        _loop,
        options={"to": "self"},
    ),
    Fault(
        "repeated_users",
        "Objects come again, on the same page and on the next; changed=true in another version.",
        Stage.PAGE,
        _repeat,
        options={"count": 2, "changed": False},
    ),
    Fault(
        "skipped_user",
        "One user is left out of the listing, though getByIds still answers for them.",
        Stage.PAGE,
        _skip,
        options={"user": None},
    ),
    Fault("shuffled_page", "The objects of a page come in another order each time.", Stage.PAGE, _shuffle),
    Fault(
        "delta_no_link",
        "A delta round ends with neither nextLink nor deltaLink.",
        Stage.PAGE,
        _no_links,
        path="/*/delta",
    ),
    Fault(
        "delta_replay",
        "A delta round gives earlier entries again, and new ones twice.",
        Stage.PAGE,
        _replay,
        path="/*/delta",
        options={"count": 20},
    ),
    Fault(
        "delta_removed_unknown",
        "A delta round removes an object that was never listed.",
        Stage.PAGE,
        _stranger_removed,
        path="/*/delta",
        options=_STRANGER,
    ),
    Fault(
        "other_organization",
        "/organization answers with the id of another tenant.",
        Stage.PAGE,
        _other_organization,
        path="/organization",
        options={"id": "99999999-9999-4999-8999-999999999999"},
    ),
    Fault(
        "unverified_domain",
        "/domains shows a domain (domain=, else all) as not verified.",
        Stage.PAGE,
        _unverified,
        path="/domains",
        options={"domain": None},
    ),
)
