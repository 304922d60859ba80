"""Start, stop and look at the PostgreSQL of a data folder, from any number of processes at once."""

import fcntl
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import psycopg
from psycopg import sql

from mailroll.embedded import cluster, folders, locks, postmaster
from mailroll.embedded.account import account
from mailroll.embedded.binaries import installed, programs
from mailroll.embedded.cluster import SUPERUSER, Profile
from mailroll.embedded.errors import EmbeddedError
from mailroll.embedded.places import DATABASE, PORT, ROLE, ServerAddress, ServerFiles, address, places

PATIENCE = 300.0
"""Seconds: after a power cut PostgreSQL replays its log, which takes minutes on a slow disk."""

_PAUSE = 0.02
_REPORT_EVERY = 5.0

Tell = Callable[[str], None]


class FolderState(StrEnum):
    """What is found in a data folder."""

    ABSENT = "absent"
    """No database was ever made."""
    STOPPED = "stopped"
    CHANGING = "changing"
    """Starting, recovering or stopping."""
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Started:
    """A running server; `by_this_call` tells who is to stop it."""

    address: ServerAddress
    by_this_call: bool


def _silent(_: str) -> None: ...


def ensure(
    data_dir: Path, profile: Profile = Profile.DURABLE, *, tell: Tell = _silent, patience: float = PATIENCE
) -> Started:
    """Have the server running with its database, whoever else asks for the same at this moment.

    1. Make or check the data folder, and wait for our turn in it.
    2. Make the cluster on the first call; refuse one of another version.
    3. Start the server once nothing of an earlier one lives, and wait for it, recovery included.
    4. Make the role and the database on the first call.

    `tell` gets a sentence every few seconds while there is something to wait for. A server that runs already
    keeps the profile it was started with. Raises `EmbeddedError`.
    """
    files = places(data_dir)
    folders.prepare_home(files.home)
    with locks.turn(files.turn, patience):
        started = _bring_up(files, profile, tell, patience)
        _prepare(files)
    return Started(address(data_dir), by_this_call=started)


def stop(data_dir: Path, *, patience: float = PATIENCE) -> bool:
    """End every connection, stop the server and wait until its last process is gone; False if none ran."""
    files = places(data_dir)
    if not folders.used(files.home) or not files.turn.exists():
        return False
    with locks.turn(files.turn, patience):
        if locks.free(files.alive):
            return False
        deadline = time.monotonic() + patience
        pid: int | None = None
        while not locks.free(files.alive):
            if pid is None and (pid := postmaster.find(files)):
                os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    "embedded_still_stopping",
                    f"PostgreSQL did not stop within {patience:.0f} seconds.",
                    f"It may still be writing; wait, and look at its log: {files.log}",
                )
            time.sleep(_PAUSE)
        return True


def fell(data_dir: Path) -> bool:
    """Whether a server is gone that nobody stopped: its disk was full, or somebody killed it."""
    return status(data_dir) is FolderState.STOPPED and postmaster.ended_by_itself(places(data_dir))


def status(data_dir: Path) -> FolderState:
    """What is there now, without changing or waiting for anything."""
    files = places(data_dir)
    if not folders.used(files.home) or not files.turn.exists():
        return FolderState.ABSENT
    with locks.opened(files.turn) as turn:
        if not locks.take(turn, fcntl.LOCK_SH):
            return FolderState.CHANGING
        if locks.free(files.alive):
            return FolderState.STOPPED if files.cluster.exists() else FolderState.ABSENT
        return FolderState.RUNNING if postmaster.ready(files) else FolderState.CHANGING


def administrator(data_dir: Path) -> ServerAddress:
    """The address of the superuser, for what the application's own role may not do: making roles."""
    return replace(address(data_dir), user=SUPERUSER)


def _bring_up(files: ServerFiles, profile: Profile, tell: Tell, patience: float) -> bool:
    """Wait until the server answers; start it if it is gone, which may be so only after a moment.

    The children of a killed server live on until they notice, and a new one must not meet them.
    """
    began_at = reported_at = time.monotonic()
    started = False
    while not _answers(files):
        if locks.free(files.alive):
            if started:
                raise postmaster.failed(files)
            _start(files, profile)
            started = True
        now = time.monotonic()
        if now - began_at > patience:
            raise EmbeddedError(
                "embedded_still_starting",
                f"PostgreSQL was not ready after {patience:.0f} seconds.",
                f"It goes on starting by itself; look at its log and run the command again: {files.log}",
            )
        if now - reported_at > _REPORT_EVERY:
            tell(f"PostgreSQL is starting or recovering, {now - began_at:.0f} seconds so far.")
            reported_at = now
        time.sleep(_PAUSE)
    return started


def _start(files: ServerFiles, profile: Profile) -> None:
    server_account = account(files.cluster)
    tools = programs(server_account, original=installed())
    if not files.cluster.exists():
        cluster.make(files, server_account, tools, profile)
    cluster.check_version(files)
    folders.prepare_sockets(files, server_account)
    postmaster.start(files, server_account, tools, profile)


def _answers(files: ServerFiles) -> bool:
    if not postmaster.ready(files):
        return False
    try:
        _connect(files).close()
    except psycopg.OperationalError:
        return False
    return True


def _connect(files: ServerFiles) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(files.sockets), port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True, connect_timeout=10
    )


def _prepare(files: ServerFiles) -> None:
    """The application is no superuser: an injected statement shall not read files or run programs."""
    with _connect(files) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(ROLE))
            )
