"""Keys over two columns, which Django cannot write: what a row refers to lies in the row's own domain."""

from django.db import migrations

KEYS = (
    ("directory_user", "group_id", "directory_group"),
    ("directory_user", "owner_id", "directory_owner"),
    ("directory_address", "user_id", "directory_user"),
)

# Django adds an index for LIKE to every unique text. Under the collation "C" the key itself serves.
_INDEX_FOR_LIKE = "directory_address_address_8c7f0dc9_like"


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_same_domain"
                f" FOREIGN KEY (domain_id, {column}) REFERENCES {other} (domain_id, id)",
                f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_same_domain",
            )
            for table, column, other in KEYS
        ),
        migrations.RunSQL(
            f"DROP INDEX {_INDEX_FOR_LIKE}",
            f"CREATE INDEX {_INDEX_FOR_LIKE} ON directory_address (address text_pattern_ops)",
        ),
    ]
