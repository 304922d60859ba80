"""The products that licences are sold as, by the id under which Graph lists them.

The well-known ones with their part numbers, more by their names alone (`product_names`): for all others a tenant's own
list (`/subscribedSkus`) has the part number at least.
Source: the table that `product_names` tells of. Each id, part number and name below was read against it on 29 November
2026, and is written as it is there, but for "Exchange Online (PLAN 2)": its other rows write (Plan 2).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mailroll.connectors.microsoft365.facts.product_names import NAMES
from mailroll.connectors.microsoft365.facts.wire import Sku

_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Product:
    """`part` is the part number (Microsoft's "string ID"), `name` what stands on the invoice; empty if not known."""

    part: str
    name: str = ""


PRODUCTS: Final[Mapping[str, Product]] = {
    **{sku: Product("", name) for sku, name in NAMES.items()},
    "3b555118-da6a-4418-894f-7df1e2096870": Product("O365_BUSINESS_ESSENTIALS", "Microsoft 365 Business Basic"),
    "f245ecc8-75af-4f8e-b61f-27d8114de5f3": Product("O365_BUSINESS_PREMIUM", "Microsoft 365 Business Standard"),
    "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46": Product("SPB", "Microsoft 365 Business Premium"),
    "cdd28e44-67e3-425e-be4c-737fab2899d3": Product("O365_BUSINESS", "Microsoft 365 Apps for Business"),
    "c2273bd0-dff7-4215-9ef5-2c7bcfb06425": Product("OFFICESUBSCRIPTION", "Microsoft 365 Apps for enterprise"),
    "18181a46-0d4e-45cd-891e-60aabd171b4e": Product("STANDARDPACK", "Office 365 E1"),
    "6fd2c87f-b296-42f0-b197-1e91e994b900": Product("ENTERPRISEPACK", "Office 365 E3"),
    "c7df2760-2c81-4ef7-b578-5b5392b571df": Product("ENTERPRISEPREMIUM", "Office 365 E5"),
    "4b585984-651b-448a-9e53-3b10f069cf7f": Product("DESKLESSPACK", "Office 365 F3"),
    "05e9a617-0261-4cee-bb44-138d3ef5d965": Product("SPE_E3", "Microsoft 365 E3"),
    "06ebc4ee-1bb5-47dd-8120-11324bc54e06": Product("SPE_E5", "Microsoft 365 E5"),
    "66b55226-6b4f-492c-910c-a3b7a3c9d993": Product("SPE_F1", "Microsoft 365 F3"),
    "44575883-256e-4a79-9da4-ebe9acabe2b2": Product("M365_F1", "Microsoft 365 F1"),
    "4b9405b0-7788-4568-add1-99614e613b69": Product("EXCHANGESTANDARD", "Exchange Online (Plan 1)"),
    "19ec0d23-8335-4cbd-94ac-6050e30712fa": Product("EXCHANGEENTERPRISE", "Exchange Online (Plan 2)"),
    "80b2d799-d2ba-4d2a-8842-fb0d0f3a4b82": Product("EXCHANGEDESKLESS", "Exchange Online Kiosk"),
    "94763226-9b3c-4e75-a931-5c89701abe66": Product("STANDARDWOFFPACK_FACULTY", "Office 365 A1 for faculty"),
    "314c4481-f395-4525-be8b-2ec4bb1e9d91": Product("STANDARDWOFFPACK_STUDENT", "Office 365 A1 for students"),
    "a4585165-0533-458a-97e3-c400570268c4": Product("ENTERPRISEPREMIUM_FACULTY", "Office 365 A5 for faculty"),
    "efccb6f7-5641-4e0e-bd10-b4976e1bf68e": Product("EMS", "Enterprise Mobility + Security E3"),
    "b05e124f-c7cc-45a0-a6aa-8cf78c946968": Product("EMSPREMIUM", "Enterprise Mobility + Security E5"),
    "078d2b04-f1bd-4111-bbd4-b4b1b354cef4": Product("AAD_PREMIUM", "Microsoft Entra ID P1"),
    "84a661c4-e949-4bd2-a560-ed7766fcaf2b": Product("AAD_PREMIUM_P2", "Microsoft Entra ID P2"),
    "e43b5b99-8dfb-405f-9987-dc307f34bcbd": Product("MCOEV", "Microsoft Teams Phone Standard"),
    "6070a4c8-34c6-4937-8dfb-39bbc6397a60": Product("MEETING_ROOM", "Microsoft Teams Rooms Standard"),
    "f8a1db68-be16-40ed-86d5-cb42ce701560": Product("POWER_BI_PRO", "Power BI Pro"),
    "f30db892-07e9-47e9-837c-80727f46fd3d": Product("FLOW_FREE", "Microsoft Power Automate Free"),
}


def with_subscribed(skus: Iterable[Sku]) -> Mapping[str, Product]:
    """Return the well-known products, and of a tenant's own the part numbers it lists."""
    part_numbers = {sku.sku_id.lower(): sku.sku_part_number or "" for sku in skus if sku.sku_id}
    names = {sku: PRODUCTS[sku].name for sku in part_numbers if sku in PRODUCTS}
    return {**PRODUCTS, **{sku: Product(part, names.get(sku, "")) for sku, part in part_numbers.items() if part}}


def called(spellings: tuple[str, ...]) -> tuple[str, ...]:
    """Of all spellings of a user's products, the one to call each by: its name, else its part number, else its id.

    They come product by product, each beginning with the id; two products of one name share it.
    """
    names: list[str] = []
    for spelling in spellings:
        if not names or _ID.fullmatch(spelling):
            names.append(spelling)
        else:
            names[-1] = spelling
    return tuple(dict.fromkeys(names))
