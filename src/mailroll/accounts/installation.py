"""What the installation itself provides: its settings, its keys, and the sealer of its credentials."""

from typing import Final

from django.conf import settings as django_settings
from django.db import connection

from mailroll import sealing
from mailroll.settings import Settings

SEALED: Final = {
    "connections_connection": "sealed_credential <> ''",
    "connections_consentlink": "sealed_token <> '' AND accepted_at IS NULL AND ended_at IS NULL",
    "connections_certificatedraft": "sealed_key <> ''",
    "alerts_alertchannel": "sealed <> ''",
    "mfa_authenticator": "type <> 'webauthn'",
}
"""Tables with what is sealed and would be missed without its key, and which of their rows that is."""


def settings() -> Settings:
    return django_settings.MAILROLL


def sealing_keys() -> tuple[str, ...]:
    """The keys of this installation; a fresh one gets its key file by the first call.

    Raises `SealingError`, and of these `LostKeyError` where the file is missing and something stored was sealed: a new
    key in its place would go unnoticed, and seal what comes next apart from the rest.
    """
    own = settings()
    try:
        return sealing.keys_from(own.secret_keys, own.secret_key_file, own.data_dir)
    except sealing.LostKeyError:
        if not _is_anything_sealed():
            return sealing.make_key(own.data_dir)
    # Another process may have made the file, and sealed with it, since we looked.
    return sealing.keys_from(own.secret_keys, own.secret_key_file, own.data_dir)


def _is_anything_sealed() -> bool:
    """Whether something is stored that people would have to enter again without its key."""
    with connection.cursor() as cursor:
        # A migration may ask before the later of these tables are made.
        for table in SEALED.keys() & set(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table} WHERE {SEALED[table]})")  # noqa: S608 - ours
            if cursor.fetchone() == (True,):
                return True
    return False


sealer: Final = sealing.FollowedSealer(
    lambda: settings().secret_keys,
    lambda: settings().secret_key_file or settings().data_dir / sealing.KEY_FILE,
    lambda: sealing.Sealer(sealing_keys()),
)
"""What seals and opens stored credentials."""
