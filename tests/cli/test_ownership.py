"""The proof of a domain from the command line."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_django import Settings

from mailroll.connections.models import DnsProof
from mailroll.directory import edit, queries
from mailroll.directory.models import Domain
from tests.cli.commands import mailroll
from tests.connections.zones import Zones, serving
from tests.directory.rolls import ACTING

NAME = "birch.example"
WITH_PLACE = f"Birch Ltd/{NAME}"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def zones(settings: Settings) -> Iterator[Zones]:
    with serving() as zones:
        settings.MAILROLL = replace(settings.MAILROLL, resolver=(zones.server,))
        edit.add_organization("Birch Ltd", ACTING)
        yield zones


def test_a_domain_that_is_not_vouched_for_is_proved_by_its_record(zones: Zones) -> None:
    assert mailroll("domain", "add", NAME, "--organization", "Birch Ltd", "--no-proved").exit_code == 0
    bare = mailroll("domain", "proof", NAME, "--json")
    assert (bare.exit_code, bare.document["error"]["code"]) == (1, "domain_unproved")
    shown = mailroll("domain", "proof", WITH_PLACE, "--json").document
    assert (shown["proved"], shown["by"], shown["record"]["error"]) == (False, None, None)
    early = mailroll("domain", "prove", WITH_PLACE, "--json")
    assert (early.exit_code, early.document["error"]["code"]) == (1, "dns_no_name")
    again = mailroll("domain", "prove", WITH_PLACE, "--json")
    assert (again.exit_code, again.document["error"]["code"]) == (3, "dns_too_soon")
    DnsProof.objects.update(asked_at=None)
    zones.write(shown["record"]["name"], shown["record"]["value"])
    done = mailroll("domain", "prove", WITH_PLACE)
    assert (done.exit_code, "is proved since" in done.out, "(DNS record)" in done.out) == (0, True, True)
    assert mailroll("domain", "proof", NAME, "--json").document["by"] == "dns"


def test_the_record_is_shown_as_people_enter_it(zones: Zones) -> None:
    mailroll("domain", "add", NAME, "--organization", "Birch Ltd", "--no-proved")
    told = mailroll("domain", "proof", WITH_PLACE).out.splitlines()
    assert told[0] == f"Nobody has proved {NAME} yet."
    assert told[2:4] == ["Type   TXT", f"Name   _mailroll-challenge.{NAME}"]
    assert told[4].startswith("Value  mailroll-proof=")


def test_whoever_has_the_shell_vouches(zones: Zones) -> None:
    mailroll("domain", "add", NAME, "--organization", "Birch Ltd", "--no-proved")
    assert "not proved" in mailroll("domain", "list").out
    assert mailroll("domain", "prove", WITH_PLACE, "--vouch", "--json").document["by"] == "top"
    mailroll("domain", "alias", "add", NAME, "birch.test", "--no-proved")
    assert mailroll("domain", "proof", NAME, "--alias", "birch.test", "--json").document["proved"] is False
    assert mailroll("domain", "prove", NAME, "--alias", "birch.test", "--vouch", "--json").document["proved"] is True
    assert queries.accepted(Domain.objects.get()) == {NAME, "birch.test"}
    assert zones.asked == []


def test_a_word_takes_no_domain_from_whoever_proved_it(zones: Zones) -> None:
    mailroll("domain", "add", NAME, "--organization", "Birch Ltd")
    edit.add_organization("Oak Ltd", ACTING)
    mailroll("domain", "add", NAME, "--organization", "Oak Ltd", "--no-proved")
    refused = mailroll("domain", "prove", f"Oak Ltd/{NAME}", "--vouch", "--json")
    assert (refused.exit_code, refused.document["error"]["code"]) == (3, "domain_proved_elsewhere")
    assert "in another organization first" in mailroll("domain", "proof", f"Oak Ltd/{NAME}").out


def test_a_name_that_looks_like_another_is_told(zones: Zones) -> None:
    mailroll("domain", "add", "modern.example", "--organization", "Birch Ltd")
    added = mailroll("domain", "add", "rnodern.example", "--organization", "Birch Ltd", "--json")
    assert (set(added.document), added.document["looks_like"]) == ({"id", "looks_like"}, ["modern.example"])
