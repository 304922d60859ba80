"""What a process keeps between readings, in memory alone: connections, and tokens by all that they were got with."""

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from typing import Final

from mailroll.connectors.microsoft365.http.lines import Lines
from mailroll.connectors.microsoft365.settings import ConnectionSettings, Secret

TOKENS_MAX: Final = 25_000
"""Tokens of some 2 KB; of more tenants in turn, those that waited longest sign in anew.

To sign in takes several times as much of the processor as to be told that nothing changed.
"""


@dataclass(frozen=True, slots=True)
class KeptToken:
    """A token, and until when it is used, by the clock that counts from the start of the machine."""

    value: str = field(repr=False)
    good_until: float


class KeptTokens:
    """Tokens by tenant, application, host and credential, those used lately: whoever has another credential finds none.

    A token keeps the permissions of its day, for an hour or more. So none is kept that Graph refused anything, and
    none for which the sign-in service gives no other: who was granted more, or let in no more, is asked about anew.
    """

    def __init__(self, most: int = TOKENS_MAX) -> None:
        self._most = most
        self._tokens: OrderedDict[bytes, KeptToken] = OrderedDict()
        self._turn = Lock()

    def take(self, settings: ConnectionSettings) -> KeptToken | None:
        key = _key(settings)
        with self._turn:
            if (token := self._tokens.get(key)) is not None:
                self._tokens.move_to_end(key)
            return token

    def keep(self, settings: ConnectionSettings, token: KeptToken) -> None:
        key = _key(settings)
        with self._turn:
            self._tokens[key] = token
            self._tokens.move_to_end(key)
            while len(self._tokens) > self._most:
                self._tokens.popitem(last=False)

    def drop(self, settings: ConnectionSettings) -> None:
        with self._turn:
            self._tokens.pop(_key(settings), None)

    def __len__(self) -> int:
        return len(self._tokens)


@dataclass(frozen=True, slots=True)
class Kept:
    """All that a process keeps."""

    tokens: KeptTokens = field(default_factory=KeptTokens)
    lines: Lines = field(default_factory=Lines)


def _key(settings: ConnectionSettings) -> bytes:
    credential = settings.credential
    secrets = (credential.value,) if isinstance(credential, Secret) else (credential.certificate, credential.key)
    parts = (settings.tenant, settings.client, settings.cloud.login, settings.cloud.scope, *secrets)
    return sha256(json.dumps(parts).encode()).digest()
