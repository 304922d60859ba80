"""Whether Microsoft tells of changes: that needs an address it can reach, and an answer from there."""

from django.db.models import Count, Q

from mailroll.connections.models import ChangeSubscription
from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.insight.doctor.diagnosis import Diagnosis, good, spell, warns
from mailroll.settings import Switch

_ALL_THE_SAME = "automatic syncs find changes at their times"


def examine(circumstances: Circumstances) -> Diagnosis:
    """Judge by the rows that workers keep; nobody is asked. That none are told is no fault: nothing depends on it."""
    own = circumstances.settings
    if own.notifications is Switch.OFF:
        return good(f"Off by MAILROLL_NOTIFICATIONS; {_ALL_THE_SAME}.")
    if own.notification_url is None:
        return good(f"Off, as MAILROLL_URL is no public https address; {_ALL_THE_SAME}.")
    failing = Count("connection", distinct=True, filter=Q(failures__gt=0))
    sums = ChangeSubscription.objects.aggregate(all=Count("connection", distinct=True), failing=failing)
    if not sums["failing"]:
        phrase = spell(sums["all"], "connection", "connections")
        return good(f"Microsoft tells of changes of {phrase} at {own.notification_url}.")
    rows = ChangeSubscription.objects.filter(failures__gt=0, problem__isnull=False)
    newest = rows.order_by("-attended_at", "id").values_list("problem", flat=True).first() or {}
    return warns(
        f"Of {spell(sums['all'], 'connection', 'connections')}, {sums['failing']:,} could not have Microsoft tell of"
        f" all changes; {_ALL_THE_SAME}. The last answer: {newest.get('message', 'none.')}",
        newest.get("help", "") or "See the connection's page.",
    )
