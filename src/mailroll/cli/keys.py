"""Commands about the keys that seal stored secrets."""

import typer

from mailroll.cli.answering import Answer, acting, answers
from mailroll.connections import resealing

keys = typer.Typer(help="The keys that seal stored secrets.", no_args_is_help=True)


@keys.command("rotate")
@answers
def rotate() -> Answer:
    """Seal every stored secret with the first key; after that, the others can be taken away."""
    done = resealing.reseal(acting())
    counts = {"connections": done.connections, "consent": done.consent, "second_factors": done.second_factors}
    total = sum(counts.values())
    return Answer(counts, f"{total} secrets are sealed with the first key. The others can be taken away.")


@keys.callback()
def _() -> None:
    """Keep `rotate` a command of its own, though it is the only one yet."""
