"""The automatic sync from the command line."""

from datetime import UTC, datetime
from uuid import uuid4

from mailroll.audit.models import AuditEntry
from mailroll.sync.models import Schedule, Trigger
from mailroll.sync.runs import make
from tests.cli.commands import mailroll
from tests.sync.world import DOMAIN, Customer


def test_the_switch_waits_for_a_preview_that_was_looked_at(customer: Customer) -> None:
    refused = mailroll("domain", "automatic", DOMAIN, "on", "--json")
    assert refused.exit_code == 3
    assert refused.document["error"]["code"] == "preview_first"
    assert mailroll("preview", DOMAIN).exit_code == 0
    done = mailroll("domain", "automatic", DOMAIN, "on", "--json")
    assert done.exit_code == 0
    assert (done.document["automatic"], done.document["interval"]) == (True, 60)
    assert done.document["next_run_at"]


def test_a_preview_under_other_settings_does_not_count(customer: Customer) -> None:
    mailroll("preview", DOMAIN)
    mailroll("source", "set", "Office 365", "--guests")
    assert mailroll("domain", "automatic", DOMAIN, "on", "--json").document["error"]["code"] == "preview_first"


def test_a_preview_that_failed_does_not_count(customer: Customer) -> None:
    customer.simulator.faults.on("malformed_json")
    assert mailroll("preview", DOMAIN).exit_code == 1
    assert mailroll("domain", "automatic", DOMAIN, "on", "--json").document["error"]["code"] == "preview_first"


def test_the_way_round_is_audited(customer: Customer) -> None:
    done = mailroll("domain", "automatic", DOMAIN, "on", "--without-preview")
    assert done.out.startswith("On. Runs every 60 minutes, next at ")
    entry = AuditEntry.objects.get(action="automatic.on")
    assert entry.actor.startswith("cli:")
    assert entry.details["previewed"] is False


def test_the_switch_goes_off(customer: Customer) -> None:
    mailroll("domain", "automatic", DOMAIN, "on", "--without-preview")
    assert mailroll("domain", "automatic", DOMAIN, "off").out.startswith("Off.")


def test_the_interval_is_set(customer: Customer) -> None:
    assert mailroll("domain", "interval", DOMAIN, "15", "--json").document["interval"] == 15
    refused = mailroll("domain", "interval", DOMAIN, "4", "--json")
    assert refused.exit_code == 1
    assert refused.document["error"]["code"] == "interval_out_of_bounds"


def test_a_paused_domain_says_why_and_what_ends_that(customer: Customer) -> None:
    mailroll("domain", "automatic", DOMAIN, "on", "--without-preview")
    customer.simulator.faults.on("forbidden")
    customer.sync()
    shown = mailroll("domain", "interval", DOMAIN, "30")
    assert shown.out.startswith("On, paused. ")
    assert f"Nothing is tried by itself: once it is mended, mailroll sync {DOMAIN}." in shown.out


def test_a_domain_that_cannot_be_read_says_when_it_is_tried_again(customer: Customer) -> None:
    customer.time.at = datetime.now(UTC)
    mailroll("domain", "automatic", DOMAIN, "on", "--without-preview")
    customer.simulator.faults.on("throttle", retry_after=61)
    for _ in range(2):
        make.carry_out(customer.domain, Trigger.AUTOMATIC, uuid4(), customer.acting)
    following = Schedule.objects.get(domain=customer.domain).next_run_at
    assert following is not None
    told = f"Next try at {following:%Y-%m-%d %H:%M} UTC, second failure in a row: Microsoft Graph asks for a pause."
    shown = mailroll("domain", "interval", DOMAIN, "60")
    assert shown.out == f"On. {told}\n"
    assert mailroll("source", "list", DOMAIN).out.endswith(f"\n{told}\n")
    document = mailroll("domain", "interval", DOMAIN, "60", "--json").document
    assert (document["failures"], document["failing"]["code"]) == (2, "throttled")
