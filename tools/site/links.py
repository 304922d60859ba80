"""Follows every link of the built site: a page, a file or a place in a page that is not there is dead."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from posixpath import normpath
from typing import Final
from urllib.parse import unquote, urlsplit

_LEADS: Final = {"a": "href", "link": "href", "script": "src", "img": "src"}


@dataclass
class _Page(HTMLParser):
    """What one page leads to, and the places in it that may be led to."""

    leads: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.places.update(value for name in ("id", "name") if (value := given.get(name)))
        if (lead := given.get(_LEADS.get(tag, ""))) is not None:
            self.leads.append(lead)


def dead(site: Path) -> list[str]:
    """Say of each dead link where it stands; those to other sites are not followed, as CI reaches none."""
    pages = {str(file.relative_to(site)): _parse(file) for file in site.rglob("*.html")}
    return sorted({f"{name}: {lead}" for name, page in pages.items() for lead in _dead(site, pages, name, page)})


def _dead(site: Path, pages: dict[str, _Page], name: str, page: _Page) -> Iterator[str]:
    for lead in page.leads:
        parts = urlsplit(lead)
        if parts.scheme or parts.netloc:
            continue
        # Below another folder than its root, where it is served.
        target = normpath(f"{name}/../{unquote(parts.path)}") if parts.path else name
        if parts.path.endswith("/") or target == "." or (site / target).is_dir():
            target = normpath(f"{target}/index.html")
        is_there = (site / target).is_file() and not lead.startswith("/")
        known = pages[target].places if target in pages else set()
        if not is_there or (parts.fragment and target in pages and unquote(parts.fragment) not in known):
            yield lead


def _parse(file: Path) -> _Page:
    page = _Page()
    page.feed(file.read_text(encoding="utf-8"))
    return page
