"""How a command answers: one JSON document or readable text on stdout, an error with a code, an exit code."""

import functools
import getpass
import inspect
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Annotated, Any

import typer
from django.db import InterfaceError, OperationalError

from mailroll.audit.actor import Acting
from mailroll.cli import storage
from mailroll.cli.complaints import complain, pieces
from mailroll.embedded import EmbeddedError
from mailroll.reconcile.errors import MailrollError, Refused
from mailroll.reconcile.text import shown
from mailroll.schema.outage import DATABASE_AWAY, outage
from mailroll.sealing import SealingError

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


class Exit(IntEnum):
    """What the exit code says; 2 is for a misused command line, and comes from its parser."""

    DONE = 0
    FAILED = 1
    HELD = 3
    """Nothing is wrong, and nothing is settled: it waits for a person, or for another try."""
    NO = 4
    """The answer to the question is no. Not 1: a database that is down must not look like an answer."""


class OnOff(StrEnum):
    """Where a switch shall stand."""

    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Output:
    """`document` is what `--json` prints, `text` what a person reads.

    `lists` are further members of the document, which can be long: they are printed item by item, and never held.
    """

    document: Any
    text: str
    exit: Exit = Exit.DONE
    lists: Mapping[str, Iterable[object]] = field(default_factory=dict)


def acting() -> Acting:
    """The command line acts as whoever is logged in to the machine."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # no entry for this account, as in some containers
        name = str(os.getuid())
    return Acting(f"cli:{name}")


@contextmanager
def complaining(*, as_json: bool) -> Iterator[None]:
    """Tell what went wrong in a way that a person or a program can act on, and end the command."""
    try:
        yield
    except (MailrollError, EmbeddedError, SealingError) as error:
        complain(error.code, error.message, error.help, as_json=as_json)
        raise typer.Exit(Exit.HELD if isinstance(error, Refused) else Exit.FAILED) from error
    except (OperationalError, InterfaceError) as error:
        away = outage(error) or DATABASE_AWAY
        complain(away.code, away.message, away.help, as_json=as_json)
        raise typer.Exit(Exit.FAILED) from error


def answering(prepare: Callable[[], object]) -> Callable[[Callable[..., Output]], Callable[..., None]]:
    """Make what returns an answer into a command with `--json` that prints it, once `prepare` has ended."""

    def made(command: Callable[..., Output]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(*args: object, as_json: bool, **kwargs: object) -> None:
            with complaining(as_json=as_json):
                prepare()
                answer = command(*args, **kwargs)
                if as_json:
                    for piece in pieces(answer.document, answer.lists):
                        print(piece, end="")
                print("" if as_json else shown(answer.text))
            raise typer.Exit(answer.exit)

        # What the parser of the command line reads.
        signature = inspect.signature(command)
        extra = inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=AsJson)
        run.__dict__["__signature__"] = signature.replace(parameters=[*signature.parameters.values(), extra])
        run.__annotations__ = {**command.__annotations__, "as_json": AsJson}
        return run

    return made


answers = answering(storage.ready)
"""The usual command: the database is up, with the tables of this version."""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a plain table for a terminal: aligned, without lines, as wide as its text."""
    body = [tuple(cell or "" for cell in row) for row in rows]
    widths = [max(len(row[column]) for row in [tuple(heads), *body]) for column in range(len(heads))]
    lines = [_line(heads, widths), _line(["-" * width for width in widths], widths)]
    lines += [_line(row, widths) for row in body]
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
