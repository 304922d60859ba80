"""The pages that are made from the code say what the code says."""

import pytest

from tools import reference


@pytest.mark.parametrize("name", reference.KEPT)
def test_a_page_is_what_make_docs_writes(name: str) -> None:
    kept = (reference.FOLDER / name).read_text(encoding="utf-8")
    assert kept == reference.KEPT[name](), "make docs writes it anew"
