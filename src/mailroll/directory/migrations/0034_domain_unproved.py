"""Domains that nobody has proved have an index: all others are counted without a look at each."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("directory", "0033_hash_digits"),)

    operations = (
        migrations.AddIndex(
            "domain",
            models.Index("organization", name="domain_unproved", condition=models.Q(proved_at__isnull=True)),
        ),
    )
