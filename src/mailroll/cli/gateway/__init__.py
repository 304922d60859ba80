"""Commands about mail gateways and what they read, a module for each."""

import typer

from mailroll.cli.gateway.compare import compare
from mailroll.cli.gateway.export import export
from mailroll.cli.gateway.grant import grant
from mailroll.cli.gateway.serve import serve
from mailroll.cli.gateway.shrink import accept_shrink
from mailroll.cli.gateway.verify import verify

gateway = typer.Typer(help="What mail gateways read.", no_args_is_help=True)
gateway.command("compare")(compare)
gateway.command("export")(export)
gateway.command("grant")(grant)
gateway.command("verify")(verify)
gateway.command("serve")(serve)
gateway.command("accept-shrink")(accept_shrink)
