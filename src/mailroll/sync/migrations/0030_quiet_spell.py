import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("directory", "0024_restoration"), ("sync", "0029_notifications"))

    operations = (
        migrations.CreateModel(
            name="QuietSpell",
            fields=[
                (
                    "domain",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="quiet",
                        serialize=False,
                        to="directory.domain",
                    ),
                ),
                ("ground", models.CharField(max_length=64)),
                ("types", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list)),
                ("began_at", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("checks", models.PositiveIntegerField(db_default=0, default=0)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("lease", models.PositiveBigIntegerField(db_default=0, default=0)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
    )
