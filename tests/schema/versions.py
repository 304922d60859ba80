"""Tables that another version has changed, for as long as a test looks."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


@contextmanager
def later_version() -> Iterator[None]:
    recorder = MigrationRecorder(connection)
    recorder.record_applied("sync", "9999_later")
    try:
        yield
    finally:
        recorder.record_unapplied("sync", "9999_later")


@contextmanager
def earlier_version() -> Iterator[None]:
    recorder = MigrationRecorder(connection)
    last = recorder.migration_qs.filter(app="directory").latest("id")
    recorder.record_unapplied(last.app, last.name)
    try:
        yield
    finally:
        recorder.record_applied(last.app, last.name)
