"""The log of requests that the simulator saw, for assertions and for a person who wonders."""

from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from mailroll_simulator.values import Json

# Only these are kept: never a credential.
KEPT_HEADERS = frozenset(
    (
        "accept accept-encoding client-request-id consistencylevel content-type host prefer user-agent "
        "x-ms-throttle-priority"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One request and how it was answered."""

    server: str  # login, graph or front
    method: str
    path: str
    query: str
    status: int
    authorized: bool  # it carried an Authorization header
    headers: dict[str, str]
    client_id: str | None = None
    tenant_id: str | None = None
    fault: str | None = None  # the fault that shaped the answer
    inner: bool = False  # inside a $batch

    def as_json(self) -> dict[str, Json]:
        return asdict(self)


class RequestLog:
    """The latest requests, oldest first."""

    def __init__(self, limit: int = 100_000) -> None:
        self._seen: deque[Seen] = deque(maxlen=limit)

    def __len__(self) -> int:
        return len(self._seen)

    def __iter__(self) -> Iterator[Seen]:
        return iter(tuple(self._seen))

    def __getitem__(self, index: int) -> Seen:
        return self._seen[index]

    def add(self, seen: Seen) -> None:
        self._seen.append(seen)

    def clear(self) -> None:
        self._seen.clear()

    def to(self, path_start: str, *, server: str = "graph") -> list[Seen]:
        """Give those to one server whose path starts so."""
        return [seen for seen in self if seen.server == server and seen.path.startswith(path_start)]
