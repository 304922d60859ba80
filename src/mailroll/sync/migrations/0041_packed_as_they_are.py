"""Hashes are stored as they are: to look for what repeats in them takes longer than to write them, and finds little."""

from django.db import migrations

_STORAGE = """
    ALTER TABLE sync_steadystate ALTER COLUMN trace SET STORAGE {0}, ALTER COLUMN marks SET STORAGE {0}
"""


class Migration(migrations.Migration):
    dependencies = (("sync", "0040_block_marks"),)

    operations = (migrations.RunSQL(_STORAGE.format("EXTERNAL"), _STORAGE.format("EXTENDED")),)
