"""Who is in which group: groups found by id, address or name, and their members with all that are nested.

Members are asked for plainly and sorted by type here. A cast to one type is refused for groups without a member of it
(Microsoft's page "List group transitive members"; microsoft-graph-docs-contrib#1517), and on page two, as links carry
no header (microsoft-graph-docs-contrib#1801). With that header the answer comes from an index that lags behind
("Advanced query capabilities on Microsoft Entra ID objects"): it may not decide who stays.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final

import msgspec

from mailroll.connectors.base import GroupName, Members
from mailroll.connectors.microsoft365.facts import wire
from mailroll.connectors.microsoft365.facts.decode import PageDecoder
from mailroll.connectors.microsoft365.facts.records import external_id
from mailroll.connectors.microsoft365.graph.transport import GROUPS_MAX, Transport, call_of
from mailroll.connectors.microsoft365.graph.verdicts import PERMISSION_MISSING, THROTTLED, NoSuchObject
from mailroll.connectors.microsoft365.http.channel import malformed
from mailroll.connectors.microsoft365.listing.listings import PAGE_SIZE, follow, listed
from mailroll.connectors.microsoft365.listing.objects import chunks
from mailroll.connectors.microsoft365.settings import GUID
from mailroll.reconcile.addresses import Address, AddressFault, ProxyAddress, ProxyRole, canonical
from mailroll.reconcile.errors import BadInput, MailrollError, NeedsConsent, Retry
from mailroll.reconcile.known import UNSET, Unset
from mailroll.reconcile.text import folded

_GROUP: Final = PageDecoder(wire.GraphGroup)
_MEMBER: Final = PageDecoder(wire.Member)
_TYPED: Final = PageDecoder(wire.TypedMember)
_HOLDING: Final = msgspec.json.Decoder(wire.GraphGroupIds)
_AT_ONCE: Final = 4
_SELECT: Final = f"$select={','.join(wire.GROUP_SELECT)}"
_HIDDEN: Final = "HiddenMembership"
_SHOWN_MAX: Final = 100
_NESTED: Final = "#microsoft.graph.group"
_OF_ONE: Final = frozenset({PERMISSION_MISSING, "membership_hidden"})
_NO_USERS: Final = frozenset(
    f"#microsoft.graph.{name}" for name in ("group", "orgContact", "device", "servicePrincipal")
)
"""What else a group holds (Microsoft's page "groups overview"); a type not known yet is one derived from user."""


class Memberships:
    """The groups of one tenant. A group of which something cannot be told has no members here, but a problem."""

    def __init__(self, tenant: str, transport: Transport) -> None:
        self._tenant = tenant
        self._transport = transport
        self._listed: list[wire.GraphGroup] | None = None

    async def names(self) -> list[GroupName]:
        groups = await self._every()
        return [
            GroupName(group.id.lower(), group.display_name, group.mail or "") for group in groups if group.display_name
        ]

    async def members(self, names: Collection[str]) -> Mapping[str, Members]:
        """Answer for every name: an object id, else an address (main or not), else a name, letters' case aside.

        What goes wrong with one group says nothing about another. What is wrong with all of them is asked once.
        """
        members_by_name: dict[str, Members] = {}
        members_by_id: dict[str, Members] = {}  # by object id, as one group may be named in several ways
        refusal: MailrollError | None = None
        for name, group in (await self._find_groups(sorted(set(names)))).items():
            if not isinstance(group, MailrollError):
                if group.id not in members_by_id:
                    members_by_id[group.id] = (
                        await self._read_members(group) if refusal is None else _untold(group, refusal)
                    )
                members_by_name[name] = members_by_id[group.id]
            else:
                members_by_name[name] = Members(UNSET, problem=group)
            refusal = refusal or _of_all(members_by_name[name].problem)
        return members_by_name

    async def _find_groups(self, names: Sequence[str]) -> Mapping[str, wire.GraphGroup | MailrollError]:
        ids = [name for name in names if GUID.fullmatch(name.strip().lower())]
        groups: dict[str, wire.GraphGroup | MailrollError] = {}
        refusal: MailrollError | None = None
        for name in ids:
            groups[name] = refusal or await self._by_id(name)
            refusal = refusal or _of_all(groups[name])
        others = [name for name in names if name not in groups]
        if not others:
            return groups
        try:
            if refusal is not None:
                raise refusal
            index = _Index(await self._every())
        except MailrollError as error:
            return groups | dict.fromkeys(others, error)
        return groups | {name: index.only(name) for name in others}

    async def _by_id(self, name: str) -> wire.GraphGroup | MailrollError:
        try:
            answer = await self._transport.get(f"groups/{name.strip().lower()}?{_SELECT}")
        except NoSuchObject:
            return _unknown(name)
        except MailrollError as error:
            return error
        with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            group = _GROUP.single.decode(answer.body)
            if group.id.lower() == name.strip().lower():
                return group
        return malformed(answer.call, f"is not the group {_shorten_name(name)}", "Filter by another group.")

    async def checked(self, groups_by_user: Mapping[str, Collection[str]]) -> Mapping[str, frozenset[str] | Unset]:
        """Tell which of some groups each user is in. The first error that others would meet, too, ends it."""
        memberships: dict[str, frozenset[str] | Unset] = dict.fromkeys(groups_by_user, UNSET)
        identities = iter(sorted(groups_by_user))
        over: MailrollError | None = None

        async def ask_on() -> None:
            nonlocal over
            for identity in identities:
                if over is not None:
                    return
                try:
                    memberships[identity] = await self._of(identity, sorted(groups_by_user[identity]))
                except MailrollError as error:
                    over = _of_all(error)

        async with asyncio.TaskGroup() as tasks:
            for _ in range(_AT_ONCE):
                tasks.create_task(ask_on())
        return memberships

    async def _of(self, identity: str, groups: Sequence[str]) -> frozenset[str]:
        """Return those of the groups that a user is in; raises for any doubt."""
        group_ids: set[str] = set()
        for chunk in chunks(groups, GROUPS_MAX):
            answer = await self._transport.check_member_groups(identity, chunk)
            try:
                group_ids |= {group_id.lower() for group_id in _HOLDING.decode(answer.body).value}
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
                raise malformed(answer.call, "has no list of groups", "Try again later.") from fault
        return frozenset(group_ids.intersection(groups))

    async def _every(self) -> list[wire.GraphGroup]:
        """List all groups, once. One that cannot be read can be named by nobody, and spoils no other."""
        if self._listed is None:
            groups, _ = await listed(self._transport, f"groups?{_SELECT}&$top={PAGE_SIZE}", _GROUP)
            self._listed = [group for group in groups if _identified(group)]
        return self._listed

    async def _read_members(self, group: wire.GraphGroup) -> Members:
        """Read the members of a group; with one group inside whose members are hidden, nobody can say who is in it.

        Graph does not refuse to show hidden members: it shows none.
        """
        try:
            path = f"groups/{group.id}/transitiveMembers?$select=id&$top={PAGE_SIZE}"
            members, spoiled = await listed(self._transport, path, _TYPED)
            if spoiled or not all(_identified(member) and isinstance(member.type, str) for member in members):
                flaw = f"of {_shorten_name(_group_name(group))} has a member that cannot be read"
                return _untold(group, malformed(call_of(path), flaw, "Try again later."))
            nested = await self._nested([member.id for member in members if member.type == _NESTED])
            if await self._hides([group, *nested]):
                return _untold(group, _concealed(_group_name(group)))
        except NoSuchObject:
            return _untold(group, _unknown(_group_name(group)))
        except MailrollError as error:
            return _untold(group, error)
        users = frozenset(external_id(self._tenant, member.id) for member in members if member.type not in _NO_USERS)
        return Members(users, _group_name(group), object=group.id.lower())

    async def _nested(self, ids: Sequence[str]) -> list[wire.GraphGroup]:
        """Return groups that are inside another. The list of all has most of them; a fresh one may lack there."""
        if not ids:
            return []
        groups_by_id = {listed_group.id.lower(): listed_group for listed_group in await self._every()}
        groups = []
        for identity in ids:
            group = groups_by_id.get(identity.lower()) or await self._by_id(identity)
            if isinstance(group, MailrollError):
                raise group
            groups.append(group)
        return groups

    async def _hides(self, groups: Iterable[wire.GraphGroup]) -> bool:
        """Tell whether one of the groups hides its members from this application."""
        concealing = {group.id for group in groups if group.visibility == _HIDDEN}
        return not all([await self._shows(group_id) for group_id in sorted(concealing)])

    async def _shows(self, identity: str) -> bool:
        path = f"groups/{identity}/members?$select=id&$top=1"
        async for page in follow(self._transport, await self._transport.get(path), _MEMBER):
            if page.objects or page.spoiled:
                return True
        return False


class _Index:
    """Groups by what people name them by."""

    def __init__(self, groups: Iterable[wire.GraphGroup]) -> None:
        self._by_address: dict[Address, dict[str, wire.GraphGroup]] = defaultdict(dict)
        self._by_name: dict[str, dict[str, wire.GraphGroup]] = defaultdict(dict)
        for group in groups:
            if group.display_name:
                self._by_name[folded(group.display_name)][group.id] = group
            for address in _addresses(group):
                self._by_address[address][group.id] = group

    def only(self, name: str) -> wire.GraphGroup | MailrollError:
        address = canonical(name.strip())
        groups = {} if isinstance(address, AddressFault) else self._by_address.get(address, {})
        groups = groups or self._by_name.get(folded(name), {})
        match list(groups.values()):
            case []:
                return _unknown(name)
            case [group]:
                return group
            case several:
                return _ambiguous(name, several)


def _addresses(group: wire.GraphGroup) -> set[Address]:
    entries = [ProxyAddress.parse(entry) for entry in group.proxy_addresses or ()]
    texts = [entry.text for entry in entries if entry.role is not ProxyRole.OTHER]
    addresses = (canonical(text) for text in (*texts, *([group.mail] if group.mail else [])))
    return {address for address in addresses if not isinstance(address, AddressFault)}


def _of_all(outcome: object) -> MailrollError | None:
    """Return the error that other groups would meet too: a pause that was asked for, or consent that is gone."""
    if isinstance(outcome, Retry) and outcome.code == THROTTLED:
        return outcome
    return outcome if isinstance(outcome, NeedsConsent) and outcome.code not in _OF_ONE else None


def _untold(group: wire.GraphGroup, problem: MailrollError) -> Members:
    return Members(UNSET, _group_name(group), problem)


def _group_name(group: wire.GraphGroup) -> str:
    return group.display_name or group.id


def _identified(graph_object: wire.GraphGroup | wire.Member) -> bool:
    return GUID.fullmatch(graph_object.id.lower()) is not None


def _unknown(name: str) -> BadInput:
    return BadInput(
        "group_unknown",
        f"The tenant has no group {_shorten_name(name)}.",
        "Name it in the filter as the admin center does, or by its address or object id.",
    )


def _ambiguous(name: str, several: Sequence[wire.GraphGroup]) -> BadInput:
    examples = ", ".join(sorted(group.mail or group.id for group in several)[:3])
    return BadInput(
        "group_ambiguous",
        f"{len(several)} groups of the tenant answer to {_shorten_name(name)}.",
        f"Name one in the filter by its address or object id: {examples}{' and others' if len(several) > 3 else ''}.",  # noqa: PLR2004 - as many as are shown
    )


def _concealed(name: str) -> NeedsConsent:
    return NeedsConsent(
        "membership_hidden",
        f"The members of {_shorten_name(name)}, or of a group inside it, are hidden from this application.",
        "Add the application permission Member.Read.Hidden and consent again, or filter by another group.",
    )


def _shorten_name(name: str) -> str:
    return name if len(name) <= _SHOWN_MAX else f"{name[:_SHOWN_MAX]}…"
