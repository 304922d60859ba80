"""Readings under a script: those that must succeed, and those that must fail."""

import asyncio
from dataclasses import replace

import pytest

from mailroll.connectors.microsoft365.http.channel import Timeouts
from mailroll.reconcile.errors import MailrollError
from tests.connectors.hostile import (
    CANARY,
    PATIENT,
    Authority,
    Script,
    World,
    guid,
    page,
    reply,
    user,
    world,
)

WHOLE = reply(page(user(1)))
HASTY = replace(PATIENT, idle=0.3)
"""Who takes the question has to answer soon."""


def reading(authority: Authority, script: Script, *, timeouts: Timeouts | None = None) -> World:
    """Read to the end under a script; returns what there was to see."""

    async def go() -> World:
        async with world(authority, timeouts=timeouts) as w:
            w.server.graph = script
            pages, ended = await w.whole()
            assert ended
            assert [each.id[-36:] for part in pages for each in part.records] == [guid(1)]
            return w

    return asyncio.run(go())


def failing(authority: Authority, script: Script, *, timeouts: Timeouts | None = None) -> tuple[MailrollError, World]:
    """Read under a script that must fail; returns the error, which never holds a secret, and what there was to see."""

    async def go() -> tuple[MailrollError, World]:
        async with world(authority, timeouts=timeouts) as w:
            w.server.graph = script
            with pytest.raises(MailrollError) as caught:
                await w.whole()
            fault = caught.value
            assert CANARY not in f"{fault} {fault.code}"
            assert "token-" not in str(fault)
            assert str(fault).isprintable()
            assert fault.code.replace("_", "").isalpha()
            return fault, w

    return asyncio.run(go())
