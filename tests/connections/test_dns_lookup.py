"""What name servers say of the record that proves a domain, and what people are told of it."""

import asyncio
from collections.abc import Iterator
from socket import AF_INET, SOCK_DGRAM, socket

import pytest

from mailroll.connections.ownership.lookup import MOST, expect
from mailroll.connections.ownership.record import TxtRecord, new_token, record_of
from mailroll.reconcile.errors import BadInput, Broken, MailrollError, NotVerified, Retry
from mailroll.settings import NameServer
from tests.connections.zones import Odd, Zones, serving

RECORD = record_of("birch.example", "0123456789abcdef0123456789abcdef")


@pytest.fixture(scope="module")
def _server() -> Iterator[Zones]:
    with serving() as zones:
        yield zones


@pytest.fixture
def zones(_server: Zones) -> Zones:
    for kept in (_server.txt, _server.cname, _server.odd, _server.asked):
        kept.clear()
    return _server


def look(zones: Zones, record: TxtRecord = RECORD, *, seconds: float = 300) -> None:
    asyncio.run(expect(record, [zones.server], seconds))


def wrong(zones: Zones, record: TxtRecord = RECORD, *, seconds: float = 300) -> MailrollError:
    with pytest.raises(MailrollError) as caught:
        look(zones, record, seconds=seconds)
    assert caught.value.help
    return caught.value


def test_a_record_stands_below_the_domain_and_every_token_is_another() -> None:
    assert TxtRecord("_mailroll-challenge.birch.example", "mailroll-proof=0123456789abcdef0123456789abcdef") == RECORD
    assert new_token() != new_token()
    assert len(new_token()) * 4 >= 128


def test_the_record_proves_the_domain(zones: Zones) -> None:
    zones.write(RECORD.name, RECORD.value)
    look(zones)
    assert zones.asked == [(RECORD.name, "UDP")]


def test_other_values_beside_it_and_a_value_in_parts_do_no_harm(zones: Zones) -> None:
    zones.txt[RECORD.name] = [("v=spf1 -all",), (RECORD.value[:9], RECORD.value[9:]), ("mailroll-proof=other",)]
    look(zones)


def test_an_answer_that_does_not_fit_comes_over_tcp(zones: Zones) -> None:
    zones.write(RECORD.name, *(f"{number:03}" * 20 for number in range(MOST - 1)), RECORD.value)
    look(zones)
    assert zones.asked == [(RECORD.name, "UDP"), (RECORD.name, "TCP")]


def test_more_values_than_anybody_needs_are_not_read(zones: Zones) -> None:
    zones.write(RECORD.name, *(str(number) for number in range(MOST)), RECORD.value)
    assert wrong(zones).code == "dns_too_many"


def test_without_the_name_and_without_the_record_people_are_told_where_it_belongs(zones: Zones) -> None:
    missing = wrong(zones)
    zones.txt[RECORD.name] = []
    bare = wrong(zones)
    assert (missing.code, bare.code) == ("dns_no_name", "dns_no_record")
    assert isinstance(missing, NotVerified)
    assert "zone of birch.example" in missing.help == bare.help


def test_another_value_is_shown_and_cannot_hide_the_words_beside_it(zones: Zones) -> None:
    zones.write(RECORD.name, "mailroll-proof=old", "\\226\\128\\174evil", "x" * 200, "four")
    told = wrong(zones)
    assert told.code == "dns_other_value"
    assert "Found: “mailroll-proof=old”, “four”, “" in told.message  # in whatever order they came
    assert "\u202e" not in told.message
    assert "x" * 61 not in told.message
    assert told.message.endswith(" and 1 more.")


@pytest.mark.parametrize("there", [True, False])
def test_a_cname_proves_nothing_wherever_it_leads(zones: Zones, *, there: bool) -> None:
    """Many zones have one CNAME for all names: whoever has its other end would have proved the domain."""
    zones.cname[RECORD.name] = "all.hosting.example"
    if there:
        zones.write("all.hosting.example", RECORD.value)
    told = wrong(zones)
    assert (told.code, "all.hosting.example" in told.message) == ("dns_alias", True)


def test_a_cname_to_a_name_without_the_record_is_told_too(zones: Zones) -> None:
    zones.cname[RECORD.name] = "all.hosting.example"
    zones.txt["all.hosting.example"] = []
    assert wrong(zones).code == "dns_alias"


def test_a_server_that_fails_may_be_asked_again(zones: Zones) -> None:
    zones.odd[RECORD.name] = Odd.FAILS
    told = wrong(zones)
    assert (told.code, isinstance(told, Retry)) == ("dns_server_failure", True)


def test_a_server_that_refuses_is_for_whoever_runs_the_installation(zones: Zones) -> None:
    zones.odd[RECORD.name] = Odd.REFUSES
    told = wrong(zones)
    assert (told.code, "REFUSED" in told.message, "MAILROLL_RESOLVER" in told.help) == ("dns_refused", True, True)


def test_silence_ends(zones: Zones) -> None:
    zones.odd[RECORD.name] = Odd.IS_SILENT
    told = wrong(zones, seconds=0.3)
    assert (told.code, isinstance(told, Retry)) == ("dns_timeout", True)


def test_nonsense_is_no_answer(zones: Zones) -> None:
    zones.odd[RECORD.name] = Odd.TALKS_NONSENSE
    told = wrong(zones, seconds=1)
    assert isinstance(told, (Broken, Retry))


def test_a_server_that_is_not_there_is_told(zones: Zones) -> None:
    with socket(AF_INET, SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        nobody = NameServer("127.0.0.1", line.getsockname()[1])
        with pytest.raises(Retry) as caught:
            asyncio.run(expect(RECORD, [nobody], 0.3))
    assert caught.value.code == "dns_timeout"


def test_a_name_without_room_for_a_record_is_told_so(zones: Zones) -> None:
    long = ".".join(["x" * 60] * 4)
    told = wrong(zones, record_of(long, "0"))
    assert (told.code, isinstance(told, BadInput)) == ("dns_name_too_long", True)
    assert zones.asked == []
