"""What there is to see in the Console once something was made to happen on the simulator's panel."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailroll import promises

if TYPE_CHECKING:
    from mailroll_simulator import Tenant
    from mailroll_simulator.panel.guide import Hint
    from mailroll_simulator.panel.journal import Entry

_DOMAINS = ("brightwater.example", "coldharbour.example")
"""The domains that the demo adds to the Console."""

_WORDS = {
    "joiner": (
        "{who} comes into listings after some seconds; then the next run adds the mailbox, unless a filter leaves "
        "it out."
    ),
    "leaver": (
        "where {who} is in the list, the next run retires it, or holds that if many left today. Mail is accepted for "
        f"{promises.in_words(promises.GRACE)} more."
    ),
    "rename": (
        "the next run changes name and address of the user that is there. The old address goes on being accepted."
    ),
    "swap": "a run in that minute holds their removals, so their mail goes on; the next one finds everybody back.",
    "deletion": "the next run holds these removals for a person. Mail for everybody goes on.",
    "empty": "the next run asks for each missing user by id. All of them answer, so nobody is removed.",
    "cut": "the next run fails and says what broke off. The list stays in use, and nobody is removed.",
    "consent": "the next run cannot sign in any more, and says so. The list stays in use, and nobody is removed.",
    "slow": "the next run takes its time, and its page counts along.",
    "throttle": "the next run is told to wait, and ends. The list stays in use; automatic sync tries again later.",
}


@dataclass(frozen=True, slots=True)
class Guidance:
    """The guide of the panel: it knows the Console and its pages."""

    home: str
    home_words: str = "Back to the Console"

    def watch(self, entry: "Entry", tenant: "Tenant") -> "Hint":
        from mailroll_simulator.panel.guide import Hint  # noqa: PLC0415 - without the extra there is no such module

        domain = tenant.default_domain
        tab = f"{self.home}/domains/{domain}/user-sync/"
        if not tenant.principals and entry.deed != "consent":
            words = f"nothing yet, as the Console has no consent to read {tenant.display_name}."
            if domain not in _DOMAINS:
                return Hint(words, f"Add {domain}", f"{self.home}/domains/add/")
            return Hint(words, f"Connect {domain}", tab)
        return Hint(_WORDS[entry.deed].format(who=entry.effect.who), f"Look at {domain}", tab)
