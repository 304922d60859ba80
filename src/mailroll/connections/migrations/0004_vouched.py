"""Keeps whether somebody at the top made a connection. Those that are there count as made so, like domains that are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("connections", "0003_read_at"),)

    operations = (
        migrations.AddField("connection", "vouched", models.BooleanField(default=False, db_default=False)),
        migrations.RunSQL("UPDATE connections_connection SET vouched = true", migrations.RunSQL.noop),
    )
