from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("sync", "0037_standings_planned_once"),)

    operations = (migrations.AddField("unitbucket", "tried_at", models.DateTimeField(null=True)),)
