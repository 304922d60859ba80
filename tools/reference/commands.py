"""Every command with its options, as `--help` tells them."""

from collections.abc import Iterator, Mapping

from typer import Typer
from typer.main import get_command

from mailroll.cli.app import COMMANDS
from mailroll.cli.branches import Branch, Leaf

_HEAD = """# Every command

Made from the code by `make docs`: what each says of itself with `--help`. [Command line](command-line.md) has them on
one page as one types them, with exit codes and what `--json` is for.
"""
_WIDTH = 100


def page() -> str:
    return _HEAD + "".join(_sections(COMMANDS, ("mailroll",)))


def _sections(commands: Mapping[str, Leaf | Branch], above: tuple[str, ...]) -> Iterator[str]:
    for name, command in sorted(commands.items()):
        words = (*above, name)
        if isinstance(command, Branch):
            yield from _sections(command.commands, words)
        else:
            yield f"\n## {' '.join(words)}\n\n```\n{_help(command, words)}\n```\n"


def _help(leaf: Leaf, words: tuple[str, ...]) -> str:
    alone = Typer(rich_markup_mode=None, add_completion=False)
    alone.command(words[-1])(leaf.function())
    command = get_command(alone)
    context = command.make_context(" ".join(words), [], resilient_parsing=True, max_content_width=_WIDTH)
    return command.get_help(context).rstrip()
