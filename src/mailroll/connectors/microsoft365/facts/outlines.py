"""Users in outline: nearly all of a tenant's are alike but for who they are, and no record has to be made of them."""

import re
from collections.abc import Container, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import msgspec

from mailroll.connectors.microsoft365.facts.attributes import Chosen
from mailroll.connectors.microsoft365.facts.records import NAME_MAX, record
from mailroll.connectors.microsoft365.facts.wire import GraphUser
from mailroll.connectors.microsoft365.settings import GUID
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import ExternalId, Outline, Record

_LINE: Final = 37
_LINES: Final = re.compile(rf"(?:{GUID.pattern}\n)*", re.ASCII)
_OUTLINE: Final = partial(tuple.__new__, Outline)  # measured, a third of the time
_COMMONS_MAX: Final = 4_096
"""Records in common that are kept: few in any real tenant, and no directory shall make us hold many."""


class Outlines:
    """Makes outlines of users whose licences tell of their mailboxes and who show nothing odd.

    An outline's record is the one that `records.record` makes of the user.
    """

    def __init__(self, selection: Chosen) -> None:
        self._chosen = selection
        self._commons: dict[tuple[object, ...], Record | None] = {}

    def of_page(
        self, tenant: str, users: Sequence[GraphUser], flawed: Container[int]
    ) -> tuple[list[Outline], Sequence[int]]:
        """Return outlines, and the places of those whom records have to be made of, the `flawed` ones among them."""
        lines = "".join([f"{user.id}\n" for user in users])
        is_able = self._chosen.subscriptions is not None and not self._chosen.rows
        # One id of another form, and nobody of the page is told in outline.
        if not is_able or len(lines) != _LINE * len(users) or not _LINES.fullmatch(lines):
            return [], range(len(users))
        outlines: list[Outline] = []
        others: list[int] = []
        for place, user in enumerate(users):
            name, mail, entries = user.display_name, user.mail, user.proxy_addresses
            if place not in flawed and name is not msgspec.UNSET and mail is not msgspec.UNSET and entries:
                common = self._common(tenant, user, name, mail, entries)
                if common is not None:
                    outlines.append(_OUTLINE((ExternalId(f"{tenant}:{user.id}"), name, mail, entries, common)))
                    continue
            others.append(place)
        return outlines, others

    def _common(
        self, tenant: str, user: GraphUser, name: str | None, mail: str | None, entries: list[str]
    ) -> Record | None:
        """Return what a user has in common with others; None where a record has to be made."""
        login, licences = user.user_principal_name, user.assigned_licenses
        # The mark of guests in a name has this sign.
        if not login or "#" in login or licences is None or licences is msgspec.UNSET:
            return None
        # What is short as a whole, each with a sign more, has no part that is too long, and not too many.
        texts = (name or "", mail or "", *entries)
        if len("\n".join(texts)) > NAME_MAX or user.assigned_plans is not msgspec.UNSET:
            return None
        key = (
            *licences,
            user.account_enabled,
            user.on_premises_sync_enabled,
            user.user_type,
            user.creation_type,
            user.type,
        )
        try:
            return self._commons[key]
        except KeyError:
            if len(self._commons) == _COMMONS_MAX:
                self._commons.clear()
            self._commons[key] = common = self._worked_out(tenant, user)
            return common

    def _worked_out(self, tenant: str, user: GraphUser) -> Record | None:
        user_record = record(tenant, user, self._chosen)
        if (
            not isinstance(user_record, Record)
            or user_record.guest is not False
            or user_record.flaws
            or user_record.mailbox_plan is UNSET
        ):
            return None
        return replace(user_record, id=ExternalId(""), proxies=(), mail=None, display_name=None)
