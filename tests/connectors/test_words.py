"""On screen the directory has its name."""

from mailroll.connectors.words import cause, finding_sentence, sentence
from mailroll.reconcile.findings import Finding, FindingCode
from mailroll.reconcile.reasons import Reason, ReasonCode


def test_sentences_name_the_directory_that_can_be_read() -> None:
    assert sentence(Reason.of(ReasonCode.NEW)) == "Microsoft 365 has it and the list does not."
    empty = finding_sentence(Finding.of(FindingCode.SOURCE_EMPTY))
    assert empty.startswith("Microsoft 365 answered “a source” without")
    assert cause(ReasonCode.GONE)[0] == "Deleted in Microsoft 365"
