"""The units of systemd that run an installation, as text. Directives are those of systemd 252, Debian 12's.

Every service is closed off as far as it goes on working: systemd.exec(5) names what each line of it takes away.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

ACCOUNT: Final = "mailroll"
ENVIRONMENT: Final = Path("/etc/mailroll/environment")
BACKUPS: Final = "mailroll-backups"
"""The folder of backups below /var/lib: beside the data folder, so that losing that one does not lose these."""

_HARDENED: Final = """\
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
ProtectProc=invisible
ProcSubset=pid
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
KeyringMode=private
UMask=0077"""
# RemoveIPC is left off: https://www.postgresql.org/docs/current/kernel-resources.html#SYSTEMD-REMOVEIPC says what it
# does to a PostgreSQL of the same account.


def units(program: str, *, embedded: bool) -> Mapping[str, str]:
    """Return each unit's text by the name of its file. `program`: the absolute path of the `mailroll` command.

    With the embedded PostgreSQL one service has database, Console and worker, which begin and end together; else the
    Console and the worker are services of their own.
    """
    main = _embedded(program) if embedded else _apart(program)
    after = sorted(main)
    return {
        **main,
        "mailroll-gateway.service": _service(
            "Mailroll answers mail gateways",
            f"{program} gateway serve $GATEWAY_OPTIONS",
            options=("GATEWAY_OPTIONS=--socketmap inet:127.0.0.1:20025",),
            after=after,
            embedded=embedded,
            more=("RuntimeDirectory=mailroll", "RuntimeDirectoryMode=0755"),
        ),
        "mailroll-backup.service": _backup(program, after=after, embedded=embedded),
        "mailroll-backup.timer": _TIMER,
    }


def _embedded(program: str) -> Mapping[str, str]:
    # Only the command itself is asked to stop: it stops the Console, the worker and PostgreSQL in their order.
    stopping = ("KillMode=mixed", "TimeoutStopSec=180")
    return {
        "mailroll.service": _service(
            "Mailroll: the Console, a worker and their PostgreSQL",
            f"{program} serve $SERVE_OPTIONS",
            options=("SERVE_OPTIONS=--port 8000",),
            embedded=True,
            more=stopping,
        )
    }


def _apart(program: str) -> Mapping[str, str]:
    return {
        "mailroll-web.service": _service(
            "Mailroll Console",
            f"{program} web $WEB_OPTIONS",
            options=("WEB_OPTIONS=--port 8000",),
            after=("postgresql.service",),
        ),
        "mailroll-worker.service": _service(
            "Mailroll makes the runs that are due or asked for",
            f"{program} worker $WORKER_OPTIONS",
            options=("WORKER_OPTIONS=--concurrency 4",),
            after=("postgresql.service",),
            more=("KillMode=mixed", "TimeoutStopSec=90"),  # the time of the longest apply, and more
        ),
    }


def _service(
    words: str,
    command: str,
    *,
    options: Sequence[str],
    after: Sequence[str] = (),
    embedded: bool = False,
    more: Sequence[str] = (),
) -> str:
    lines = ["Type=exec", *_account(options, embedded=embedded), f"ExecStart={command}"]
    lines += ["Restart=on-failure", "RestartSec=5", *more]
    return _unit(words, after, lines, install="[Install]\nWantedBy=multi-user.target\n")


def _backup(program: str, *, after: Sequence[str], embedded: bool) -> str:
    """Write a file a day, and drop those of more than BACKUP_DAYS days once the new one is there."""
    # `$$` and `%%` are systemd's way to write what the shell and date shall see as `$` and `%`.
    file = f"/var/lib/{BACKUPS}/mailroll-$$(date -u +%%Y-%%m-%%dT%%H%%M%%SZ).backup"
    old = f"/var/lib/{BACKUPS} -maxdepth 1 -name mailroll-*.backup -mtime +${{BACKUP_DAYS}}"
    lines = [
        "Type=oneshot",
        *_account(("BACKUP_OPTIONS=", "BACKUP_DAYS=14"), embedded=embedded),
        f"ExecStart=/bin/sh -c 'exec {program} backup $$BACKUP_OPTIONS \"{file}\"'",
        f"ExecStartPost=/usr/bin/find {old} -delete",
    ]
    return _unit("Mailroll writes a backup", after, lines)


def _account(options: Sequence[str], *, embedded: bool) -> list[str]:
    """Who it runs as and what it is told. Without a DATABASE_URL a service would begin a database of its own."""
    return [
        f"User={ACCOUNT}",
        f"StateDirectory=mailroll {BACKUPS}",
        "StateDirectoryMode=0700",
        "Environment=MAILROLL_DATA_DIR=/var/lib/mailroll",
        *(f'Environment="{option}"' for option in options),
        f"EnvironmentFile={'-' if embedded else ''}{ENVIRONMENT}",
    ]


def _unit(words: str, after: Sequence[str], lines: Sequence[str], *, install: str = "") -> str:
    head = f"[Unit]\nDescription={words}\nWants=network-online.target\n"
    head += f"After={' '.join(('network-online.target', *after))}\n"
    body = "\n".join(lines)
    return f"{head}\n[Service]\n{body}\n\n{_HARDENED}\n" + (f"\n{install}" if install else "")


_TIMER: Final = """\
[Unit]
Description=Mailroll writes a backup every night

[Timer]
OnCalendar=*-*-* 02:30
RandomizedDelaySec=30min
Persistent=yes

[Install]
WantedBy=timers.target
"""
