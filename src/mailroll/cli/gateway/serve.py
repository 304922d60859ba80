"""The command that answers mail gateways."""

from typing import Annotated

import typer

from mailroll.accounts import installation
from mailroll.cli.output import complaining
from mailroll.gateway import places
from mailroll.gateway.http import DoorLimits, HttpListener, where
from mailroll.gateway.server import Listener, SocketmapServer
from mailroll.gateway.server import serve as serve_gateways
from mailroll.measures.admission import Admission
from mailroll.reconcile.errors import BadInput


def serve(
    socketmap: Annotated[
        list[str], typer.Option(help="Where Postfix asks: unix:/PATH or inet:HOST:PORT. May be given several times.")
    ] = [],  # noqa: B006 - the parser makes a list of its own
    http: Annotated[
        list[str], typer.Option(help="HOST:PORT for lists and single answers, to who has a token. Also several times.")
    ] = [],  # noqa: B006
    max_connections: Annotated[int, typer.Option(min=1, help="Connections at the same time, for each place.")] = 1000,
    socket_mode: Annotated[str, typer.Option(help="Who may use a unix socket, as chmod writes it.")] = "660",
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Listen for other machines too; whoever reaches it may ask.")
    ] = False,
) -> None:
    """Answer mail gateways until stopped, with or without the database: from a copy in memory and on disk."""
    with complaining(as_json=False):
        listeners: list[Listener] = [
            SocketmapServer(places.parse(place, anywhere=allow_remote), max_connections, _mode(socket_mode))
            for place in socketmap
        ]
        limits = DoorLimits(connections=max_connections)
        settings = installation.settings()
        admission = Admission(settings.metrics_token_file, settings.metrics_networks)
        listeners += [HttpListener(where(place, to_others=allow_remote), limits, admission) for place in http]
        if not listeners:
            raise BadInput(
                "nothing_to_serve",
                "No place to answer at is given.",
                "Give --socketmap unix:/PATH or --http 127.0.0.1:PORT.",
            )
        serve_gateways(listeners, settings.data_dir / "gateway", lambda line: print(line, flush=True))


def _mode(text: str) -> int:
    if len(text) not in {3, 4} or not set(text) <= set("01234567"):
        raise BadInput("mode_malformed", f"{text} is no mode of a file.", "Write it like 660.")
    return int(text, 8)
