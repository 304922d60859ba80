"""The products that a tenant has subscribed to: what they make of the licences of its users."""

from dataclasses import replace
from typing import Final

from mailroll.connectors.microsoft365.facts import wire
from mailroll.connectors.microsoft365.facts.attributes import Chosen
from mailroll.connectors.microsoft365.facts.decode import PageDecoder
from mailroll.connectors.microsoft365.facts.licences import SKU_SELECT, Subscriptions
from mailroll.connectors.microsoft365.facts.products import with_subscribed
from mailroll.connectors.microsoft365.graph.transport import Transport
from mailroll.connectors.microsoft365.graph.verdicts import PERMISSION_MISSING
from mailroll.connectors.microsoft365.listing.listings import whole
from mailroll.reconcile.errors import Broken, NeedsConsent

_SKU: Final = PageDecoder(wire.Sku)

_WITHOUT_PRODUCTS: Final = frozenset({PERMISSION_MISSING, "answer_malformed", "graph_refused"})
"""Faults of the list of products alone: users can be read without it, if at greater length."""


async def with_products(transport: Transport, selection: Chosen) -> Chosen:
    """Let licences tell of mailboxes, where the tenant's products can be read and no filter wants plans anyway."""
    if selection.planned and not selection.licensed:
        return selection
    try:
        skus = await whole(transport, f"subscribedSkus?$select={SKU_SELECT}", _SKU)
    except (NeedsConsent, Broken) as fault:
        if selection.licensed or fault.code not in _WITHOUT_PRODUCTS:
            raise
        return selection
    subscriptions = None if selection.planned else Subscriptions.of(skus)
    return replace(selection, products=with_subscribed(skus), subscriptions=subscriptions)
