"""The kinds of directory that can be read: one line each."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, TypeVar

from mailroll.connectors.base import EVERYBODY, Connector, WantedObjects
from mailroll.connectors.consent import Need, Proving, SignIn
from mailroll.connectors.meter import UnitLedger, UnitMeter, UnitScope
from mailroll.connectors.microsoft365 import Microsoft365
from mailroll.connectors.microsoft365.graph import units
from mailroll.connectors.microsoft365.graph.permissions import NEEDS
from mailroll.connectors.microsoft365.http.clouds import CLOUDS
from mailroll.connectors.microsoft365.notices import GraphNotices
from mailroll.connectors.microsoft365.settings import ConnectionSettings
from mailroll.connectors.microsoft365.sign_in.signin import EntraSignIn
from mailroll.connectors.microsoft365.sign_in.token_cache import Kept
from mailroll.connectors.microsoft365.signin_proof import prove
from mailroll.connectors.notices import Notices, NoticesOpening
from mailroll.reconcile.errors import BadInput
from mailroll.reconcile.filters.attributes import Attribute

Answer = TypeVar("Answer")


class Opening(Protocol):
    """Opens a connector from its settings; leaving the context ends its connections.

    Malformed settings raise `BadInput` at the call, before anything is entered: whoever keeps settings opens, to be
    refused, and enters nothing.
    """

    def __call__(
        self, settings: Mapping[str, str], *, wanted_objects: WantedObjects = EVERYBODY
    ) -> AbstractAsyncContextManager[Connector]: ...


@dataclass(frozen=True, slots=True)
class DirectoryKind:
    """What a kind of directory is called and what sources of it are, what filters of it are built from, how to open
    one, how to connect it, and how to be told of changes.

    `application`: what may be asked with the registration of some settings, in all tenants together.

    `sign_in` and `notices` are None where nobody signs in, or the directory tells nobody of changes: then only the
    command line connects it, and it is read when its time comes.
    """

    label: str
    source: str
    attributes: tuple[Attribute, ...]
    open: Opening
    needs: tuple[Need, ...]
    sign_in: type[SignIn] | None
    prove: Proving
    notices: NoticesOpening | None
    application: Callable[[Mapping[str, str]], UnitScope]


@dataclass(slots=True)
class _Keeping:
    kept: Kept | None = None
    meter: UnitMeter | None = None


_KEEPING: Final = _Keeping()


@contextmanager
def keeping(ledger: UnitLedger | None = None) -> Iterator[Kept]:
    """Within, connectors that this process opens go on with the connections and sign-ins of earlier ones.

    `ledger`: what all processes take units from, so that they keep to Microsoft's limits together.
    """
    before, pool = replace(_KEEPING), Kept()
    _KEEPING.kept, _KEEPING.meter = pool, None if ledger is None else UnitMeter(ledger)
    try:
        yield pool
    finally:
        _KEEPING.kept, _KEEPING.meter = before.kept, before.meter
        pool.lines.close()


def _microsoft365(
    settings: Mapping[str, str], *, wanted_objects: WantedObjects = EVERYBODY
) -> AbstractAsyncContextManager[Connector]:
    return Microsoft365.open(
        ConnectionSettings.parse(settings), wanted_objects=wanted_objects, pool=_KEEPING.kept, meter=_KEEPING.meter
    )


def _notices(settings: Mapping[str, str]) -> AbstractAsyncContextManager[Notices]:
    return GraphNotices.open(ConnectionSettings.parse(settings), pool=_KEEPING.kept)


def _application(settings: Mapping[str, str]) -> UnitScope:
    graph = settings["graph_url"] or CLOUDS[settings["cloud"]].graph
    return units.of_application(graph, settings["client_id"].lower())


CONNECTORS: Final[Mapping[str, DirectoryKind]] = {
    "microsoft365": DirectoryKind(
        "Microsoft 365",
        "Office 365",
        Microsoft365.attributes,
        _microsoft365,
        NEEDS,
        EntraSignIn,
        prove,
        _notices,
        _application,
    ),
}


def kind(name: str) -> DirectoryKind:
    if name not in CONNECTORS:
        raise BadInput(
            "connector_unknown", f"There is no connector named {name}.", f"Use one of {', '.join(CONNECTORS)}."
        )
    return CONNECTORS[name]


def sign_in_of(name: str) -> type[SignIn]:
    """Raises `BadInput` for a kind that nobody signs in to."""
    sign_in = kind(name).sign_in
    if sign_in is None:
        raise BadInput("no_sign_in", f"Nobody signs in to {kind(name).label}.", "Connect it from the command line.")
    return sign_in


def notices_of(name: str, settings: Mapping[str, str]) -> AbstractAsyncContextManager[Notices]:
    """Open what makes subscriptions; raises `BadInput` for a kind that tells nobody of changes."""
    opening = kind(name).notices
    if opening is None:
        raise BadInput("no_notices", f"{kind(name).label} tells nobody of changes.", "It is read when its time comes.")
    return opening(settings)


def telling() -> tuple[str, ...]:
    """The kinds of directory that tell of changes."""
    return tuple(name for name, kind in CONNECTORS.items() if kind.notices is not None)


def sign_in_host(cloud: str) -> str:
    """Return the origin at which people of one of Microsoft's own clouds sign in."""
    return CLOUDS[cloud].login


def begin(question: Coroutine[Any, Any, Answer]) -> "Future[Answer]":
    """Ask many connectors at once where their connections are kept, and wait for nothing.

    Where none are kept it is asked in a loop of its own, and the answer is there at once.
    """
    if _KEEPING.kept is not None:
        return _KEEPING.kept.lines.begin(question)
    answer: Future[Answer] = Future()
    answer.set_result(asyncio.run(question))
    return answer


def build(
    name: str, settings: Mapping[str, str], *, wanted_objects: WantedObjects = EVERYBODY
) -> AbstractAsyncContextManager[Connector]:
    """Open a connector; raises `BadInput` for an unknown kind or for settings that are malformed."""
    return kind(name).open(settings, wanted_objects=wanted_objects)
