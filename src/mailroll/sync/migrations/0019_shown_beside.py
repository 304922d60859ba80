"""Who asks for a sync beside a preview that waits asks for no more than that."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("sync", "0018_run_in_effect"),)

    operations = (
        migrations.AddField(
            "runrequest",
            "shown",
            models.ForeignKey("sync.run", django.db.models.deletion.SET_NULL, null=True, blank=True, related_name="+"),
        ),
    )
