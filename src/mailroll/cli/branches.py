"""Commands that are imported when they are called: who asks for help waits for none of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from mailroll.settings.errors import BadSettingsError


@dataclass(frozen=True, slots=True)
class Leaf:
    """A command: its function, as `module:name` below this package, and what the help of the group says of it.

    Without `help`, the help of the group imports the command and asks it.
    """

    place: str
    help: str = ""
    unready: str = ""
    """Where the function is that is called in its place where the settings are wrong; without one, no command is."""

    def function(self, *, ready: bool = True) -> Callable[..., Any]:
        module, _, name = (self.place if ready else self.unready).partition(":")
        function: Callable[..., Any] = getattr(import_module(f"mailroll.cli.{module}"), name)
        return function


@dataclass(frozen=True, slots=True)
class Branch:
    """Commands under one word, by their names."""

    help: str
    commands: "Mapping[str, Leaf | Branch]"


class LazyGroup(TyperGroup):
    """A group that knows the names of its commands, and imports one when it is called.

    `ready` is called before a module is imported: it sets up what the modules of commands need.
    """

    def __init__(self, name: str, branch: Branch, ready: Callable[[], None]) -> None:
        # By these names a word that is none of them is told what was perhaps meant.
        names: dict[str, Any] = {
            name: TyperCommand(name, help=command.help) for name, command in branch.commands.items()
        }
        super().__init__(name=name, help=branch.help, commands=names, no_args_is_help=True, rich_markup_mode=None)
        self._branches = branch.commands
        self._imported: dict[str, Any] = {}
        self._ready = ready

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as it is called
        branch = self._branches.get(cmd_name)
        if branch is not None and cmd_name not in self._imported:
            self._imported[cmd_name] = self._make_command(cmd_name, branch)
        return self._imported.get(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        commands = {
            name: command if command.help else self.get_command(ctx, name) for name, command in self.commands.items()
        }
        TyperGroup(name=self.name, commands=commands, rich_markup_mode=None).format_commands(ctx, formatter)

    def _make_command(self, name: str, branch: Leaf | Branch) -> Any:
        if isinstance(branch, Branch):
            return LazyGroup(name, branch, self._ready)
        ready = True
        try:
            self._ready()
        except BadSettingsError:
            if not branch.unready:
                raise
            ready = False
        # Not pretty: tracebacks that are print local variables, and those can hold credentials.
        alone = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None, add_completion=False)
        alone.command(name)(branch.function(ready=ready))
        return typer.main.get_command(alone)
