"""What Microsoft's API may answer on a bad day: a clear code, and the roll as it was."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest
from pytest_django import Settings

from mailroll.directory import queries
from mailroll.insight import reports
from mailroll.insight.why.addresses import explain
from mailroll.sync.models import RunState
from tests.sync.world import DOMAIN, Customer, failure

ODD: Final = {"p3": "lone_surrogate", "p4": "nul_in_name", "p5": "wrong_type"}
"""Whose answers have a property that nobody can use."""


@pytest.fixture
def synced(customer: Customer) -> Customer:
    customer.sync()
    return customer


def _states(customer: Customer) -> list[queries.ListedUser]:
    return customer.everyone()


FAULTS: Final[tuple[tuple[str, Mapping[str, object], str], ...]] = (
    ("malformed_json", {}, "answer_malformed"),
    ("html_page", {}, "answer_malformed"),
    ("error_in_200", {}, "error_in_answer"),
    ("next_link_other_host", {}, "link_to_other_host"),
    ("redirect", {}, "redirect_refused"),
    ("forbidden", {}, "permission_missing"),
    ("unauthorized_always", {}, "token_refused"),
    ("inactive_secret", {}, "secret_expired"),
    ("token_error", {"code": 7000215}, "secret_wrong"),
    ("token_error", {"code": 700016}, "app_not_in_tenant"),
    ("token_error", {"code": 65001}, "consent_missing"),
    ("token_error", {"code": 90002}, "tenant_not_found"),
    ("token_error", {"code": 53003}, "conditional_access"),
)


def test_a_failed_reading_has_a_code_and_leaves_the_roll_as_it_was(synced: Customer) -> None:
    before = _states(synced)
    synced.tenant.delete_user(f"p1@{DOMAIN}")
    for fault, options, code in FAULTS:
        # A second page, so that there is a link to follow.
        synced.simulator.faults.on("empty_last_page")
        synced.simulator.faults.on(fault, **options)  # type: ignore[arg-type]
        run = synced.sync()
        assert (fault, run.state, failure(run)["code"]) == (fault, RunState.FAILED, code)
        assert failure(run)["message"]
        assert failure(run)["help"]
        assert synced.secret not in str(failure(run))
        assert _states(synced) == before
        synced.simulator.faults.clear()
    assert synced.sync().counts["retire"] == 1


def test_a_reading_that_takes_too_long_ends_as_a_failed_run_that_says_how_far_it_came(
    synced: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _states(synced)
    monkeypatch.setattr("mailroll.connectors.microsoft365.http.budget.LEAST", -1.0)
    run = synced.sync()
    assert (run.state, failure(run)["code"]) == (RunState.FAILED, "reading_too_slow")
    assert "It had come to page " in failure(run)["message"]
    assert _states(synced) == before


def test_a_listing_that_leaves_some_or_all_out_removes_nobody_since_everyone_answers_by_id(synced: Customer) -> None:
    before = _states(synced)
    for fault in ("source_empty", "skipped_user"):
        synced.simulator.faults.on(fault)
        run = synced.sync()
        assert (fault, run.counts["retire"]) == (fault, 0)
        assert "listing_incomplete" in {finding["code"] for finding in run.findings}
        assert _states(synced) == before
        synced.simulator.faults.clear()
    # Who was restored is listed late.
    user = synced.tenant.user(f"p1@{DOMAIN}")
    synced.tenant.delete_user(user)
    synced.tenant.restore_user(user)
    synced.simulator.faults.on("late_objects", seconds=3600)
    run = synced.sync()
    assert run.counts["retire"] == 0
    assert _states(synced) == before


def _has(customer: Customer, *aliases: str) -> None:
    addresses = [f"SMTP:p0@{DOMAIN}", *(f"smtp:{alias}@{DOMAIN}" for alias in aliases)]
    customer.tenant.change_user(f"p0@{DOMAIN}", proxyAddresses=addresses)


def test_one_stale_row_of_a_listing_ends_no_address(synced: Customer) -> None:
    _has(synced, "sales", "info")
    synced.sync()
    before = _states(synced)
    synced.simulator.faults.on("stale_row", user=synced.tenant.user(f"p0@{DOMAIN}").id)
    run = synced.sync()
    assert run.state == RunState.UNCHANGED
    assert [(one["code"], one["facts"]["objects"]) for one in run.findings] == [("listing_incomplete", "1")]
    assert _states(synced) == before
    _has(synced, "info")
    synced.simulator.faults.clear()
    run = synced.sync()
    assert (run.state, run.findings) == (RunState.APPLIED, [])
    assert synced.roll()[f"p0@{DOMAIN}"].aliases == (f"info@{DOMAIN}",)


def test_addresses_that_were_not_sent_are_not_addresses_that_are_gone(synced: Customer) -> None:
    before = _states(synced)
    synced.simulator.faults.on("missing_property")
    run = synced.sync()
    assert run.state == RunState.HELD
    assert {"properties_missing", "source_empty"} <= {finding["code"] for finding in run.findings}
    assert _states(synced) == before


def test_objects_that_cannot_be_read_stop_nobody_else(synced: Customer) -> None:
    synced.tenant.add_user("New Joiner", local="joiner")
    for local, fault in ODD.items():
        synced.simulator.faults.on(fault, user=f"{local}@{DOMAIN}")
    run = synced.sync()
    assert (run.state, run.counts["create"], run.counts["retire"]) == (RunState.APPLIED, 1, 0)
    (told,) = [finding for finding in run.findings if finding["code"] == "properties_mended"]
    for local in ODD:
        assert f"{local}@{DOMAIN}" in told["facts"]["names"]
        assert f"{local}@{DOMAIN}" in synced.roll()


@pytest.mark.parametrize("is_new", [False, True])
def test_an_odd_property_costs_no_address_of_a_new_one_or_a_known_one(customer: Customer, *, is_new: bool) -> None:
    if not is_new:
        customer.sync()
    for local, fault in ODD.items():
        proxies = [f"SMTP:{local}@{DOMAIN}", f"smtp:{local}.more@{DOMAIN}"]
        customer.tenant.change_user(f"{local}@{DOMAIN}", proxyAddresses=proxies)
        customer.simulator.faults.on(fault, user=f"{local}@{DOMAIN}")
    assert customer.sync().state == RunState.APPLIED
    for local in ODD:
        assert customer.roll()[f"{local}@{DOMAIN}"].aliases == (f"{local}.more@{DOMAIN}",)


def test_an_object_without_an_id_is_named_and_explained(synced: Customer) -> None:
    synced.tenant.add_user("New Joiner", local="joiner")
    synced.simulator.faults.on("missing_id", user=f"joiner@{DOMAIN}")
    synced.time.pass_(hours=1)
    synced.sync()
    why = explain(f"joiner@{DOMAIN}", synced.acting.now())
    assert "“New Joiner” without an id" in " ".join(one["message"] for one in why.reasons)


def test_another_tenant_s_answer_is_not_used_and_not_for_release(synced: Customer) -> None:
    before = _states(synced)
    synced.simulator.faults.on("other_organization")
    run = synced.sync()
    assert run.state == RunState.HELD
    assert [finding["code"] for finding in run.findings] == ["tenant_changed"]
    assert list(reports.changes(run)) == []
    assert _states(synced) == before


def test_a_domain_the_tenant_has_not_verified_is_held(synced: Customer) -> None:
    before = _states(synced)
    synced.tenant.unverify_domain(DOMAIN)
    synced.tenant.add_user("New Joiner", local="joiner", domain=DOMAIN)
    run = synced.sync()
    assert run.state == RunState.HELD
    assert [finding["code"] for finding in run.findings] == ["domain_not_verified"]
    assert _states(synced) == before


def test_addresses_that_no_gateway_may_take_are_left_out_one_by_one(customer: Customer) -> None:
    customer.tenant.change_user(
        f"p0@{DOMAIN}",
        proxyAddresses=[
            f"SMTP:p0@{DOMAIN}",
            f"smtp:*@{DOMAIN}",
            f"smtp:{'l' * 70}@{DOMAIN}",
            "smtp:p0@brightwater.onmicrosoft.com",
            "smtp:p0@another.example",
            "SIP:p0@brightwater.example",
            f"smtp: spaced@{DOMAIN}",
        ],
    )
    customer.sync()
    assert customer.roll()[f"p0@{DOMAIN}"].aliases == (f"spaced@{DOMAIN}",)


def test_two_objects_with_one_address_are_a_conflict_and_not_a_failure(customer: Customer) -> None:
    customer.tenant.change_user(f"p1@{DOMAIN}", proxyAddresses=[f"SMTP:p1@{DOMAIN}", f"smtp:p0@{DOMAIN}"])
    run = customer.sync()
    assert (run.state, len(customer.roll())) == (RunState.APPLIED, 12)
    assert "conflicts" in {finding["code"] for finding in run.findings}


def test_a_changed_environment_sends_no_secret_elsewhere(synced: Customer, settings: Settings) -> None:
    seen = len(synced.simulator.requests)
    settings.MAILROLL = replace(settings.MAILROLL, custom_graph_url="https://localhost:1")
    run = synced.sync()
    assert (run.state, failure(run)["code"]) == (RunState.FAILED, "custom_cloud_changed")
    assert len(synced.simulator.requests) == seen
