"""What the panel says of the program that reads the tenants: the panel itself knows nothing of it."""

from dataclasses import dataclass
from typing import Protocol

from mailroll_simulator.panel.journal import Entry
from mailroll_simulator.tenant import Tenant


@dataclass(frozen=True, slots=True)
class Hint:
    """What to watch after a deed: a sentence, and a link to the page that shows it."""

    words: str
    link: str
    url: str


class Guide(Protocol):
    """Knows the program. `home` and `home_words` are the link that leads back to it."""

    @property
    def home(self) -> str: ...

    @property
    def home_words(self) -> str: ...

    def watch(self, entry: Entry, tenant: Tenant) -> Hint:
        """Say what comes of a deed that was just done."""
        ...
