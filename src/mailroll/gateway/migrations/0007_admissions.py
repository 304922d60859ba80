"""Servers are woken where it changes who is let in."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).with_name("0007_admissions.sql").read_text(encoding="utf-8")

_BACK = """
DROP TRIGGER wake_admissions ON accounts_token;
DROP TRIGGER wake_admissions ON accounts_token_organizations;
DROP TRIGGER wake_admissions ON directory_organization;
DROP FUNCTION gateway.wake_admissions()
"""


class Migration(migrations.Migration):
    dependencies = (("gateway", "0006_noted"), ("accounts", "0007_tokens"), ("directory", "0020_departures"))

    operations = (migrations.RunSQL(_SQL, _BACK),)
