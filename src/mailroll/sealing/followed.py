"""The sealer of a process that lives on while its key file is changed."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from mailroll.sealing.errors import SealingError
from mailroll.sealing.sealer import Sealer

_Origin: TypeAlias = tuple[tuple[str, ...], Path, tuple[int, ...] | None]
"""Keys that were set, else the file they are in, and its stamp."""
_log: Final = logging.getLogger(__name__)


class FollowedSealer:
    """A sealer with the keys as they are now: where their file was changed it is read again.

    With the keys of before a process would open nothing that a rotation sealed since, and seal what nobody opens once
    they are taken away. A file that is missing by now, or is none, changes nothing: it may be half written. The log
    tells once of one that is none: another account may read it, and rotate to keys that this process does not get.
    """

    def __init__(
        self, given_keys: Callable[[], tuple[str, ...]], file: Callable[[], Path], read: Callable[[], Sealer]
    ) -> None:
        self._given_keys, self._file, self._read = given_keys, file, read
        self._current: tuple[_Origin, Sealer] | None = None
        self._refused: _Origin | None = None

    def __call__(self) -> Sealer:
        """Raises `SealingError` where there was no key yet."""
        keys, file = self._given_keys(), self._file()
        origin: _Origin = (keys, file, None if keys else _stamp(file))
        current = self._current
        if current is None or current[0][:2] != origin[:2]:
            current = (origin, self._read())
        elif origin[2] not in {None, current[0][2]}:
            try:
                current = (origin, self._read())
            except SealingError as error:
                if self._refused != origin:
                    self._refused = origin
                    _log.warning("the keys of before go on, as the key file was changed: %s", error)
                return current[1]
        self._current = current
        return current[1]

    def cache_clear(self) -> None:
        """Read the keys at the next call, whatever they are."""
        self._current = None


def _stamp(file: Path) -> tuple[int, ...] | None:
    """What changes where a file is written or replaced; None where there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
