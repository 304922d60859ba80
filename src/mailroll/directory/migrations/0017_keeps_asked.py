"""Organizations say whether it is kept which addresses gateways ask for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("directory", "0016_pauses"),)

    operations = (
        migrations.AddField("organization", "keeps_asked", models.BooleanField(default=True, db_default=True)),
    )
