"""The routes about the tenant as a whole: organization, domains and licences."""

from collections import Counter
from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from mailroll_simulator import errors
from mailroll_simulator.graph import options, paging, permissions, queries, singles
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.paging import Listed
from mailroll_simulator.graph.shapes import Shape
from mailroll_simulator.graph.wire import GraphResponse, Page
from mailroll_simulator.licences import BOUGHT, LICENCES, assigned_plans, provisioned_plans, subscribed_sku
from mailroll_simulator.objects import DirectoryObject
from mailroll_simulator.schema import object_type
from mailroll_simulator.values import Json, instant


@runtime_checkable
class Licensed(Protocol):
    """Users that know how many hold which product without being looked at one by one."""

    def consumed(self) -> Counter[str]: ...


def organization(call: Call) -> Page:
    call.need(permissions.ORGANIZATION_BASIC)
    options.check(call.request, options.ONE)
    kind = object_type("organization")
    names = options.selected(call.request, kind)
    values = _organization(call)
    if not call.may(permissions.ORGANIZATION):
        # Permissions for users show the basics, and everything else as if it were empty.
        values = {name: value for name, value in values.items() if name in permissions.BASIC_ORGANIZATION}
    return _listed(call, "organization", "organization", [values], names)


def domains(call: Call) -> Page:
    call.need(permissions.DOMAINS)
    options.check(call.request, options.ONE)
    names = options.selected(call.request, object_type("domain"))
    return _listed(call, "domain", "domains", [one.as_domain() for one in call.tenant.domains.values()], names)


def domain(call: Call) -> GraphResponse:
    call.need(permissions.DOMAINS)
    options.check(call.request, options.ONE)
    kind = object_type("domain")
    names = options.selected(call.request, kind)
    found = call.tenant.domains.get(call.arguments["id"].lower())
    if found is None:
        raise errors.not_found(call.arguments["id"])
    values = Shape(kind, names).values(_object(found.as_domain()))
    return singles.entity(call, f"{queries.projected('domains', names)}/$entity", values)


def subscribed_skus(call: Call) -> Page:
    call.need(permissions.LICENCES)
    options.check(call.request, options.ONE)
    names = options.selected(call.request, object_type("subscribedSku"))
    by_id = {licence.id: licence for licence in LICENCES.values()}
    had = call.tenant.subscriptions
    skus = [
        subscribed_sku(by_id[sku], call.tenant.id, used, had.get(by_id[sku].part, BOUGHT))
        for sku, used in _consumed(call).items()
    ]
    return _listed(call, "subscribedSku", "subscribedSkus", skus, names)


def _organization(call: Call) -> dict[str, Json]:
    tenant = call.tenant
    since = instant(tenant.created)
    consumed = _consumed(call)
    parts = [licence.part for licence in LICENCES.values() if licence.id in consumed]
    return {
        "id": tenant.id,
        "displayName": tenant.display_name,
        "tenantType": "AAD",
        "countryLetterCode": tenant.country,
        "createdDateTime": since,
        "mobileDeviceManagementAuthority": "unknown",
        "onPremisesSyncEnabled": tenant.on_premises_sync,
        "preferredLanguage": "en",
        "assignedPlans": assigned_plans(parts, since),
        "provisionedPlans": provisioned_plans(parts),
        "verifiedDomains": [one.as_verified_domain() for one in tenant.domains.values() if one.verified],
    }


def _consumed(call: Call) -> Counter[str]:
    users = call.tenant.users
    if isinstance(users, Licensed):
        return users.consumed()
    found: Counter[str] = Counter()
    for user in users:
        licences = user.properties.get("assignedLicenses")
        if isinstance(licences, list | tuple):
            found.update(str(licence["skuId"]) for licence in licences if isinstance(licence, dict))
    return found


def _listed(
    call: Call, kind: str, collection: str, values: Iterable[dict[str, Json]], names: tuple[str, ...] | None
) -> Page:
    return paging.listing(
        call,
        Listed([_object(one) for one in values]),
        Shape(object_type(kind), names),
        context=queries.projected(collection, names),
        whole=True,
    )


def _object(values: dict[str, Json]) -> DirectoryObject:
    return DirectoryObject(str(values["id"]), values)
