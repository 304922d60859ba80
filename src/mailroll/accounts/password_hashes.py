"""Passwords are hashed with Argon2id, some at a time: a hash is dear on purpose, also to this machine."""

import os
from contextlib import ExitStack
from threading import BoundedSemaphore, Lock
from typing import Any, ClassVar

from django.contrib.auth.hashers import Argon2PasswordHasher

AT_ONCE = max(1, min(4, os.cpu_count() or 1))


class MeasuredArgon2(Argon2PasswordHasher):
    """Takes the memory and passes that OWASP's Password Storage Cheat Sheet gives as enough: 19 MiB, 2, and 1 lane.

    Django's own are 100 MiB, 2 and 8. Hashes made with those are still verified, one at a time, and made anew then.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    _turns: ClassVar = BoundedSemaphore(AT_ONCE)
    _large: ClassVar = Lock()

    def encode(self, password: str, salt: str) -> str:
        with self._turns:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        parameters: dict[str, Any] = self.decode(encoded)
        with ExitStack() as stack:
            if parameters["memory_cost"] > self.memory_cost:
                stack.enter_context(self._large)
            stack.enter_context(self._turns)
            return super().verify(password, encoded)
