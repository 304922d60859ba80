"""The demonstration: a simulated Microsoft 365, the command line, and the Console, in one command."""

from mailroll.cli.demo.command import demo

__all__ = ["demo"]
