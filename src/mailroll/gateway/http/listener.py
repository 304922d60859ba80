"""HTTP as one of the ways into the process that gateways ask."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial

from mailroll.gateway.copied_lists import CopiedListing
from mailroll.gateway.http.application import application
from mailroll.gateway.http.door import DoorLimits, Where, listening
from mailroll.gateway.http.gate import StoredTokens
from mailroll.gateway.http.metrics import Measured
from mailroll.gateway.server import Service
from mailroll.gateway.server_figures import measure
from mailroll.measures.admission import Admission


@dataclass(frozen=True, slots=True)
class HttpListener:
    """Sends lists from the copy, to those with a token."""

    at: Where
    limits: DoorLimits
    admission: Admission = field(default_factory=Admission)
    """Who may read the metrics."""

    async def start(self, service: Service, stack: AsyncExitStack) -> str:
        listing = CopiedListing(service.roll, service.clock, service.admissions.belongings)
        tokens = StoredTokens(service.clock, service.admissions)
        look = partial(measure, service.tally.since_start, service.roll, service.clock)
        measured = Measured(self.admission, look)
        app = application(listing, tokens, service.tally, service.clock, self.limits, measured=measured)
        port = await stack.enter_async_context(listening(app, self.at, self.limits))
        return f"http://{self.at._replace(port=port)}"
