"""Commands about the database: make it ready, and stop the embedded one."""

from mailroll.cli import storage
from mailroll.cli.output import Output, answering, answers


@answers
def migrate() -> Output:
    """Start the embedded PostgreSQL where it is in use, and bring the tables up to date."""
    return Output({"state": "ready"}, "The database is ready.")


@answering(lambda: None)
def stop() -> Output:
    """Stop the embedded PostgreSQL."""
    stopped = storage.stop()
    return Output({"stopped": stopped}, "Stopped." if stopped else "No embedded PostgreSQL was running.")
