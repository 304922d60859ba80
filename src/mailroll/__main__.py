"""Lets `python -m mailroll` be the `mailroll` command."""

from mailroll.cli import main

main()
