"""A domain belongs to whoever proved it. Those that are here count as proved."""

from django.db import migrations, models
from django.db.models import Q

_WAYS = [
    ("dns", "DNS record"),
    ("tenant", "Microsoft 365 tenant"),
    ("top", "Vouched for"),
    ("before", "From before"),
]


class Migration(migrations.Migration):
    dependencies = (("directory", "0022_census"),)

    operations = (
        migrations.SeparateDatabaseAndState(
            database_operations=(
                # By defaults, so that no row is touched: a table whose rows have just changed cannot be altered.
                migrations.RunSQL(
                    """
                    ALTER TABLE directory_domain ADD COLUMN proved_at timestamptz DEFAULT now(),
                        ADD COLUMN proved_by text NOT NULL DEFAULT 'before';
                    ALTER TABLE directory_domain ALTER COLUMN proved_at DROP DEFAULT,
                        ALTER COLUMN proved_by SET DEFAULT '';
                    """,
                    "ALTER TABLE directory_domain DROP COLUMN proved_at, DROP COLUMN proved_by",
                ),
            ),
            state_operations=(
                migrations.AddField("domain", "proved_at", models.DateTimeField(blank=True, null=True)),
                migrations.AddField(
                    "domain", "proved_by", models.TextField(blank=True, choices=_WAYS, db_default="", default="")
                ),
            ),
        ),
        migrations.AddField("domain", "claimed_at", models.DateTimeField(blank=True, null=True)),
        # First the new rule, then without the old one: whoever looks up a name has an index all the time.
        migrations.AddConstraint(
            "domain",
            models.UniqueConstraint(fields=("organization", "name"), name="domain_once_an_organization"),
        ),
        migrations.AddConstraint(
            "domain",
            models.UniqueConstraint(fields=("name",), condition=Q(proved_at__isnull=False), name="domain_proved_once"),
        ),
        migrations.AlterField("domain", "name", models.TextField(db_collation="C")),
        migrations.AddConstraint(
            "domain",
            models.CheckConstraint(
                condition=Q(proved_at__isnull=True, proved_by="")
                | Q(
                    proved_at__isnull=False,
                    claimed_at__isnull=True,
                    proved_by__in=["dns", "tenant", "top", "before"],
                ),
                name="domain_proved_somehow",
            ),
        ),
        migrations.AddConstraint(
            "domain",
            models.CheckConstraint(
                condition=Q(proved_at__isnull=False) | Q(has_source=False), name="domain_unproved_unread"
            ),
        ),
    )
