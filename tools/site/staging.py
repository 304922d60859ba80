"""What the site is made of: the pages under `docs`, two from elsewhere in the checkout, and how one finds them."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools import reference

_ELSEWHERE: Final = {"SECURITY.md": "report-a-weakness.md", "simulator/README.md": "simulator.md"}
"""Pages that stand where their readers look for them first, and what they are called here."""

_THEME: Final = Path(__file__).with_name("theme")

_SECTIONS: Final = (
    ("Begin", ("tutorial.md", "how-to/drill.md"), None),
    (
        "How to",
        (
            "how-to/install.md", "how-to/proxy.md", "how-to/connect-by-consent.md", "how-to/connect-microsoft-365.md",
            "how-to/prove-a-domain.md", "how-to/filter-a-source.md", "how-to/users-as-csv.md",
            "how-to/static-addresses.md", "how-to/sign-in-with-an-issuer.md", "how-to/monitor.md", "how-to/doctor.md",
            "how-to/backup.md", "how-to/upgrade.md", "how-to/leave.md",
        ),
        "how-to",
    ),
    ("Mail servers", ("gateways/README.md",), "gateways"),
    (
        "Reference",
        (
            "reference/errors.md", "reference/settings.md", "reference/command-line.md", "reference/commands.md",
            "reference/metrics.md",
            "reference/console.md", "reference/run-states.md", "glossary.md",
        ),
        "reference",
    ),
    ("Explanation", ("explanation/automatic-sync.md", "security.md"), "explanation"),
    ("How it is built", ("architecture.md", "performance.md", "decisions/README.md"), "decisions"),
)  # fmt: skip
"""Sections, with the pages that come first; the others of their folder follow by name."""

_LAST: Final = ("simulator.md", "ticket.md", "report-a-weakness.md")


@dataclass(frozen=True, slots=True)
class Staged:
    """What Zensical is given, and where it puts what it makes."""

    config: Path
    site: Path


def stage(root: Path, folder: Path) -> Staged:
    docs = folder / "docs"
    shutil.copytree(root / "docs", docs)
    shutil.copytree(_THEME, docs / "theme")
    for name, here in _ELSEWHERE.items():
        _bring(root / name, docs / here)
    reference.write(reference.BUILT, docs / "reference")
    for page in docs.rglob("*.md"):
        _lead(page, docs)
    config = folder / "mkdocs.yml"
    # JSON is YAML too.
    config.write_text(json.dumps(_config(docs)), encoding="utf-8")
    return Staged(config, folder / "site")


def navigation(docs: Path) -> list[dict[str, object]]:
    """Every page stands in it once."""
    found = sorted(str(page.relative_to(docs)) for page in docs.rglob("*.md"))
    left = [page for page in found if page not in {"index.md", *_LAST}]
    made: list[dict[str, object]] = [{"Mailroll": "index.md"}]
    for title, first, folder in _SECTIONS:
        pages = [page for page in first if page in left]
        pages += [page for page in left if page not in pages and folder and page.startswith(f"{folder}/")]
        left = [page for page in left if page not in pages]
        made.append({title: pages})
    made += [{_title(docs / page): page} for page in (*left, *_LAST) if page in found]
    return made


def _config(docs: Path) -> dict[str, object]:
    by_the_system = [
        {"media": f"(prefers-color-scheme: {media})", "scheme": scheme}
        for media, scheme in (("light", "default"), ("dark", "slate"))
    ]
    return {
        "site_name": "Mailroll",
        "docs_dir": "docs",
        "site_dir": "site",
        "use_directory_urls": True,
        "nav": navigation(docs),
        # No font of Google's: nothing is fetched from elsewhere.
        "theme": {
            "name": "material",
            "font": False,
            "palette": by_the_system,
            "features": ["navigation.sections", "search.highlight"],
        },
        "extra": {"generator": False},
        "extra_css": ["theme/site.css"],
        "extra_javascript": ["theme/site.js"],
        "markdown_extensions": ["tables", "attr_list", {"toc": {"permalink": False}}, "pymdownx.superfences"],
    }


def _title(page: Path) -> str:
    return page.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")


def _bring(source: Path, here: Path) -> None:
    """Copy a page to the root of the site; what it leads to under `docs` stands beside it."""
    here.write_text(source.read_text(encoding="utf-8").replace("](docs/", "]("), encoding="utf-8")


def _lead(page: Path, docs: Path) -> None:
    """Have links to pages that were brought lead to where they are here, and code of the checkout be named alone."""
    text = page.read_text(encoding="utf-8")
    up = "../" * (len(page.relative_to(docs).parts) - 1)
    for name, here in _ELSEWHERE.items():
        text = text.replace(f"]({up}../{name}", f"]({up}{here}")
    page.write_text(_CODE.sub(r"\1", text), encoding="utf-8")


_CODE: Final = re.compile(r"\[([^\]]+)\]\((?:\.\./)+(?:src|tests|tools|\.ci)/[^)]*\)")
