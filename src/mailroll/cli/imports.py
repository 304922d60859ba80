"""The command that brings users from a file."""

from pathlib import Path
from typing import Annotated

import typer

from mailroll.cli import runs
from mailroll.cli.files import content
from mailroll.cli.output import Output, acting, answers
from mailroll.cli.statics import refused
from mailroll.directory import edit, queries
from mailroll.insight import run_queries
from mailroll.reconcile.errors import MailrollError
from mailroll.reconcile.imports import Missing
from mailroll.sync import imports

_SHOWN = 50
"""Lines that are left out and named; the rest is in --json."""


@answers
def bring(
    domain: str,
    file: Path,
    replace: Annotated[
        bool, typer.Option("--replace", help="Retire the users made by hand that the file lacks.")
    ] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Apply it; without this it is only planned.")] = False,
    changes: runs.Changes = False,
) -> Output:
    """Compare a CSV file of users with the list, under the same guards as a sync; with --apply carry it out."""
    row, file_content = queries.domain(domain), content(file)
    use = imports.run if apply else imports.preview
    try:
        run = use(file_content, Missing.RETIRES if replace else Missing.STAYS, row, acting())
        answer = runs.answer(run, whole=changes)
    except edit.BadList as problem:
        return refused(problem)
    except MailrollError as error:
        return runs.refused(row.name, error, whole=changes)
    left_out = run_queries.left_out(run)
    text = [answer.text, *(f"Left out: {skip['address']}: {skip['message']}" for skip in left_out[:_SHOWN])]
    text += [f"... and {len(left_out) - _SHOWN:,} more; see --json" for _ in [0] if len(left_out) > _SHOWN]
    return Output({**answer.document, "left_out": left_out}, "\n".join(text), answer.exit, answer.lists)
