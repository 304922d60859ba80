"""Addresses end like users do, domains say how they are served, and what waits is known."""

from datetime import timedelta

from django.db import migrations, models
from django.db.models import Q

_STALE_AFTER = timedelta(hours=72)


class Migration(migrations.Migration):
    dependencies = (("directory", "0013_alias_proved"),)

    operations = (
        migrations.AddField("address", "ending_since", models.DateTimeField(null=True, blank=True)),
        migrations.AddField("address", "confirmed_at", models.DateTimeField(null=True, blank=True)),
        *(
            migrations.AddField(
                model, "unicode_name", models.TextField(blank=True, default="", db_default="", db_collation="C")
            )
            for model in ("domain", "domainalias")
        ),
        migrations.AddField(
            "domain",
            "serving",
            models.TextField(
                choices=[("serve", "Serve the list"), ("watch", "Watch only"), ("pass", "Pass through")],
                default="serve",
                db_default="serve",
            ),
        ),
        migrations.AddField("domain", "plus_tags", models.BooleanField(default=True, db_default=True)),
        migrations.AddField(
            "domain", "stale_after", models.DurationField(default=_STALE_AFTER, db_default=_STALE_AFTER)
        ),
        migrations.CreateModel(
            "WaitingAddress",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "domain",
                    models.ForeignKey(
                        "directory.domain", on_delete=models.CASCADE, related_name="waiting", db_index=False
                    ),
                ),
                ("address", models.TextField(db_collation="C")),
                ("since", models.DateTimeField()),
            ],
            options={
                "constraints": (models.UniqueConstraint(fields=("domain", "address"), name="waiting_once_a_domain"),)
            },
        ),
        *(
            migrations.AddIndex(
                model, models.Index("unicode_name", name=f"{name}_by_unicode_name", condition=~Q(unicode_name=""))
            )
            for model, name in (("domain", "domain"), ("domainalias", "alias"))
        ),
        migrations.AddIndex(
            "address",
            models.Index(fields=("domain",), name="address_ending", condition=Q(ending_since__isnull=False)),
        ),
        migrations.AddConstraint(
            "address",
            models.CheckConstraint(
                condition=Q(ending_since__isnull=False) | Q(confirmed_at__isnull=True), name="address_confirmed_ending"
            ),
        ),
        migrations.AddConstraint(
            "domain",
            models.CheckConstraint(condition=Q(serving__in=["serve", "watch", "pass"]), name="domain_serving_known"),
        ),
        migrations.AddConstraint(
            "domain",
            models.CheckConstraint(condition=Q(stale_after__gt=timedelta()), name="domain_stale_after_some_time"),
        ),
    )
