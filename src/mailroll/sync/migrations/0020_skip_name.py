"""Whom a run left out, by the name that people know."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("sync", "0019_shown_beside"),)

    operations = (migrations.AddField("runskip", "name", models.TextField(blank=True, default="", db_default="")),)
