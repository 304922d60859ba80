"""Runs commands as a person would, each shown before its answer."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from mailroll.cli.output import Exit
from mailroll.cli.processes import MAILROLL, Guardian

if TYPE_CHECKING:
    from mailroll_simulator import Simulator


@dataclass(slots=True)
class Scene:
    """The environment that every command of the demo runs in."""

    environment: dict[str, str]
    guardian: Guardian
    """Who stops what was started, should the demo be killed, as by closing its terminal."""

    def run(self, *words: str) -> None:
        """Run a command and let it print; the demo ends where it fails."""
        print(f"\n$ mailroll {shlex.join(words)}", flush=True)
        process = self._run(command(*words), None)
        if process.returncode:
            raise typer.Exit(process.returncode)

    def ask(self, *words: str) -> Mapping[str, Any]:
        """Run a command for the id in its answer."""
        print(f"\n$ mailroll {shlex.join(words)}", flush=True)
        process = self._run(command(*words, "--json"), subprocess.PIPE)
        if process.returncode:
            print(process.stdout.decode(errors="replace"), file=sys.stderr)
            raise typer.Exit(Exit.FAILED)
        answer: Mapping[str, Any] = json.loads(process.stdout)
        print(answer["id"], flush=True)
        return answer

    def _run(self, words: list[str], output: int | None) -> "subprocess.CompletedProcess[bytes]":
        # It may be about to start the database: the guardian stops that once this has ended, too.
        return subprocess.run(  # noqa: S603 - our own command
            words, env=self.environment, stdout=output, pass_fds=self.guardian.waits_for, check=False
        )


def command(*words: str) -> list[str]:
    return [*MAILROLL, *words]


def surroundings(data: Path) -> dict[str, str]:
    """Nothing of Mailroll's own that the caller has set: the demo must not touch a real installation."""
    others = {
        key: value for key, value in os.environ.items() if key != "DATABASE_URL" and not key.startswith("MAILROLL_")
    }
    return {**others, "MAILROLL_DATA_DIR": str(data)}


def environment(data: Path, simulator: "Simulator") -> dict[str, str]:
    return {
        **surroundings(data),
        "MAILROLL_CUSTOM_LOGIN_URL": simulator.login_url,
        "MAILROLL_CUSTOM_GRAPH_URL": simulator.graph_url,
        "MAILROLL_CUSTOM_PAGES_URL": simulator.front_url,
        "MAILROLL_CUSTOM_CA_FILE": str(simulator.ca_file),
    }


def secret_file(path: Path, secret: str) -> Path:
    """Write a secret where only its owner reads it."""
    path.touch(mode=0o600)
    path.write_text(secret, encoding="ascii")
    return path


def say(words: str) -> None:
    print(f"\n--- {words}", flush=True)
