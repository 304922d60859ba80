"""The command that looks at the whole installation."""

import os
from typing import Annotated

import typer
from django.db import connection

from mailroll.accounts import installation
from mailroll.alerts.channels import storage
from mailroll.cli.doctor.report import tell
from mailroll.cli.output import AsJson, complaining
from mailroll.insight.doctor import examination
from mailroll.insight.doctor.circumstances import Circumstances
from mailroll.reconcile.addresses import AddressFault
from mailroll.reconcile.addresses import given as as_given
from mailroll.reconcile.errors import BadInput

_CONNECT = 5
"""Seconds for the database to take a connection, where DATABASE_URL does not say otherwise."""


def doctor(
    letter: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Send a letter there, to see whether mail leaves.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Look at settings, keys, database, clocks, workers, mail, gateways and disk, and say what mends what is wrong.

    Nothing is changed, and no letter is sent unless --letter asks for one. Exit code 1 where something fails.
    """
    with complaining(as_json=as_json):
        if letter and isinstance(as_given(letter), AddressFault):
            raise BadInput("address_malformed", f"“{letter}” is no address.", "Give one like jo@example.com.")
    connection.settings_dict["OPTIONS"].setdefault("connect_timeout", _CONNECT)
    circumstances = Circumstances(installation.settings(), os.environ, letter=letter, sealed=storage.sealed_rows())
    tell(examination.examine(circumstances), as_json=as_json)
