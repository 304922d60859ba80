"""Runs `mailroll` commands in this process."""

import json
from dataclasses import dataclass
from typing import Any

from typer.testing import CliRunner


@dataclass(frozen=True)
class Answer:
    exit_code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


def mailroll(*words: str) -> Answer:
    from mailroll.cli.app import app  # noqa: PLC0415 - its modules need Django to be set up

    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    return Answer(done.exit_code, done.stdout, done.stderr)
