"""The one JSON document of an answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.cli.complaints import as_document, complain
from mailroll.reconcile.text import shown

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
)


@given(values)
def test_a_document_says_what_it_was_given_and_does_no_harm(content: object) -> None:
    document = as_document(content)
    assert json.loads(document) == content
    assert shown(document) == document


def test_a_document_has_a_line_for_each_value() -> None:
    document = as_document({"error": {"code": "no_source", "names": ["Jörg", "Ann"], "none": []}})
    assert document.splitlines() == [
        "{",
        '  "error": {',
        '    "code": "no_source",',
        '    "names": [',
        '      "Jörg",',
        '      "Ann"',
        "    ],",
        '    "none": []',
        "  }",
        "}",
    ]


def test_an_error_leads_to_what_is_said_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for url, console in (("https://console.example/", "https://console.example"), ("", "http://localhost:8000")):
        monkeypatch.setenv("MAILROLL_URL", url)
        complain("no_source", "There is none.", "Add one.", as_json=False)
        assert capsys.readouterr().err.splitlines() == [
            "mailroll: There is none.",
            "Add one.",
            "(no_source)",
            f"More: {console}/help/reference/errors/#no_source",
        ]
