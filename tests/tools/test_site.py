"""The site has every page, no dead link, and nothing that the Console's policy would have a browser leave out."""

import re
from pathlib import Path

import pytest

from tests import documentation
from tools.reference import commands, errors
from tools.site import ROOT, links, staging, tidying


@pytest.fixture(scope="module")
def site() -> Path:
    return documentation.site()


def test_every_page_of_the_checkout_is_in_it_once(tmp_path: Path, site: Path) -> None:
    docs = staging.stage(ROOT, tmp_path).config.parent / "docs"
    written = {str(page.relative_to(docs)) for page in docs.rglob("*.md")}
    listed = re.findall(r"'([^']+\.md)'", str(staging.navigation(docs)))
    assert sorted(listed) == sorted(written)
    assert len(list(site.rglob("*.html"))) == len(written)


def test_nothing_in_it_runs_from_within_a_page_or_comes_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<script>|<style|\sstyle=\"|\son[a-z]+=\"", text), page
        assert not re.search(r"<(?:script|img)[^>]*src=\"(?:https?:)?//", text), page
        assert not re.search(r"<link[^>]*href=\"(?:https?:)?//", text), page
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?(?:data:|https?:|//)", sheet.read_text(encoding="utf-8")), sheet


def test_the_licence_of_the_theme_is_brought_along(site: Path) -> None:
    assert "Zensical and contributors" in (site / "assets/zensical.LICENSE.txt").read_text(encoding="utf-8")
    assert (site / "assets/javascripts/LICENSE").is_file()


def test_a_link_that_leads_nowhere_is_told_with_its_page(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one/index.html").write_text('<p id="here"><a href="../">up</a> <a href="#here">here</a>')
    (tmp_path / "index.html").write_text(
        '<a href="one/#here">1</a> <a href="one/#gone">2</a> <a href="two/">3</a> <a href="https://example.com/">4</a>'
        '<a href="/one/">5</a> <img src="none.png"> <a href="one">6</a>'
    )
    assert links.dead(tmp_path) == [
        "index.html: /one/", "index.html: none.png", "index.html: one/#gone", "index.html: two/",
    ]  # fmt: skip


def test_a_theme_that_brings_its_style_otherwise_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "assets/javascripts").mkdir(parents=True)
    (tmp_path / "assets/javascripts/bundle.1.min.js").write_text("document.head.append(style)")
    with pytest.raises(tidying.ThemeChangedError):
        tidying.tidy(tmp_path)


def test_errors_are_told_by_their_code_with_what_to_do() -> None:
    entries = list(errors.entries())
    told = {entry.code for entry in entries}
    refused = [entry.help for entry in entries if entry.code == "consent_missing"]
    assert "Let an administrator of the tenant grant consent again, and wait a few minutes." in refused
    # Made by a function, by a class that knows its code, and where the code is a constant.
    assert {"host_unknown", "already_running", "permission_missing", "dns_no_record", "sealing_no_key"} <= told
    # The name of an attribute that filters know is none.
    assert "display_name" not in told


def test_every_command_is_told_as_its_help_tells_it() -> None:
    page = commands.page()
    assert "\n## mailroll gateway serve\n" in page
    assert "--max-connections" in page
