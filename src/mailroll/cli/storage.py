"""Makes the database ready for a command: running, and with the tables of this version."""

import sys
from collections.abc import Callable

from django.core.management import call_command

from mailroll import embedded
from mailroll.accounts import installation
from mailroll.schema import age, compilation, turns
from mailroll.schema.age import SchemaAge
from mailroll.sync.locks import pooler


def ready() -> bool:
    """Start the embedded PostgreSQL where it is the one in use, and bring the tables up to date.

    True where this call started it, and so has to stop it if it lives on. Raises `BadInput` where another database is
    in use and no lock holds there, and `OtherTables` where a later version has changed the tables.
    """
    started = start()
    if age.age() is not SchemaAge.CURRENT:
        _make_current()
    return started


def _make_current() -> None:
    from mailroll.gateway import missing_rights  # noqa: PLC0415 - only a new version needs these
    from mailroll.schema.blueprint import Blueprint  # noqa: PLC0415

    with turns.changing():
        # Who waited for its turn may have waited for a later version.
        age.refuse_newer()
        Blueprint.read().build(age.known())
        if age.age() is not SchemaAge.CURRENT:
            call_command("migrate", verbosity=0, interactive=False)
        missing_rights.grant_again()
        compilation.switch_off()


def as_it_is() -> bool:
    """The same for what may not change the tables: raises `OtherTables` where they are not those of this version."""
    started = start()
    age.refuse_others()
    return started


def start() -> bool:
    """Start the embedded PostgreSQL where it is the one in use, whatever tables it has."""
    own = installation.settings()
    if own.database_url is None:
        return embedded.ensure(own.data_dir, tell=lambda words: print(words, file=sys.stderr)).by_this_call
    pooler.refuse_transaction_pooling()
    return False


class Upkeep:
    """Starts the embedded PostgreSQL again where it ended and nobody stopped it, for a command that lives on."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        self._tell = tell
        self._told = ""

    def keep(self) -> None:
        """Do so once; say what is done and what keeps it from that, each as long as it is new."""
        own = installation.settings()
        if own.database_url is not None or not embedded.fell(own.data_dir):
            return
        try:
            embedded.ensure(own.data_dir)
        except embedded.EmbeddedError as error:
            self._say(f"{error.message} {error.help} It is tried again until it starts.")
        else:
            self._say("PostgreSQL had ended by itself, and runs again.")
            self._told = ""

    def _say(self, words: str) -> None:
        if words != self._told:
            self._told = words
            self._tell(f"mailroll: {words}")


def stop() -> bool:
    """Stop the embedded PostgreSQL; False where none ran or another database is in use."""
    own = installation.settings()
    return own.database_url is None and embedded.stop(own.data_dir)
