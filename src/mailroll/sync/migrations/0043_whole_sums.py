"""A sum that is all there is of its organization says so: how many have a domain is told without grouping all rows.

Those that are there are parts, until the next beat of a worker puts them together.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("sync", "0042_listing_traces"),)

    operations = (
        migrations.AddField("standingsum", "is_whole", models.BooleanField(db_default=False, default=False)),
        migrations.AddIndex(
            "standingsum",
            models.Index("organization_id", name="sum_in_parts", condition=models.Q(is_whole=False)),
        ),
    )
