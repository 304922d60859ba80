"""The one JSON document of an answer."""

import json

from hypothesis import given
from hypothesis import strategies as st

from mailroll.cli.complaints import as_document
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
