"""A table for what the throttle of the sign-in counts."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

# The columns that Django's cache in the database expects.
CACHE = """
    CREATE TABLE accounts_cache (
        cache_key varchar(255) NOT NULL PRIMARY KEY,
        value text NOT NULL,
        expires timestamp with time zone NOT NULL);
    CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("accounts", "0003_no_theme")]

    operations: ClassVar[list[Operation]] = [migrations.RunSQL(CACHE, "DROP TABLE accounts_cache")]
