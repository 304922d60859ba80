"""Servers are woken where it changes who is let in."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).with_name("0007_admissions.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = (("gateway", "0006_noted"), ("accounts", "0007_tokens"), ("directory", "0020_departures"))

    operations = (migrations.RunSQL(_SQL),)
