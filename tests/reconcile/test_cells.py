"""Cells of CSV files: no spreadsheet takes one for a formula, and all come back as they were."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailroll.reconcile.cells import harmless, plain, write_line


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00", "＝1", "'=1"])  # noqa: RUF001
@pytest.mark.parametrize("before", ["", " ", "  ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u202e", "\u2066 \u200d"])
def test_what_could_be_a_formula_begins_with_an_apostrophe(before: str, text: str) -> None:
    assert harmless(before + text) == f"'{before}{text}"
    assert plain(harmless(before + text)) == before + text


@pytest.mark.parametrize("text", ["", "bob", "o'neill", "'tis", "1=1", "a\tb"])
def test_anything_else_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
    assert plain(text) == text


@given(st.text(st.sampled_from("'=+-@\t\r\n \ufeff\u200bab"), max_size=6) | st.text())
@example("''=")
def test_a_cell_comes_back_as_it_was_and_never_begins_like_a_formula(text: str) -> None:
    written = harmless(text)
    assert plain(written) == text
    assert not written or written[0] not in "=+-@"
    assert not written or unicodedata.category(written[0]) != "Cc"
    assert not written.strip("\ufeff\u200b \t\n") or written.strip("\ufeff\u200b \t\n")[0] not in "=+-@"


def test_a_line_is_read_back_by_anything_that_reads_csv() -> None:
    assert write_line(("=1", 'a,"b"', "")) == '\'=1,"a,""b""",\r\n'
