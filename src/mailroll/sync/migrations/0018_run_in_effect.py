"""An index for the order in which runs took effect."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("sync", "0017_address_question"),)

    operations = (
        migrations.AddIndex("run", models.Index(fields=("domain", "-fence", "-number"), name="run_in_effect")),
    )
