"""Makes the site fit what the Console's pages may hold: nothing within a page runs, and nothing is within a style.

The content security policy of the Console stays as it is (`script-src 'self'`, `img-src 'self'`): so scripts within
pages become files, and so do pictures within stylesheets. Otherwise a browser would leave out both.
"""

import hashlib
import re
from importlib.metadata import distribution
from pathlib import Path
from typing import Final
from urllib.parse import unquote

_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_PICTURE: Final = re.compile(
    r"""url\((["']?)data:image/svg\+xml;(?:charset=)?utf-?8,(.*?)\1\)""", re.DOTALL | re.IGNORECASE
)
_STYLE: Final = re.compile(r'(\w+)\.appendChild\(\w+\("style",\{\},(\w+)\.toString\(\)\)\)')
_ADOPTED: Final = r"\1.adoptedStyleSheets=[(made=>(made.replaceSync(\2.toString()),made))(new CSSStyleSheet)]"
_HIDDEN: Final = re.compile(r'(<input\b[^>]*\baria-hidden="true")')
_UNWANTED: Final = re.compile(r'<link rel="canonical"[^>]*>|<meta name="generator"[^>]*>')
_LEFT_OUT: Final = ("404.html", "sitemap.xml", "sitemap.xml.gz")
"""Made for a site that stands alone: they know no folder that it is served from."""


class ThemeChangedError(Exception):
    """What was known of the theme is so no longer."""


def tidy(site: Path) -> None:
    for name in _LEFT_OUT:
        (site / name).unlink(missing_ok=True)
    for page in site.rglob("*.html"):
        _tidy_page(page, site)
    _bring_licence(site)
    for script in site.glob("assets/javascripts/bundle.*.js"):
        _tidy_script(script)
    for sheet in site.rglob("*.css"):
        _tidy_sheet(sheet)


def _bring_licence(site: Path) -> None:
    """Put the theme's licence beside it, which asks for that; those of what it is made of are there already."""
    told = [file for file in distribution("zensical").files or () if file.name == "LICENSE.md"]
    (site / "assets").mkdir(exist_ok=True)
    (site / "assets/zensical.LICENSE.txt").write_text(told[0].read_text(encoding="utf-8"), encoding="utf-8")


def _tidy_script(script: Path) -> None:
    """Have the search bring its style as a sheet that is made: an element of one is what the policy forbids.

    Constructed sheets are not "inline style" (CSSOM, "Constructing CSSStyleSheet objects"; w3.org/TR/CSP3, 8.2).
    """
    text, times = _STYLE.subn(_ADOPTED, script.read_text(encoding="utf-8"))
    if times != 1:
        raise ThemeChangedError(
            "The script of the theme brings its style otherwise than it did; see tools/site/tidying.py"
        )
    script.write_text(text, encoding="utf-8")


def _tidy_page(page: Path, site: Path) -> None:
    up = "../" * (len(page.relative_to(site).parts) - 1)

    def moved(found: re.Match[str]) -> str:
        name = f"assets/within/{hashlib.sha256(found[1].encode()).hexdigest()[:12]}.js"
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(found[1], encoding="utf-8")
        return f'<script src="{up}{name}"></script>'

    text = _SCRIPT.sub(moved, page.read_text(encoding="utf-8"))
    # What is hidden from those who listen to a page shall not be come upon by keyboard either.
    text = _HIDDEN.sub(r'\1 tabindex="-1"', text)
    page.write_text(_UNWANTED.sub("", text), encoding="utf-8")


def _tidy_sheet(sheet: Path) -> None:
    def moved(found: re.Match[str]) -> str:
        picture = unquote(found[2])
        name = f"pictures/{hashlib.sha256(picture.encode()).hexdigest()[:12]}.svg"
        (sheet.parent / name).parent.mkdir(exist_ok=True)
        (sheet.parent / name).write_text(picture, encoding="utf-8")
        return f'url("{name}")'

    sheet.write_text(_PICTURE.sub(moved, sheet.read_text(encoding="utf-8")), encoding="utf-8")
