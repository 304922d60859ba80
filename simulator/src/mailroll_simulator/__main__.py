"""Lets `python -m mailroll_simulator` be the `mailroll-simulator` command."""

from mailroll_simulator.command import main

main()
