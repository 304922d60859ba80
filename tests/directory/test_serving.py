"""How gateways are served with a domain is a setting that somebody changes, and that is noted."""

from dataclasses import replace

import pytest

from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory import edit
from mailroll.directory.models import Domain, Serving
from mailroll.reconcile.errors import BadInput
from tests.directory.rolls import Roll


def test_a_domain_is_served_with_tags_and_for_three_days_unless_told_otherwise(roll: Roll) -> None:
    assert edit.ServingWay.of(roll.domain) == edit.ServingWay(Serving.SERVE, plus_tags=True, stale_hours=72)


def test_a_change_is_kept_and_noted_once(roll: Roll, acting: Acting) -> None:
    wanted = edit.ServingWay(Serving.WATCH, plus_tags=False, stale_hours=24)
    edit.set_serving(roll.domain, wanted, acting)
    edit.set_serving(roll.domain, wanted, acting)
    assert edit.ServingWay.of(Domain.objects.get(id=roll.domain.id)) == wanted
    (entry,) = AuditEntry.objects.filter(action="domain.serving_set")
    assert (entry.subject, entry.details["before"], entry.details["after"]) == (roll.domain.name, "serve", "watch")


@pytest.mark.parametrize("hours", [-1, 0, 721, 10**30])
def test_an_age_outside_reason_is_refused(roll: Roll, acting: Acting, hours: int) -> None:
    with pytest.raises(BadInput, match="hours old"):
        edit.set_serving(roll.domain, replace(edit.ServingWay.of(roll.domain), stale_hours=hours), acting)
    assert edit.ServingWay.of(Domain.objects.get(id=roll.domain.id)).stale_hours == 72
