"""Each source keeps when it was last read. What was added after the last reading of its domain was not in it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("connections", "0002_group_spelling"), ("directory", "0018_has_source"))

    operations = (
        migrations.AddField("source", "read_at", models.DateTimeField(null=True, blank=True)),
        migrations.RunSQL(
            """
            UPDATE connections_source s SET read_at = d.read_at FROM directory_domain d
             WHERE d.id = s.domain_id AND s.enabled AND s.created_at <= d.read_at;
            UPDATE directory_domain d SET
                has_source = EXISTS (SELECT FROM connections_source s WHERE s.domain_id = d.id AND s.enabled),
                read_at = (SELECT min(s.read_at) FROM connections_source s WHERE s.domain_id = d.id AND s.enabled);
            """,
            migrations.RunSQL.noop,
        ),
    )
