"""What every connector must do, whatever directory it reads: each kind brings a directory and passes this suite.

What is asked beside a reading, or again behind it, is in `test_contract_questions`.
"""

import asyncio
from collections.abc import Mapping

import pytest

from mailroll.connectors import registry
from mailroll.connectors.base import (
    EVERYBODY,
    Connector,
    End,
    PermissionState,
    RecordPage,
    Unread,
    WantedObjects,
)
from mailroll.connectors.delta import CursorLost, DeltaCursor, gathered
from mailroll.reconcile.addresses import ProxyRole
from mailroll.reconcile.errors import BadInput, MailrollError, NeedsConsent
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, ObjectType, Record
from tests.connectors.directories import Directory


async def everybody(connector: Connector) -> dict[ExternalId, Record]:
    """Read to the end mark, which comes once and last; the last word on an id counts."""
    found: dict[ExternalId, Record] = {}
    parts = [part async for part in connector.read()]
    assert [part for part in parts if isinstance(part, End)] == parts[-1:]
    for part in parts:
        assert not isinstance(part, Unread)
        if not isinstance(part, End):
            assert not part.unreadable
            found |= {each.id: each for each in part.records}
    return found


async def collected(connector: Connector, parts: list[RecordPage | Unread | End]) -> None:
    async for part in connector.read():
        parts.append(part)  # noqa: PERF401 - what came before an error is wanted too


def addresses(found: Mapping[ExternalId, Record]) -> dict[ExternalId, frozenset[str]]:
    said = {}
    for name, each in found.items():
        assert each.proxies is not UNSET
        said[name] = frozenset(entry.text for entry in each.proxies if entry.role is not ProxyRole.OTHER)
    return said


def test_a_reading_has_everybody_with_their_addresses(directory: Directory) -> None:
    async def go() -> None:
        async with directory.open() as connector:
            assert addresses(await everybody(connector)) == directory.people()

    asyncio.run(go())


def test_groups_and_contacts_come_where_they_are_wanted(directory: Directory) -> None:
    async def go() -> None:
        for wanted in (
            WantedObjects(groups=True),
            WantedObjects(contacts=True),
            WantedObjects(groups=True, contacts=True),
        ):
            types = {
                type_
                for type_, is_wanted in ((ObjectType.GROUP, wanted.groups), (ObjectType.CONTACT, wanted.contacts))
                if is_wanted
            }
            async with directory.open(wanted) as connector:
                found = await everybody(connector)
                others = {name: each.type for name, each in found.items() if each.type is not ObjectType.USER}
                assert others == {name: type_ for name, type_ in directory.others().items() if type_ in types}
                assert await connector.find(others) == {name: found[name] for name in others}

    asyncio.run(go())


def test_two_readings_of_the_same_directory_say_the_same(directory: Directory) -> None:
    async def go() -> None:
        async with directory.open() as connector:
            assert await everybody(connector) == await everybody(connector)

    asyncio.run(go())


def test_objects_as_they_came_make_the_same_records_later(directory: Directory) -> None:
    async def go() -> None:
        wanted = WantedObjects(groups=True, contacts=True)
        async with directory.open(wanted) as connector:
            shown = await everybody(connector)
            raws = await connector.find_raw({name: each.type for name, each in shown.items()})
            basis = await connector.basis()
        async with directory.open(wanted) as connector:
            found: dict[ExternalId, Record] = {}
            for type_ in ObjectType:
                mine = [raw for name, raw in raws.items() if shown[name].type is type_ and raw is not None]
                page = await connector.decoded(type_, mine)
                assert not page.unreadable
                found |= {each.id: each for each in page.records}
            assert found == shown == await everybody(connector)
            assert await connector.basis() == basis

    asyncio.run(go())


def test_a_listing_that_is_marked_is_known_again_and_another_one_is_not(directory: Directory) -> None:
    async def go() -> None:
        async with directory.open(WantedObjects(groups=True, contacts=True)) as connector:
            await connector.skim((), lambda _: None)
            imprint, trace, marks = connector.imprint(), connector.trace(), connector.marks()
        async with directory.open(WantedObjects(groups=True, contacts=True)) as connector:
            await connector.skim((), lambda _: None, marks)
            assert (connector.imprint(), connector.trace(), connector.marks()) == (imprint, trace, marks)
            for key in await everybody(connector):
                directory.remove(key)
                break
            await connector.skim((), lambda _: None, marks)
            assert imprint is None or connector.imprint() != imprint

    asyncio.run(go())


def test_changes_are_told_for_a_type_of_object_or_it_has_no_cursor(directory: Directory) -> None:
    async def go() -> None:
        async with directory.open(WantedObjects(groups=True, contacts=True)) as connector:
            cursors = await connector.delta.latest()
            assert len({each.type for each in cursors}) == len(cursors)
            for cursor in cursors:
                assert (await gathered(connector.delta.changes(cursor))).is_empty
            foreign = DeltaCursor(ObjectType.USER, "0" * 64, "https://elsewhere.example/")
            with pytest.raises(CursorLost):
                await gathered(connector.delta.changes(foreign))

    asyncio.run(go())


def test_every_id_names_the_tenant_in_lower_case(directory: Directory) -> None:
    async def go() -> None:
        async with directory.open() as connector:
            for name in await everybody(connector):
                assert name.startswith(f"{directory.tenant}:")
                assert name == name.lower()

    asyncio.run(go())


def test_whoever_is_removed_is_missing_from_the_reading_and_gone_when_asked_for(directory: Directory) -> None:
    first, second, *_ = directory.people()

    async def go() -> None:
        async with directory.open() as connector:
            directory.remove(first)
            assert first not in await everybody(connector)
            found = await connector.find(dict.fromkeys((first, second), ObjectType.USER))
            assert set(found) == {first, second}
            assert found[first] is None
            assert found[second] == (await everybody(connector))[second]

    asyncio.run(go())


def test_a_renamed_user_is_the_same_user(directory: Directory) -> None:
    first, *_ = directory.people()
    [domain, *_] = sorted(directory.domains)

    async def go() -> None:
        async with directory.open() as connector:
            directory.rename(first, f"renamed@{domain}")
            assert addresses(await everybody(connector))[first] == {f"renamed@{domain}"}

    asyncio.run(go())


def test_a_reading_that_breaks_off_never_comes_to_its_end(directory: Directory) -> None:
    async def go() -> None:
        directory.spoil_the_second_page()
        async with directory.open() as connector:
            parts: list[RecordPage | Unread | End] = []
            with pytest.raises(MailrollError):
                await collected(connector, parts)
            assert not [part for part in parts if isinstance(part, End)]

    asyncio.run(go())


def test_the_directory_says_which_tenant_it_is_and_which_domains_it_has(directory: Directory) -> None:
    async def go() -> None:
        async with directory.open() as connector:
            assert await connector.tenant() == directory.tenant
            assert await connector.domains() == directory.domains

    asyncio.run(go())


def test_a_check_finds_everything_in_place(directory: Directory) -> None:
    async def go() -> None:
        async with directory.open() as connector:
            health = await connector.check()
            assert (health.tenant, set(health.domains)) == (directory.tenant, set(directory.domains))
            assert health.permissions
            assert {each.state for each in health.permissions} == {PermissionState.GRANTED}

    asyncio.run(go())


def test_a_refused_credential_needs_a_person_and_is_not_shown(directory: Directory) -> None:
    wrong = directory.wrong_credential()

    async def go() -> None:
        async with directory.open(EVERYBODY, **wrong) as connector:
            for question in (connector.check, connector.tenant, connector.domains):
                with pytest.raises(NeedsConsent) as caught:
                    await question()
                assert caught.value.code
                assert caught.value.help
                assert not [value for value in wrong.values() if value in str(caught.value)]

    asyncio.run(go())


def test_settings_without_anything_are_refused_with_every_problem(directory: Directory) -> None:
    with pytest.raises(BadInput) as caught:
        registry.build(directory.kind, {})
    assert caught.value.message.count(".") > 1


@pytest.mark.parametrize("name", registry.CONNECTORS)
def test_attributes_have_names_of_their_own_and_a_help(name: str) -> None:
    kind = registry.kind(name)
    names = [spelling for each in kind.attributes for spelling in (each.name, *each.aliases)]
    assert len({spelling.lower() for spelling in names}) == len(names)
    assert all(each.help for each in kind.attributes)
