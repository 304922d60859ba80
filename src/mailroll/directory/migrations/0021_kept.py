"""Who a person restored is kept until it is listed again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("directory", "0020_departures"),)

    operations = (migrations.AddField("user", "kept", models.BooleanField(default=False, db_default=False)),)
