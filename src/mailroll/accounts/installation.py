"""What the installation itself provides: its settings, and the sealer of its credentials."""

from functools import cache

from django.conf import settings as django_settings

from mailroll import sealing
from mailroll.settings import Settings


def settings() -> Settings:
    return django_settings.MAILROLL


@cache
def sealer() -> sealing.Sealer:
    own = settings()
    return sealing.Sealer(sealing.keys_from(own.secret_keys, own.secret_key_file, own.data_dir))
