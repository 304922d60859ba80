"""Reads pages as a person would: their words, their headings, their buttons."""

import re
from html.parser import HTMLParser
from typing import Any


class _Words(HTMLParser):
    """Collects what is shown, and the buttons by their accessible names."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.buttons: list[str] = []
        self._button: list[str] | None = None
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "button":
            self._button, self._label = [], dict(attrs).get("aria-label") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self._button is not None:
            self.buttons.append(self._label or _plain("".join(self._button)))
            self._button = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._button is not None:
            self._button.append(data)


def words(response: Any) -> str:
    return _plain(" ".join(_read(response).words))


def buttons(response: Any) -> list[str]:
    return _read(response).buttons


def _read(response: Any) -> _Words:
    page = _Words()
    page.feed(response.content.decode())
    return page


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace(" .", ".").replace(" ,", ",").strip()
