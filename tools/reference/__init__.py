"""The pages of the reference that are made from the code.

`make docs` keeps some beside the others, where they are read without a site. What changes with nearly every change of
the code is made when the site is built, and in no commit.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tools.reference import commands, errors, metrics

FOLDER: Final = Path(__file__).parents[2] / "docs/reference"

KEPT: Final[Mapping[str, Callable[[], str]]] = {"metrics.md": metrics.page}
BUILT: Final[Mapping[str, Callable[[], str]]] = {"errors.md": errors.page, "commands.md": commands.page}


def write(pages: Mapping[str, Callable[[], str]], folder: Path = FOLDER) -> None:
    for name, page in pages.items():
        (folder / name).write_text(page(), encoding="utf-8")
