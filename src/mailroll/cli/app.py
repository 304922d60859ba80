"""The tree of commands."""

import typer

from mailroll.cli import (
    alias_domains,
    audit,
    automatic,
    imports,
    inventory,
    operators,
    people,
    removals,
    runs,
    serving,
    setup,
    sources,
    statics,
    tokens,
)
from mailroll.cli.database import app as database
from mailroll.cli.demo import demo
from mailroll.cli.gateway import gateway
from mailroll.cli.keys import keys
from mailroll.cli.serve import serve
from mailroll.cli.web import web
from mailroll.cli.worker import worker

app = typer.Typer(
    help="Keeps the list of people a mail gateway protects in step with Microsoft 365.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks print local variables, and those can hold credentials
    rich_markup_mode=None,
    add_completion=False,
)
setup.organization.command("list")(inventory.organizations)
app.add_typer(setup.organization, name="organization")
setup.domain.command("list")(inventory.domains)
setup.domain.command("automatic")(automatic.automatic)
setup.domain.command("interval")(automatic.interval)
setup.domain.command("serving")(serving.serving)
setup.domain.add_typer(alias_domains.alias, name="alias")
app.add_typer(setup.domain, name="domain")
setup.connection.command("list")(inventory.connections)
app.add_typer(setup.connection, name="connection")
app.add_typer(sources.source, name="source")
app.add_typer(statics.static, name="static")
app.add_typer(removals.removals, name="removals")
app.add_typer(operators.operator, name="operator")
app.add_typer(operators.membership, name="membership")
app.add_typer(tokens.token, name="token")
app.add_typer(gateway, name="gateway")
app.add_typer(keys, name="keys")
app.add_typer(audit.audit, name="audit")
app.add_typer(database, name="database")
app.command("preview")(runs.preview)
app.command("sync")(runs.sync)
app.command("apply")(runs.apply)
app.command("release")(runs.release)
app.command("discard")(runs.discard)
app.command("runs")(runs.history)
app.command("users")(people.users)
app.command("import")(imports.bring)
app.command("explain")(people.explain)
app.command("lookup")(people.lookup)
app.command("serve")(serve)
app.command("worker")(worker)
app.command("web")(web)
app.command("demo")(demo)
