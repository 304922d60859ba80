"""Who is in which group: groups found by id, address or name, and their members with all that are nested."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final

import msgspec

from mailroll.connectors.base import GroupName, Members
from mailroll.connectors.microsoft365 import wire
from mailroll.connectors.microsoft365.channel import malformed
from mailroll.connectors.microsoft365.decode import PageDecoder
from mailroll.connectors.microsoft365.objects import PAGE_SIZE, listed
from mailroll.connectors.microsoft365.records import external_id
from mailroll.connectors.microsoft365.settings import GUID
from mailroll.connectors.microsoft365.transport import Transport, call_of
from mailroll.connectors.microsoft365.verdicts import PERMISSION_MISSING, Absent
from mailroll.reconcile.addresses import Address, AddressFault, ProxyAddress, ProxyRole, canonical
from mailroll.reconcile.errors import BadInput, MailrollError, NeedsConsent
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId
from mailroll.reconcile.text import folded

_GROUP: Final = PageDecoder(wire.Group, wire.Envelope[wire.Group])
_MEMBER: Final = PageDecoder(wire.Member, wire.Envelope[wire.Member])
_SELECT: Final = f"$select={','.join(wire.GROUP_SELECT)}"
_HIDDEN: Final = "HiddenMembership"
_SHOWN_MAX: Final = 100


class Memberships:
    """The groups of one tenant. A group of which something cannot be told has no members here, but a problem."""

    def __init__(self, tenant: str, transport: Transport) -> None:
        self._tenant = tenant
        self._transport = transport

    async def names(self) -> list[GroupName]:
        groups = await self._every()
        return [GroupName(each.id.lower(), each.display_name, each.mail or "") for each in groups if each.display_name]

    async def members(self, named: Collection[str]) -> Mapping[str, Members]:
        """Answer for every name: an object id, else an address (main or not), else a name, letters' case aside."""
        found: dict[str, Members] = {}
        told: dict[str, Members] = {}  # by object id, as one group may be named in several ways
        for name, group in (await self._found(sorted(set(named)))).items():
            if isinstance(group, MailrollError):
                found[name] = Members(UNSET, problem=group)
            else:
                if group.id not in told:
                    told[group.id] = await self._told(group)
                found[name] = told[group.id]
        return found

    async def _found(self, named: Sequence[str]) -> Mapping[str, wire.Group | MailrollError]:
        ids = [name for name in named if GUID.fullmatch(name.strip().lower())]
        found: dict[str, wire.Group | MailrollError] = {name: await self._by_id(name) for name in ids}
        others = [name for name in named if name not in found]
        if not others:
            return found
        try:
            index = _Index(await self._every())
        except NeedsConsent as refusal:
            if refusal.code != PERMISSION_MISSING:
                raise
            return found | dict.fromkeys(others, refusal)
        return found | {name: index.only(name) for name in others}

    async def _by_id(self, name: str) -> wire.Group | MailrollError:
        try:
            answer = await self._transport.get(f"groups/{name.strip().lower()}?{_SELECT}")
        except Absent:
            return _unknown(name)
        except NeedsConsent as refusal:
            if refusal.code != PERMISSION_MISSING:
                raise
            return refusal
        with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            group = _GROUP.one.decode(answer.body)
            if group.id.lower() == name.strip().lower():
                return group
        return malformed(answer.call, f"is not the group {_shown(name)}", "Filter by another group.")

    async def _every(self) -> list[wire.Group]:
        """List all groups. One that cannot be read can be named by nobody, and spoils no other."""
        found, _ = await listed(self._transport, f"groups?{_SELECT}&$top={PAGE_SIZE}", _GROUP)
        return [each for each in found if _identified(each)]

    async def _told(self, group: wire.Group) -> Members:
        """Read the members of a group; with one group inside whose members are hidden, nobody can say who is in it.

        Graph does not refuse to show hidden members: it shows none.
        """
        name = group.display_name or group.id
        try:
            ids = await self._users(group.id)
            hidden = await self._hidden(group)
        except Absent:
            return Members(UNSET, name, _unknown(name))
        except NeedsConsent as refusal:
            if refusal.code != PERMISSION_MISSING:
                raise
            return Members(UNSET, name, refusal)
        if ids is None or hidden is None:
            call, flaw = call_of(f"groups/{group.id}/transitiveMembers"), "has a member that cannot be read"
            return Members(UNSET, name, malformed(call, f"of {_shown(name)} {flaw}", "Try again later."))
        return Members(UNSET, name, _concealed(name)) if hidden else Members(ids, name)

    async def _users(self, identity: str) -> frozenset[ExternalId] | None:
        """Return who is in a group and all groups inside it; None where one of them has no readable id."""
        path = f"groups/{identity}/transitiveMembers/microsoft.graph.user?$select=id&$top={PAGE_SIZE}"
        found, spoiled = await listed(self._transport, path, _MEMBER)
        if spoiled or not all(map(_identified, found)):
            return None
        return frozenset(external_id(self._tenant, each.id) for each in found)

    async def _hidden(self, group: wire.Group) -> bool | None:
        """Tell whether this group, or one inside it, hides its members from this application."""
        path = f"groups/{group.id}/transitiveMembers/microsoft.graph.group?$select=id,visibility&$top={PAGE_SIZE}"
        nested, spoiled = await listed(self._transport, path, _GROUP)
        if spoiled or not all(map(_identified, nested)):
            return None
        concealing = {each.id for each in (group, *nested) if each.visibility == _HIDDEN}
        return not all([await self._shows(each) for each in sorted(concealing)])

    async def _shows(self, identity: str) -> bool:
        path = f"groups/{identity}/members?$select=id&$top=1"
        async for page in self._transport.pages(await self._transport.get(path), _MEMBER):
            if page.objects or page.spoiled:
                return True
        return False


class _Index:
    """Groups by what people name them by."""

    def __init__(self, groups: Iterable[wire.Group]) -> None:
        self._by_address: dict[Address, dict[str, wire.Group]] = defaultdict(dict)
        self._by_name: dict[str, dict[str, wire.Group]] = defaultdict(dict)
        for each in groups:
            if each.display_name:
                self._by_name[folded(each.display_name)][each.id] = each
            for address in _addresses(each):
                self._by_address[address][each.id] = each

    def only(self, name: str) -> wire.Group | MailrollError:
        address = canonical(name.strip())
        found = {} if isinstance(address, AddressFault) else self._by_address.get(address, {})
        found = found or self._by_name.get(folded(name), {})
        match list(found.values()):
            case []:
                return _unknown(name)
            case [group]:
                return group
            case several:
                return _ambiguous(name, several)


def _addresses(group: wire.Group) -> set[Address]:
    entries = [ProxyAddress.parse(entry) for entry in group.proxy_addresses or ()]
    texts = [entry.text for entry in entries if entry.role is not ProxyRole.OTHER]
    read = (canonical(text) for text in (*texts, *([group.mail] if group.mail else [])))
    return {address for address in read if not isinstance(address, AddressFault)}


def _identified(each: wire.Group | wire.Member) -> bool:
    return GUID.fullmatch(each.id.lower()) is not None


def _unknown(name: str) -> BadInput:
    return BadInput(
        "group_unknown",
        f"The tenant has no group {_shown(name)}.",
        "Name it in the filter as the admin center does, or by its address or object id.",
    )


def _ambiguous(name: str, several: Sequence[wire.Group]) -> BadInput:
    some = ", ".join(sorted(each.mail or each.id for each in several)[:3])
    return BadInput(
        "group_ambiguous",
        f"{len(several)} groups of the tenant answer to {_shown(name)}.",
        f"Name one in the filter by its address or object id: {some}{' and others' if len(several) > 3 else ''}.",  # noqa: PLR2004 - as many as are shown
    )


def _concealed(name: str) -> NeedsConsent:
    return NeedsConsent(
        "membership_hidden",
        f"The members of {_shown(name)}, or of a group inside it, are hidden from this application.",
        "Add the application permission Member.Read.Hidden and consent again, or filter by another group.",
    )


def _shown(name: str) -> str:
    return name if len(name) <= _SHOWN_MAX else f"{name[:_SHOWN_MAX]}…"
