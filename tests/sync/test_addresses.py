"""Asking a directory about one address now: a worker asks, judges as a run would, and it is let go of after an hour."""

import pytest
from django.db import connection as database

from mailroll.audit.models import AuditEntry
from mailroll.connections import filters
from mailroll.directory import edit
from mailroll.directory.models import User
from mailroll.insight import directory_answers
from mailroll.insight.directory_answers import DirectoryAnswer
from mailroll.reconcile.addresses import Address
from mailroll.reconcile.errors import Refused
from mailroll.sync.addresses import questions, replies
from mailroll.sync.models import AddressQuestion
from mailroll.sync.workers import tick
from tests.sync.world import DOMAIN, Customer


def _ask(customer: Customer, address: str) -> DirectoryAnswer:
    question = questions.ask_for(Address(address), customer.domain, customer.acting)
    replies.answer(question)
    told = directory_answers.of_address(Address(address), customer.domain, customer.time())
    assert told is not None
    return told


def _headlines(told: DirectoryAnswer) -> str:
    return " / ".join(one.headline for one in told.said)


def test_who_joined_a_moment_ago_is_found_by_any_address(customer: Customer) -> None:
    customer.sync()
    customer.tenant.add_user("Conor O'Neil", local="joiner", aliases=[f"o'neil+x&y@{DOMAIN}"])
    for address in (f"joiner@{DOMAIN}", f"o'neil+x&y@{DOMAIN}"):
        told = _ask(customer, address)
        assert told.found
        assert "User Conor O'Neil, object" in _headlines(told)
        assert _headlines(told).endswith("has it")
        assert not told.waits
    assert User.objects.filter(domain=customer.domain).count() == 12


def test_who_is_nowhere_is_not_found(customer: Customer) -> None:
    told = _ask(customer, f"nobody@{DOMAIN}")
    assert not told.found
    assert "does not have this address" in _headlines(told)


def test_it_is_judged_as_a_run_would(customer: Customer) -> None:
    rule = {"field": "displayName", "operator": "is not", "value": "Agency Driver"}
    filters.save(customer.source, filters.check(customer.source, {"all": [rule]}), customer.acting)
    customer.tenant.add_user("Agency Driver", local="driver")
    (said,) = _ask(customer, f"driver@{DOMAIN}").said
    assert said.headline.endswith("has it, and a run leaves it out")
    assert "displayName" in said.detail


def test_an_object_that_is_known_is_asked_for_by_id(customer: Customer) -> None:
    customer.sync()
    customer.tenant.change_user(f"p2@{DOMAIN}", proxyAddresses=[f"SMTP:elsewhere@{DOMAIN}"], mail=f"elsewhere@{DOMAIN}")
    (said,) = _ask(customer, f"p2@{DOMAIN}").said
    assert said.headline.endswith("is there without this address")


def test_two_clicks_are_one_question_and_many_are_too_many(customer: Customer) -> None:
    first = questions.ask_for(Address(f"a@{DOMAIN}"), customer.domain, customer.acting)
    assert questions.ask_for(Address(f"a@{DOMAIN}"), customer.domain, customer.acting) == first
    for number in range(questions.MOST - 1):
        questions.ask_for(Address(f"a{number}@{DOMAIN}"), customer.domain, customer.acting)
    with pytest.raises(Refused, match="in the last 10 minutes"):
        questions.ask_for(Address(f"b@{DOMAIN}"), customer.domain, customer.acting)
    customer.time.pass_(minutes=11)
    questions.ask_for(Address(f"b@{DOMAIN}"), customer.domain, customer.acting)
    assert AuditEntry.objects.filter(action="address.asked").count() == questions.MOST + 1
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%%address'")
        assert cursor.fetchone() == (questions.MOST + 1,)


def test_what_is_an_hour_old_is_gone_and_a_worker_that_died_is_not_waited_for(customer: Customer) -> None:
    address = Address(f"a@{DOMAIN}")
    questions.ask_for(address, customer.domain, customer.acting)
    told = directory_answers.of_address(address, customer.domain, customer.time())
    assert told is not None
    assert told.waits
    customer.time.pass_(minutes=3)
    assert directory_answers.of_address(address, customer.domain, customer.time()) is None
    customer.time.pass_(minutes=58)
    tick.fill(customer.time(), 0, leaves_quiet=False)
    assert not AddressQuestion.objects.exists()


def test_a_directory_that_does_not_answer_is_said(customer: Customer) -> None:
    customer.simulator.faults.on("consent_not_granted")
    (said,) = _ask(customer, f"p1@{DOMAIN}").said
    assert said.detail
    assert "p1" not in said.headline


def test_a_domain_without_a_source_has_nobody_to_ask(customer: Customer) -> None:
    other = edit.add_domain(customer.domain.organization, "other.example", customer.acting)
    with pytest.raises(Refused, match="no source"):
        questions.ask_for(Address("a@other.example"), other, customer.acting)
