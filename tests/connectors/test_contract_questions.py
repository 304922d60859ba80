"""What every connector answers beside a reading, or again behind it: the second part of `test_contract`."""

import asyncio

import pytest

from mailroll.connectors.base import Connector, RecordPage, WantedObjects
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.errors import Retry
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, ObjectType, Purpose, Record
from tests.connectors.directories import Directory
from tests.connectors.test_contract import addresses, collected, everybody

ALL = WantedObjects(groups=True, contacts=True)
UNKNOWN = "00000000-0000-4000-8000-00000000dead"


async def outlined(connector: Connector) -> set[ExternalId]:
    """Read to the end with outlines where there may be any; return whom that shows."""
    pages = [part async for part in connector.read(outlined=True) if isinstance(part, RecordPage)]
    records = {record.id for page in pages for record in page.records}
    return records | {outline.id for page in pages for outline in page.outlines}


def test_what_a_reading_showed_is_told_again_where_the_connector_keeps_it(directory: Directory) -> None:
    async def go() -> None:
        async with directory.open(ALL) as connector:
            shown = await everybody(connector)
            assert not connector.keeps(len(shown) + 1)
            assert await outlined(connector) == shown.keys()
            if connector.keeps(len(shown)):
                first, *_ = shown
                assert [*connector.again([first])] == [shown[first]]
                assert not connector.again([])
                assert {record.id: record for record in connector.again(shown)} == shown

    asyncio.run(go())


def test_some_are_picked_from_a_listing_that_was_skimmed_and_all_are_read_from_it(directory: Directory) -> None:
    async def go() -> None:
        counts: list[int] = []
        async with directory.open(ALL) as connector:
            await connector.skim((), counts.append)
            shown = {**directory.people(), **directory.others()}
            assert sum(counts) == len(shown)
            some = [*shown][::3]
            page = await connector.picked(some)
            assert not page.unreadable
            assert {record.id for record in page.records} == set(some)
            directory.pause_at_the_second_page(on=True)  # nothing is asked for twice
            records: dict[ExternalId, Record] = {}
            async for part in connector.read(connector.kept()):
                if isinstance(part, RecordPage):
                    records |= {record.id: record for record in part.records}
            assert records.keys() == shown.keys()
            assert all(records[record.id] == record for record in page.records)

    asyncio.run(go())


def test_a_reading_that_was_told_to_wait_goes_on_from_what_it_kept_or_anew(directory: Directory) -> None:
    async def go() -> None:
        directory.pause_at_the_second_page(on=True)
        async with directory.open(ALL) as connector:
            with pytest.raises(Retry):
                await collected(connector, [])
            kept = connector.kept()
            directory.pause_at_the_second_page(on=False)
            pages = [part async for part in connector.read(kept) if isinstance(part, RecordPage)]
            came = {record.id: record for page in pages for record in page.records}
            assert came == await everybody(connector)

    asyncio.run(go())


def test_whoever_holds_an_address_is_found_by_it(directory: Directory) -> None:
    async def go() -> None:
        async with directory.open(ALL) as connector:
            shown = await everybody(connector)
            for name, texts in addresses(shown).items():
                for text in texts:
                    holders = await connector.holding(Address(text.lower()))
                    assert not holders.unread
                    assert holders.records == (shown[name],)
            [domain, *_] = sorted(directory.domains)
            assert not (await connector.holding(Address(f"nobody-at-all@{domain}"))).records

    asyncio.run(go())


def test_groups_are_named_by_id_and_address_and_every_name_has_an_answer(directory: Directory) -> None:
    async def go() -> None:
        inside = directory.members()
        async with directory.open() as connector:
            names = await connector.groups()
            assert {f"{directory.tenant}:{name.id}" for name in names} == inside.keys()
            for name in names:
                users = inside[ExternalId(f"{directory.tenant}:{name.id}")]
                for spelling in filter(None, (name.id, name.id.upper(), name.mail)):
                    members = (await connector.members([spelling]))[spelling]
                    assert (members.ids, members.object, members.problem) == (users, name.id, None)
            for spelling in ("No such group", UNKNOWN):
                members = (await connector.members([spelling]))[spelling]
                assert members.ids is UNSET
                assert members.problem is not None
                assert members.problem.help
            assert not await connector.members([])

    asyncio.run(go())


def test_a_user_is_asked_which_of_some_groups_they_are_in(directory: Directory) -> None:
    async def go() -> None:
        inside = directory.members()
        groups = {name.partition(":")[2]: users for name, users in inside.items()}
        async with directory.open() as connector:
            answers = await connector.memberships({name: [*groups] for name in directory.people()})
            assert answers.keys() == directory.people().keys()
            for user, answer in answers.items():
                held = frozenset(name for name, users in groups.items() if user in users)
                # Where a directory has no groups, nobody can tell, and that is not that somebody is in none.
                assert answer == held or (answer is UNSET and not groups)
            assert not await connector.memberships({})

    asyncio.run(go())


def test_mailboxes_say_what_they_are_for_and_whoever_is_gone_says_nothing(directory: Directory) -> None:
    async def go() -> None:
        first, *others = directory.people()
        directory.remove(first)
        async with directory.open() as connector:
            answers = await connector.purposes([first, *others])
            assert answers.purposes.keys() == {first, *others}
            assert answers.purposes[first] in {None, UNSET}
            assert all(isinstance(answers.purposes[key], Purpose) or answers.purposes[key] is UNSET for key in others)
            assert answers.refused <= answers.purposes.keys()
            assert (answers.refusal is None) is (not answers.refused)
            assert not (await connector.purposes([])).purposes

    asyncio.run(go())


def test_rooms_are_addresses(directory: Directory) -> None:
    async def go() -> None:
        async with directory.open() as connector:
            assert await connector.rooms() == directory.rooms()

    asyncio.run(go())


def test_an_object_of_another_type_does_not_answer(directory: Directory) -> None:
    async def go() -> None:
        async with directory.open(ALL) as connector:
            asked = dict.fromkeys(directory.people(), ObjectType.CONTACT)
            assert await connector.find(asked) == dict.fromkeys(asked)
            assert await connector.find_raw(asked) == dict.fromkeys(asked)

    asyncio.run(go())
