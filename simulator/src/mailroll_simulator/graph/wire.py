"""Requests, answers and pages as the simulated Graph passes them about."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from http import HTTPStatus

import msgspec

from mailroll_simulator.values import Json


@dataclass(slots=True)
class GraphRequest:
    """A request below /v1.0, with names of headers in lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes = b""
    inner: bool = False  # inside a $batch

    def option(self, name: str) -> str | None:
        return next((value for key, value in self.query if key == name), None)

    @property
    def advanced(self) -> bool:
        """Whether it asks for the advanced query engine."""
        return self.headers.get("consistencylevel", "").lower() == "eventual"

    @property
    def preferences(self) -> frozenset[str]:
        return frozenset(part.strip().lower() for part in self.headers.get("prefer", "").split(","))


@dataclass(slots=True)
class Travel:
    """How an answer's bytes travel, where not at once and whole."""

    wait: float = 0.0  # seconds before the first byte
    rate: int | None = None  # bytes in a second
    cut_after: float | None = None  # the share of the body after which the connection is closed
    reset: bool = False  # closed before any byte


@dataclass(slots=True)
class GraphResponse:
    """An answer: status, headers and the bytes of its body."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    travel: Travel | None = None
    fault: str | None = None
    # What is to be done before it is known, which takes a while: its result is the answer.
    later: Callable[[], "GraphResponse"] | None = None
    # What ends once it has left: until then it is under way.
    under_way: ExitStack = field(default_factory=ExitStack)

    @classmethod
    def of(cls, value: Json, status: int = HTTPStatus.OK) -> "GraphResponse":
        return cls(
            status,
            msgspec.json.encode(value),
            {"Content-Type": "application/json;odata.metadata=minimal;odata.streaming=true;charset=utf-8"},
        )


@dataclass(slots=True)
class Page:
    """One page of a listing, its objects already encoded."""

    context: str
    items: list[bytes]
    number: int  # counted from 1
    here: str  # a link to this very page
    first: str  # a link to the first page
    resume: Callable[[int], str]  # a link that goes on after so many of the items
    next_link: str | None = None
    delta_link: str | None = None
    count: int | None = None

    def encode(self) -> bytes:
        head: dict[str, Json] = {"@odata.context": self.context}
        if self.count is not None:
            head["@odata.count"] = self.count
        if self.next_link is not None:
            head["@odata.nextLink"] = self.next_link
        if self.delta_link is not None:
            head["@odata.deltaLink"] = self.delta_link
        return b"".join((msgspec.json.encode(head)[:-1], b',"value":[', b",".join(self.items), b"]}"))
