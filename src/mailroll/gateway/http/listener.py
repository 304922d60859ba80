"""HTTP as one of the ways into the process that gateways ask."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from mailroll.gateway.copied_listing import CopiedListing, StoredBelongings
from mailroll.gateway.http.application import application
from mailroll.gateway.http.door import Limits, Where, listening
from mailroll.gateway.http.gate import StoredTokens
from mailroll.gateway.server import Service


@dataclass(frozen=True, slots=True)
class Http:
    """Sends lists from the copy, to those with a token."""

    at: Where
    limits: Limits

    async def start(self, service: Service, stack: AsyncExitStack) -> str:
        listing = CopiedListing(service.roll, service.clock, StoredBelongings(service.admissions))
        made = application(
            listing, StoredTokens(service.clock, service.admissions), service.tally, service.clock, self.limits
        )
        port = await stack.enter_async_context(listening(made, self.at, self.limits))
        return f"http://{self.at._replace(port=port)}"
