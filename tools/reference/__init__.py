"""The pages of the reference that are made from the tables in the code; `make docs` writes them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tools.reference import metrics

FOLDER: Final = Path(__file__).parents[2] / "docs/reference"

PAGES: Final[Mapping[str, Callable[[], str]]] = {"metrics.md": metrics.page}


def write() -> None:
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
