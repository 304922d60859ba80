"""Objects in outline: what is their own as it came, and what many have in common, which is worked out once."""

from typing import NamedTuple

from mailroll.reconcile.addresses import ProxyAddress
from mailroll.reconcile.model import ExternalId, Record


class Outline(NamedTuple):
    """One object, before a record is made of it.

    `entries`: its addresses as Exchange writes them, in the order given. `common`: a record of all else that is known.
    """

    id: ExternalId
    display_name: str | None
    mail: str | None
    entries: list[str]
    common: Record

    @property
    def record(self) -> Record:
        common = self.common
        return Record(
            self.id,
            common.type,
            tuple([ProxyAddress.parse(entry) for entry in self.entries]),
            self.mail,
            self.display_name,
            common.mailbox_plan,
            common.guest,
            common.purpose,
            common.place,
            common.account_enabled,
            common.synced,
            common.mail_enabled,
            common.form,
            common.plan_lapsed,
            common.agent,
            common.attributes,
            common.flaws,
        )
