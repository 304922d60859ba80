"""Commands about the database: make it ready, and stop the embedded one."""

from mailroll.cli import storage
from mailroll.cli.output import AsJson, Output, answers


@answers
def migrate() -> Output:
    """Start the embedded PostgreSQL where it is in use, and bring the tables up to date."""
    return Output({"state": "ready"}, "The database is ready.")


def stop(as_json: AsJson = False) -> None:
    """Stop the embedded PostgreSQL."""
    stopped = storage.stop()
    print('{"stopped": true}' if stopped else '{"stopped": false}') if as_json else print(
        "Stopped." if stopped else "No embedded PostgreSQL was running."
    )
