"""Alerts from the command line."""

from datetime import timedelta
from uuid import uuid4

import pytest

from mailroll.audit import clock
from mailroll.audit.models import AuditEntry
from mailroll.connections.models import Connection
from tests.cli.commands import mailroll
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db(transaction=True)


def test_alerts_are_listed_put_off_and_acknowledged(customer: Customer) -> None:
    assert mailroll("alerts", "list").out == "There is none.\n"
    Connection.objects.update(credential_ends_at=clock.now() + timedelta(days=20))
    (one,) = mailroll("alerts", "list", "--check", "--organization", "Brightwater Joinery", "--json").document
    assert (one["cause"], one["severity"], one["domains"], one["ended_at"]) == ("secret_ends", "soon", [DOMAIN], None)
    assert DOMAIN in mailroll("alerts", "list").out
    later = mailroll("alerts", "snooze", one["id"], "change", "--json")
    assert (later.exit_code, later.document["snoozed_until"]) == (0, "change")
    assert mailroll("alerts", "list", "--json").document == []
    assert len(mailroll("alerts", "list", "--show", "snoozed", "--json").document) == 1
    assert mailroll("alerts", "reopen", one["id"]).exit_code == 0
    taken = mailroll("alerts", "acknowledge", one["id"], "--note", "Tom renews it.", "--json").document
    assert (taken["note"], taken["acknowledged_by"][:4]) == ("Tom renews it.", "cli:")
    assert AuditEntry.objects.filter(action="alert.acknowledged").exists()
    Connection.objects.update(credential_ends_at=None)
    assert mailroll("alerts", "list", "--check", "--json").document == []
    over = mailroll("alerts", "snooze", one["id"], "hour", "--json")
    assert (over.exit_code, over.document["error"]["code"]) == (3, "alert_over")
    for odd in ("x", str(uuid4())):
        unknown = mailroll("alerts", "reopen", odd, "--json")
        assert (unknown.exit_code, unknown.document["error"]["code"]) == (1, "alert_unknown")
