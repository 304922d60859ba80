"""Static addresses are found among all users of a domain."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("directory", "0029_domain_by_name"),)

    operations = (
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                models.F("domain"),
                name="user_static",
                condition=models.Q(kind="static", owner__isnull=True, retired_at__isnull=True),
            ),
        ),
    )
