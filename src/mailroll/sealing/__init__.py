"""Credentials at rest: sealed for one place, with keys that only this installation has."""

from mailroll.sealing.errors import LostKeyError, MisplacedError, SealingError, WrongKeyError
from mailroll.sealing.followed import FollowedSealer
from mailroll.sealing.keys import KEY_FILE, add_keys, keys_from, make_key
from mailroll.sealing.passphrase import name_of, open_with, seal_with
from mailroll.sealing.sealer import Sealer

__all__ = [
    "KEY_FILE",
    "FollowedSealer",
    "LostKeyError",
    "MisplacedError",
    "Sealer",
    "SealingError",
    "WrongKeyError",
    "add_keys",
    "keys_from",
    "make_key",
    "name_of",
    "open_with",
    "seal_with",
]
