"""The pages that are made from the code say what the code says."""

import ast

import pytest

from mailroll.reconcile.findings import FindingCode
from mailroll.reconcile.reasons import ReasonCode
from tools import reference
from tools.reference import errors


@pytest.mark.parametrize("name", reference.KEPT)
def test_a_page_is_what_make_docs_writes(name: str) -> None:
    kept = (reference.FOLDER / name).read_text(encoding="utf-8")
    assert kept == reference.KEPT[name](), "make docs writes it anew"


def test_every_code_that_people_see_has_its_place() -> None:
    page = {entry.code for entry in errors.entries()}
    with errors._no_garbage():
        trees = [ast.parse(path.read_text(encoding="utf-8")) for path in errors.SOURCE.rglob("*.py")]
    makers, shared = errors.makers_of(trees), errors.texts_of(trees)
    made = [
        (ast.unparse(call), errors.code_of(call, known))
        for tree in trees
        for call, known in errors.calls(tree, {**shared, **errors.texts_of([tree])})
        if call.args and errors.name_of(call.func) in makers
    ]
    assert len(made) > 300
    assert [(text, code) for text, code in made if code is not None and code not in page] == []
    # One that is put together when it is raised could be looked up by nobody.
    assert [text for text, code in made if code is not None and "…" in code] == []
    assert {code.value for code in (*FindingCode, *ReasonCode)} - page == set()
