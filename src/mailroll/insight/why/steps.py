"""One link of an answer, told once: a terminal reads its message, a page its headline and detail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from mailroll.connectors.words import finding_sentence, sentence
from mailroll.insight.why.address_sayings import AddressSaying
from mailroll.insight.why.sayings import Mark
from mailroll.insight.why.user_sayings import UserSaying
from mailroll.reconcile.findings import Finding
from mailroll.reconcile.reasons import Reason


@dataclass(frozen=True, slots=True)
class WhyStep:
    """`at` is the time that belongs to the detail. Where the message or the headline is empty, that face has none."""

    code: str
    message: str
    mark: Mark = Mark.OK
    headline: str = ""
    detail: str = ""
    at: datetime | None = None

    @classmethod
    def say(cls, saying: AddressSaying | UserSaying, at: datetime | None = None, **details: str) -> Self:
        wording = saying.value
        facts = {"time": "" if at is None else written(at), **details}
        texts = (text.format_map(facts) for text in (wording.sentence, wording.headline, wording.detail))
        message, headline, detail = texts
        return cls(wording.code, message, wording.mark, headline, detail, at)

    @classmethod
    def of_reason(cls, reason: Reason, before: str = "", mark: Mark = Mark.OK) -> Self:
        return cls(reason.code.value, before + sentence(reason), mark)

    @classmethod
    def of_finding(cls, finding: Finding) -> Self:
        return cls(finding.code.value, finding_sentence(finding), Mark.ATTENTION)


def written(at: datetime) -> str:
    """A time as a terminal shows it."""
    return at.strftime("%Y-%m-%d %H:%M UTC")
