"""Draw `schema/blueprint.sql`: what pg_dump tells of a database that all migrations made, in a server of its own."""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import django

from mailroll import embedded
from mailroll.embedded.binaries import installed

_WORDS: Final = ("--no-owner", "--no-tablespaces", "--no-table-access-method", "--rows-per-insert=1000")
_LEFT: Final = ("--exclude-table=public.django_migrations", "--exclude-table=public.django_migrations_id_seq")
"""Who builds by it writes down themselves when that was."""
_PREAMBLE: Final = re.compile(r"\A.*?^(?=CREATE )", re.DOTALL | re.MULTILINE)
_HEADINGS: Final = re.compile(r"^--\n-- (?:Name|Data for Name): .*\n--\n", re.MULTILINE)
_END: Final = re.compile(r"^--\n-- PostgreSQL database dump complete\n--\n.*\Z", re.DOTALL | re.MULTILINE)
_NOT_COUNTED: Final = re.compile(r"^SELECT pg_catalog\.setval\(.*, 1, false\);\n", re.MULTILINE)
_GAPS: Final = re.compile(r"\n{3,}")


def drawn(dsn: str) -> str:
    """Return the statements that make this database, without what pg_dump tells of itself."""
    words = [str(installed() / "bin" / "pg_dump"), *_WORDS, *_LEFT, f"--dbname={dsn}"]
    text = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 - ours
    for what in (_PREAMBLE, _HEADINGS, _NOT_COUNTED, _END):
        text = what.sub("", text)
    return _GAPS.sub("\n\n", text).strip() + "\n"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="mailroll-blueprint-") as folder:
        Path(folder).chmod(0o755)  # the server runs as another account where this one is root
        home = Path(folder) / "data"
        try:
            dsn = embedded.ensure(home, embedded.Profile.DISPOSABLE).address.dsn
            _draw(dsn)
        finally:
            embedded.stop(home)


def _draw(dsn: str) -> None:
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - of what is set up above
    from django.db import connection  # noqa: PLC0415

    from mailroll.config.database import database  # noqa: PLC0415
    from mailroll.schema import age  # noqa: PLC0415
    from mailroll.schema.blueprint import Blueprint  # noqa: PLC0415

    connection.settings_dict.update(database(dsn))
    call_command("migrate", verbosity=0)
    Blueprint(frozenset(age.applied()), drawn(dsn)).write()
    connection.close()


if __name__ == "__main__":
    main()
