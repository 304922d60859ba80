"""Tells domains that something is read for from those without a source, which never grow old."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("directory", "0017_keeps_asked"),)

    operations = (migrations.AddField("domain", "has_source", models.BooleanField(default=False, db_default=False)),)
