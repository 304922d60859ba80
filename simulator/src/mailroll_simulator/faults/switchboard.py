"""Faults by name: what can go wrong, what is switched on, and when it strikes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random
from typing import Any

from mailroll_simulator.values import Json


class Stage(StrEnum):
    """Where in the making of an answer a fault strikes."""

    LISTED = "listed"  # which objects a listing has
    LIMIT = "limit"  # how many objects a page gets
    PAGE = "page"  # what a finished page says
    ANSWER = "answer"  # another answer instead of the right one
    BODY = "body"  # the bytes of the answer, and how they travel
    BATCH = "batch"  # the responses inside a $batch
    TOKEN = "token"  # noqa: S105 - the token endpoint
    SIGN_IN = "sign-in"  # id tokens and callbacks


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its name, one line on what it does, its options with their defaults."""

    name: str
    text: str
    stage: Stage
    effect: Callable[["Active", Any], None] | None = None
    path: str = "/users"
    options: Mapping[str, Json] = field(default_factory=dict)
    times: int | None = None
    at_page: int | None = None


@dataclass(slots=True)
class Active:
    """A fault that is switched on."""

    fault: Fault
    chance: Random
    options: dict[str, Any]
    path: str
    tenant: str | None
    at_page: int | None
    times: int | None
    struck: int = 0
    memory: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.fault.name

    @property
    def spent(self) -> bool:
        return self.times is not None and self.struck >= self.times

    def strike(self) -> None:
        self.struck += 1

    def __getitem__(self, option: str) -> Any:
        return self.options[option]


class Switchboard:
    """Switches faults on and off; asked at each stage for those that strike here and now."""

    def __init__(self, catalogue: Mapping[str, Fault], chance: Random) -> None:
        self._catalogue = catalogue
        self._chance = chance
        self._on: dict[str, Active] = {}

    def on(
        self,
        name: str,
        *,
        seed: int | None = None,
        times: int | None = None,
        at_page: int | None = None,
        path: str | None = None,
        tenant: str | None = None,
        **options: Json,
    ) -> Active:
        """Switch a fault on, anew if it was on.

        `times` is how often it strikes before it is spent; `at_page` the one page of a listing it strikes;
        `path` a pattern with * on the path after /v1.0; `tenant` the id of the only tenant it strikes.
        """
        fault = self._catalogue.get(name)
        if fault is None:
            raise LookupError(f"no fault {name}; there are: {', '.join(sorted(self._catalogue))}")
        unknown = options.keys() - fault.options.keys()
        if unknown:
            raise TypeError(f"{name} has no option {', '.join(sorted(unknown))}; it has: {list(fault.options)}")
        self._on[name] = Active(
            fault,
            Random(self._chance.getrandbits(64) if seed is None else seed),
            dict(fault.options) | options,
            fault.path if path is None else path,
            tenant,
            fault.at_page if at_page is None else at_page,
            fault.times if times is None else times,
        )
        return self._on[name]

    def off(self, name: str) -> None:
        if name not in self._catalogue:
            raise LookupError(f"no fault {name}")
        self._on.pop(name, None)

    def clear(self) -> None:
        self._on.clear()

    def names(self) -> dict[str, str]:
        """Give every fault there is, with its one line."""
        return {name: fault.text for name, fault in sorted(self._catalogue.items())}

    def options(self, name: str) -> dict[str, Json]:
        """Give a fault's own options with their defaults."""
        return dict(self._catalogue[name].options)

    def active(self) -> tuple[Active, ...]:
        return tuple(self._on.values())

    def striking(
        self, stage: Stage, *, path: str = "", page: int | None = None, tenant: str | None = None
    ) -> Iterator[Active]:
        """Give the faults that strike at this stage of this request; each counts once it is taken."""
        for active in tuple(self._on.values()):
            if (
                active.fault.stage is stage
                and not active.spent
                and fnmatchcase(path, active.path)
                and (active.at_page is None or page is None or active.at_page == page)
                and (active.tenant is None or active.tenant == tenant)
            ):
                yield active

    def take(self, name: str, *, tenant: str | None = None) -> Active | None:
        """Give one fault by name if it is on and strikes here, counted as a strike."""
        active = self._on.get(name)
        if active is None or active.spent or (active.tenant is not None and active.tenant != tenant):
            return None
        active.strike()
        return active
