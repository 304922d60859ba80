"""Triggers that tell servers with a copy of the roll where it changed."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).with_name("0003_feed.sql").read_text(encoding="utf-8")
_UNDO = """
    DROP FUNCTION gateway.feed_addresses(), gateway.feed_updated_addresses(), gateway.feed_domains(),
        gateway.feed_everything(), gateway.wake() CASCADE;
    DROP TABLE gateway.feed
"""


class Migration(migrations.Migration):
    dependencies = (("gateway", "0002_asked"), ("directory", "0020_departures"))

    operations = (migrations.RunSQL(_SQL, _UNDO),)
