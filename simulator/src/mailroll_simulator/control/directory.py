"""Levers on tenants: their users, groups, contacts and domains."""

from itertools import islice
from random import Random
from typing import Any

from mailroll_simulator.control.routes import TRUE, Call, NotThere, Route, properties, roles, shown
from mailroll_simulator.licences import LICENCES, STATES
from mailroll_simulator.objects import Contact, Group
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.values import Json, guid

_SOME = 100  # users shown where no limit is given
_KINDS = ("person", "shared", "room", "equipment", "guest")
_PERSON = ("local", "domain", "licence", "aliases", "id")
_MAILBOX = ("local", "domain", "enabled")


def _tenant(tenant: Tenant) -> dict[str, Json]:
    return {
        "id": tenant.id,
        "display_name": tenant.display_name,
        "initial_domain": tenant.initial_domain,
        "default_domain": tenant.default_domain,
        "domains": [domain.as_domain() for domain in tenant.domains.values()],
        "users": len(tenant.users),
        "groups": len(tenant.groups),
        "contacts": len(tenant.contacts),
        "deleted": len(tenant.deleted),
        "apps": list(tenant.principals),
        "exchange": tenant.exchange,
        "uneven": tenant.uneven,
        "late": tenant.late,
        "index_late": tenant.index_late,
        "subscriptions": {part: subscription.status for part, subscription in tenant.subscriptions.items()},
    }


def _tenants(call: Call) -> Json:
    return {"tenants": [_tenant(tenant) for tenant in call.world.tenants.values()]}


def _one_tenant(call: Call) -> Json:
    return _tenant(call.tenant)


def _add_tenant(call: Call) -> Json:
    body = call.only("display_name", "initial_domain", "id")
    identifier = str(body.get("id") or guid(call.world.chance)).lower()
    if identifier in call.world.tenants:
        raise ValueError(f"there is a tenant {identifier} already")
    chance = Random(call.world.chance.getrandbits(64))
    tenant = Tenant(str(call.need("display_name")), str(call.need("initial_domain")), identifier, chance)
    tenant.clock = call.world.clock
    call.world.tenants[identifier] = tenant
    return _tenant(tenant)


def _change_tenant(call: Call) -> Json:
    body, tenant = call.only("exchange", "uneven", "late", "index_late"), call.tenant
    tenant.exchange = bool(body.get("exchange", tenant.exchange))
    tenant.uneven = bool(body.get("uneven", tenant.uneven))
    tenant.late = float(body.get("late", tenant.late))
    tenant.index_late = float(body.get("index_late", tenant.index_late))
    return _tenant(tenant)


def _subscription(call: Call) -> Json:
    part, status = call.path["licence"], call.only("status").get("status", "Suspended")
    if part not in LICENCES:
        raise NotThere(f"no licence {part}; there are {', '.join(LICENCES)}")
    if status not in STATES:
        raise ValueError(f"status is one of {', '.join(STATES)}")
    call.tenant.lapse(part, status)
    return _tenant(call.tenant)


def _remove_tenant(call: Call) -> Json:
    del call.world.tenants[call.tenant.id.lower()]
    return None


def _users(call: Call) -> Json:
    start, limit = int(call.query.get("start", 0)), int(call.query.get("limit", _SOME))
    found = islice(call.tenant.users, start, start + limit)
    return {"count": len(call.tenant.users), "users": [shown(user) for user in found]}


def _one_user(call: Call) -> Json:
    return shown(call.user)


def _add_user(call: Call) -> Json:
    body: dict[str, Any] = dict(call.body)
    kind, name = body.pop("kind", "person"), str(call.need("display_name"))
    del body["display_name"]
    held = roles(body.pop("roles", []))
    tenant = call.tenant
    if kind not in _KINDS:
        raise ValueError(f"kind is one of {', '.join(_KINDS)}")
    if body.get("licence") is not None and body["licence"] not in LICENCES:
        raise ValueError(f"licence is one of {', '.join(LICENCES)}")
    if kind == "person":
        given = {key: body.pop(key) for key in _PERSON if key in body}
        return shown(tenant.add_user(name, roles=held, **given, **properties("user", body)))
    if kind == "guest":
        call.need("mail")
        return shown(tenant.add_guest(name, **properties("user", body)))
    call.need("local")
    given = {key: body.pop(key) for key in _MAILBOX if key in body}
    if kind == "room":
        given |= {key: body.pop(key) for key in ("capacity", "building") if key in body}
        return shown(tenant.add_room(name, **given, **properties("user", body)))
    if kind == "equipment":
        return shown(tenant.add_equipment(name, **given, **properties("user", body)))
    given |= {key: body.pop(key) for key in ("aliases",) if key in body}
    return shown(tenant.add_shared_mailbox(name, **given, **properties("user", body)))


def _change_user(call: Call) -> Json:
    body, user = dict(call.body), call.user
    if "roles" in body:
        user.roles = roles(body.pop("roles"))
    if "password" in body:
        user.password = str(body.pop("password"))
    if "barred" in body:
        user.barred = bool(body.pop("barred"))
    if "on_premises" in body:
        user.on_premises = bool(body.pop("on_premises"))
    if "purpose" in body:
        user.purpose = body.pop("purpose")
    return shown(call.tenant.change_user(user, **properties("user", body)))


def _delete_user(call: Call) -> Json:
    if call.query.get("purge", "").lower() in TRUE:
        call.tenant.purge_user(_any_user(call))
    else:
        call.tenant.delete_user(call.user)
    return None


def _any_user(call: Call) -> str:
    """Give the id of a user who is there or was deleted."""
    wanted = call.path["user"]
    return wanted if wanted in call.tenant.deleted else call.user.id


def _restore(call: Call) -> Json:
    if call.path["user"] not in call.tenant.deleted:
        raise NotThere(f"no deleted user {call.path['user']}")
    return shown(call.tenant.restore_user(call.path["user"]))


def _licence(call: Call) -> Json:
    call.only("licence")
    part = call.need("licence")
    if part not in LICENCES:
        raise ValueError(f"licence is one of {', '.join(LICENCES)}")
    return shown(call.tenant.assign_licence(call.user, part))


def _unlicence(call: Call) -> Json:
    return shown(call.tenant.remove_licence(call.user))


def _to_shared(call: Call) -> Json:
    return shown(call.tenant.convert_to_shared(call.user))


def _deleted(call: Call) -> Json:
    return {
        "deleted": [
            {"id": found.item.id, "kind": found.item.type_name, "at": found.at, "properties": found.item.properties}
            for found in call.tenant.deleted.values()
        ]
    }


def _domain(call: Call) -> Json:
    """Add a domain, or change one."""
    body, name, tenant = call.only("verified", "default"), call.path["domain"], call.tenant
    known = tenant.domains.get(name)
    if known is None or body.get("default"):
        verified = bool(body.get("verified", known.verified if known else True))
        tenant.add_domain(name, verified=verified, default=bool(body.get("default", False)))
    elif body.get("verified") is not None:
        known.verified = bool(body["verified"])
    return tenant.domains[name].as_domain()


def _remove_domain(call: Call) -> Json:
    if call.path["domain"] not in call.tenant.domains:
        raise NotThere(f"no domain {call.path['domain']}")
    call.tenant.remove_domain(call.path["domain"])
    return None


def _group(group: Group) -> dict[str, Json]:
    return {"id": group.id, "properties": group.properties, "members": list(group.members)}


def _groups(call: Call) -> Json:
    return {"groups": [_group(group) for group in call.tenant.groups]}


def _add_group(call: Call) -> Json:
    body: dict[str, Any] = dict(call.body)
    name = str(call.need("display_name"))
    del body["display_name"]
    given = {key: body.pop(key) for key in ("kind", "local", "domain", "id", "members") if key in body}
    return _group(call.tenant.add_group(name, **given, **properties("group", body)))


def _change_group(call: Call) -> Json:
    return _group(call.tenant.change_group(call.path["group"], **properties("group", call.body)))


def _delete_group(call: Call) -> Json:
    call.tenant.delete_group(call.path["group"])
    return None


def _join(call: Call) -> Json:
    call.tenant.add_member(call.path["group"], call.path["member"])
    return None


def _leave(call: Call) -> Json:
    call.tenant.remove_member(call.path["group"], call.path["member"])
    return None


def _contact(contact: Contact) -> dict[str, Json]:
    return {"id": contact.id, "properties": contact.properties}


def _contacts(call: Call) -> Json:
    return {"contacts": [_contact(contact) for contact in call.tenant.contacts]}


def _add_contact(call: Call) -> Json:
    body = dict(call.body)
    name, mail = str(call.need("display_name")), str(call.need("mail"))
    del body["display_name"], body["mail"]
    return _contact(call.tenant.add_contact(name, mail=mail, **properties("orgContact", body)))


def _delete_contact(call: Call) -> Json:
    call.tenant.delete_contact(call.path["contact"])
    return None


def _expire_delta(call: Call) -> Json:
    call.tenant.expire_delta_tokens()
    return None


_T = "/tenants/{tenant}"
_USER = f"{_T}/users/{{user}}"
DIRECTORY = (
    Route("GET", "/tenants", "all tenants", _tenants),
    Route("POST", "/tenants", "add an empty one: {display_name, initial_domain, id}", _add_tenant),
    Route("GET", _T, "one tenant, by id or domain", _one_tenant),
    Route(
        "PATCH",
        _T,
        "change: exchange (is there any?), uneven (pages of any size), late (seconds until a new object is listed), "
        "index_late (as many more until the eventual index has it)",
        _change_tenant,
    ),
    Route(
        "PUT",
        f"{_T}/subscriptions/{{licence}}",
        f"let a product come to a state, and its holders' plans with it: {{status: {'|'.join(STATES)}}}",
        _subscription,
    ),
    Route("DELETE", _T, "take the tenant away", _remove_tenant),
    Route("GET", f"{_T}/users", "its users: ?start=N &limit=N", _users),
    Route(
        "POST",
        f"{_T}/users",
        f"add one: {{display_name, kind: {'|'.join(_KINDS)}, local, domain, licence, aliases, roles, mail of a guest, "
        "and any property of Graph}",
        _add_user,
    ),
    Route("GET", _USER, "one user, by id or user principal name", _one_user),
    Route("PATCH", _USER, "change: any property of Graph, roles, password, barred, on_premises, purpose", _change_user),
    Route("DELETE", _USER, "delete, restorable; with ?purge=true for good", _delete_user),
    Route("POST", f"{_USER}/restore", "restore, by id", _restore),
    Route("PUT", f"{_USER}/licence", "assign: {licence}", _licence),
    Route("DELETE", f"{_USER}/licence", "take all licences", _unlicence),
    Route("POST", f"{_USER}/convert-to-shared", "make the mailbox a shared one", _to_shared),
    Route("GET", f"{_T}/deleted", "deleted users and groups", _deleted),
    Route("PUT", f"{_T}/domains/{{domain}}", "add or change a domain: {verified, default}", _domain),
    Route("DELETE", f"{_T}/domains/{{domain}}", "remove a domain", _remove_domain),
    Route("GET", f"{_T}/groups", "its groups with their members", _groups),
    Route("POST", f"{_T}/groups", "add: {display_name, kind, local, members, and any property}", _add_group),
    Route("PATCH", f"{_T}/groups/{{group}}", "change any property", _change_group),
    Route("DELETE", f"{_T}/groups/{{group}}", "delete", _delete_group),
    Route("PUT", f"{_T}/groups/{{group}}/members/{{member}}", "add a member, by id", _join),
    Route("DELETE", f"{_T}/groups/{{group}}/members/{{member}}", "remove a member", _leave),
    Route("GET", f"{_T}/contacts", "its mail contacts", _contacts),
    Route("POST", f"{_T}/contacts", "add: {display_name, mail, and any property}", _add_contact),
    Route("DELETE", f"{_T}/contacts/{{contact}}", "delete", _delete_contact),
    Route("POST", f"{_T}/delta/expire", "make every delta token given so far too old", _expire_delta),
)
