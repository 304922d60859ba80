"""The simulator as tests, the demo and the command line use it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from mailroll_simulator.certificates import make_tls
from mailroll_simulator.clock import Clock
from mailroll_simulator.control.desk import control_handler, reset
from mailroll_simulator.door import LOOPBACK
from mailroll_simulator.faults.catalogue import CATALOGUE
from mailroll_simulator.faults.switchboard import Switchboard
from mailroll_simulator.graph.limits import Limits
from mailroll_simulator.graph.service import GraphService
from mailroll_simulator.keys import KeyRing
from mailroll_simulator.login.consents import grant, withdraw
from mailroll_simulator.login.service import LoginService
from mailroll_simulator.notices import NoticeBoard
from mailroll_simulator.panel.desk import Panel, panel_handler
from mailroll_simulator.registrations import App, ServicePrincipal, register
from mailroll_simulator.requests import RequestLog
from mailroll_simulator.server import graph_handler, listening, login_handler
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.tokens import Tokens
from mailroll_simulator.world import World

CONSENT_DELAY = 3.0


class Simulator:
    """A simulated Microsoft 365 with the given tenants; everything by chance follows from `seed`.

    `limits`: whether it refuses what Microsoft's own limits would (see `graph.limits`). With a `panel`, a person can
    make things happen in a browser, at its `url`; else there is no such page.
    """

    def __init__(
        self,
        tenants: Iterable[Tenant] = (),
        *,
        seed: int = 0,
        clock: Clock | None = None,
        consent_delay: float = CONSENT_DELAY,
        panel: Panel | None = None,
        limits: bool = True,
    ) -> None:
        chance = Random(seed)
        self.clock = clock or Clock()
        self.faults = Switchboard(CATALOGUE, Random(chance.getrandbits(64)))
        self.world = World(chance, self.clock, Tokens(KeyRing(), self.clock, chance), self.faults)
        self.world.limits.on = limits
        self.login = LoginService(self.world, consent_delay=consent_delay)
        self.control_url = ""
        self.panel = panel
        self._ca_file: Path | None = None
        for tenant in tenants:
            self.add_tenant(tenant)

    @property
    def login_url(self) -> str:
        return self.world.login_url

    @property
    def graph_url(self) -> str:
        return self.world.graph_url

    @property
    def front_url(self) -> str:
        return self.world.front_url

    @property
    def ca_file(self) -> Path:
        """The certificate authority to trust, in PEM; there while the simulator runs."""
        if self._ca_file is None:
            raise RuntimeError("the simulator does not run")
        return self._ca_file

    @property
    def tenants(self) -> tuple[Tenant, ...]:
        return tuple(self.world.tenants.values())

    @property
    def limits(self) -> Limits:
        return self.world.limits

    @property
    def notices(self) -> NoticeBoard:
        """Who wants to be told of changes; `deliver` tells them."""
        return self.world.notices

    @property
    def requests(self) -> RequestLog:
        return self.world.requests

    def add_tenant(self, tenant: Tenant) -> Tenant:
        if tenant.id.lower() in self.world.tenants:
            raise ValueError(f"there is a tenant {tenant.id} already")
        tenant.clock = self.clock
        tenant.made_at.clear()  # who is there from the beginning has been there for long
        self.world.tenants[tenant.id.lower()] = tenant
        return tenant

    def register_app(
        self, *, display_name: str, permissions: Iterable[str] = (), redirect_uris: Iterable[str] = ()
    ) -> App:
        """Register a multi-tenant app that asks for these application permissions of Graph."""
        app = register(
            self.world.chance,
            display_name=display_name,
            permissions=tuple(permissions),
            redirect_uris=tuple(redirect_uris),
        )
        self.world.apps[app.client_id] = app
        return app

    def consent(self, app: App, tenant: Tenant, *, delay: float = 0.0) -> ServicePrincipal:
        """Grant what the app asks for, as an administrator of the tenant would."""
        return grant(self.world, app, tenant, delay=delay)

    def withdraw(self, app: App, tenant: Tenant) -> None:
        """Delete the app from the tenant."""
        withdraw(app, tenant)

    def reset(self) -> None:
        """Switch all faults off, follow the real time, forget requests and sign-ins; directories stay as they are."""
        reset(self.world, self.login)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Simulator"]:
        """Listen, in the loop of the caller."""
        async with AsyncExitStack() as stack:
            folder = stack.enter_context(TemporaryDirectory(prefix="simulated-microsoft-365-"))
            tls = make_tls(Path(folder))
            login = await stack.enter_async_context(listening(login_handler(self.login, front=False), tls.context))
            front = await stack.enter_async_context(listening(login_handler(self.login, front=True)))
            graph = await stack.enter_async_context(listening(graph_handler(GraphService(self.world)), tls.context))
            control = await stack.enter_async_context(listening(control_handler(self.world, self.login)))
            self.world.login_url = f"https://localhost:{login}"
            self.world.front_url = f"http://localhost:{front}"
            self.world.graph_url = f"https://localhost:{graph}"
            self.control_url = f"http://{LOOPBACK}:{control}"
            if self.panel is not None:
                stack.callback(self.panel.end)
                port = await stack.enter_async_context(listening(panel_handler(self.world, self.panel)))
                self.panel.url = f"http://localhost:{port}"
            self._ca_file = tls.ca_file
            try:
                yield self
            finally:
                self._ca_file = None

    @contextmanager
    def in_thread(self) -> Iterator["Simulator"]:
        """Listen, in a thread and a loop of its own."""
        started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

        async def serve() -> None:
            async with self.running():
                stop = asyncio.Event()
                started.set_result((asyncio.get_running_loop(), stop))
                await stop.wait()

        def run() -> None:
            try:
                asyncio.run(serve())
            except BaseException as error:
                if started.done():
                    raise
                started.set_exception(error)

        thread = threading.Thread(target=run, name="simulated-microsoft-365", daemon=True)
        thread.start()
        loop, stop = started.result()
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()
