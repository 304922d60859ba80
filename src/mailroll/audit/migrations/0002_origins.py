"""Entries say where a request came from, and what happens often is counted beside them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Repetition",
            fields=[
                ("key", models.CharField(db_collation="C", max_length=64, primary_key=True, serialize=False)),
                ("action", models.TextField()),
                ("times", models.BigIntegerField()),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="auditentry",
            name="agent",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="client",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["at"], name="audit_by_time"),
        ),
        migrations.AddIndex(
            model_name="repetition",
            index=models.Index(fields=["action", "since"], name="repetition_by_action"),
        ),
    ]
