"""The command that serves the Console."""

from typing import Annotated

import typer
import uvicorn

from mailroll.accounts import installation
from mailroll.cli import storage
from mailroll.cli.answering import complaining
from mailroll.cli.operators import first


def web(
    host: Annotated[str, typer.Option(help="The address to listen on; a web server with TLS belongs in front.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
) -> None:
    """Serve the Console until stopped."""
    with complaining(as_json=False):
        storage.ready()
        first()
        installation.sealer()  # a wrong key is told now, not at the first sign-in
    print(f"The Console: {installation.settings().console_url}", flush=True)
    uvicorn.run(
        "mailroll.config.asgi:application", host=host, port=port, log_config=None, server_header=False, lifespan="off"
    )
