"""The tree of commands: what it says of each is what the command says itself, and help imports none of them."""

import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest

from mailroll.cli.app import COMMANDS
from mailroll.cli.branches import Branch, Leaf
from tests.cli.commands import mailroll

Words = tuple[str, ...]


def leaves(commands: Mapping[str, Leaf | Branch], above: Words = ()) -> Iterator[tuple[Words, Leaf]]:
    for name, command in commands.items():
        if isinstance(command, Leaf):
            yield (*above, name), command
        else:
            yield from leaves(command.commands, (*above, name))


@pytest.mark.parametrize(("words", "leaf"), [pytest.param(*each, id=" ".join(each[0])) for each in leaves(COMMANDS)])
def test_every_command_is_where_the_tree_says_and_says_the_same(words: Words, leaf: Leaf) -> None:
    text = leaf.function().__doc__ or ""
    assert " ".join(text.split()).startswith(leaf.help or " ".join(text.split())[:1])
    answer = mailroll(*words, "--help")
    assert answer.exit_code == 0
    assert answer.out.startswith(f"Usage: mailroll {' '.join(words)} ")


def test_help_says_a_line_of_each_command() -> None:
    out = mailroll("--help").out
    for name, command in COMMANDS.items():
        assert f"\n  {name} " in out
        assert command.help, name


@pytest.mark.parametrize("words", [[], ["domain"], ["domain", "alias"]])
def test_a_group_alone_shows_its_help(words: list[str]) -> None:
    answer = mailroll(*words)
    assert "Commands:" in answer.out + answer.err


def test_help_imports_nothing_that_a_command_needs() -> None:
    program = "import sys; from mailroll.cli import main\ntry: main()\nfinally: print(*sys.modules)"
    done = subprocess.run(  # noqa: S603 - the words are ours
        [sys.executable, "-c", program, "--help"], check=True, capture_output=True, text=True
    )
    assert "Options:" in done.stdout
    assert {"django", "structlog", "aiohttp", "msal", "psycopg", "rich"}.isdisjoint(done.stdout.split())


def test_a_word_that_is_no_command_is_refused() -> None:
    answer = mailroll("domain", "ad")
    assert answer.exit_code == 2
    assert "No such command 'ad'. Did you mean 'add'?" in answer.err
