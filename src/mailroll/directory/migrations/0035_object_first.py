"""An object is looked up by itself: its index begins with it, and no longer with its domain.

The new index is there before the old one goes, so that who reads meanwhile waits for a moment alone.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("directory", "0034_domain_unproved"),)

    operations = (
        migrations.AddConstraint(
            "user",
            models.UniqueConstraint(
                fields=("external_id", "domain"),
                condition=models.Q(("external_id__isnull", False)),
                name="object_once_a_domain",
            ),
        ),
        migrations.RemoveConstraint("user", "user_once_an_object"),
    )
