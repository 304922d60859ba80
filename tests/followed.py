"""Pages that follow one thing through the product: which files they name, and which it really comes by."""

import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_ROOT = Path(__file__).parents[1]
_SOURCES = f"{_ROOT / 'src' / 'mailroll'}/"


def named(page: str) -> set[str]:
    """Return the modules that a page of the explanations names."""
    text = (_ROOT / "docs" / "explanation" / page).read_text(encoding="utf-8")
    return {file for file in re.findall(r"`([a-z0-9_/]+\.py)`", text) if Path(_SOURCES, file).exists()}


@contextmanager
def followed(look: Callable[[str, FrameType, object], None]) -> Iterator[None]:
    """Within, give `look` each function of the product that is called or returns, by its file, with what it returns.

    Those of this thread, and of all that begin meanwhile.
    """

    def told(frame: FrameType, event: str, value: object) -> None:
        file = frame.f_code.co_filename
        # A module that is imported only now has done nothing yet.
        if event in {"call", "return"} and file.startswith(_SOURCES) and frame.f_code.co_name != "<module>":
            look(file.removeprefix(_SOURCES), frame, value)

    threading.setprofile(told)
    sys.setprofile(told)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
