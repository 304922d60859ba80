"""The documentation is served as it was built, under the rules of every page, and nothing beside it is."""

import asyncio
import gzip
from pathlib import Path

import pytest
from django.urls import reverse

from mailroll.console.middleware.headers import HEADERS
from mailroll.console.server.help import Help
from tests.console.server.visits import BEHIND, console, visit


def _ask(served: Help, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    return asyncio.run(visit(served, path, method, **headers))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("not for anybody")
    folder = tmp_path / "site"
    (folder / "how-to/monitor").mkdir(parents=True)
    (folder / "index.html").write_text("<h1>Mailroll</h1>")
    (folder / "how-to/monitor/index.html").write_text("<h1>Watch over it</h1>")
    (folder / "site.js").write_text("1")
    return folder


def test_pages_come_by_their_folders_and_under_the_policy_of_the_console(site: Path) -> None:
    status, headers, body = _ask(Help(console, site), "/help/how-to/monitor/")
    assert (status, body) == (200, b"<h1>Watch over it</h1>")
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert {name: headers[name.lower()] for name in HEADERS} == HEADERS
    assert _ask(Help(console, site), "/help/")[2] == b"<h1>Mailroll</h1>"
    assert _ask(Help(console, site), "/help/site.js")[1]["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("path", ["/help", "/help/how-to/monitor"])
def test_a_folder_is_entered_by_its_slash(site: Path, path: str) -> None:
    status, headers, _ = _ask(Help(console, site), path)
    assert (status, headers["location"]) == (308, f"{path}/")


@pytest.mark.parametrize(
    "path",
    ["/help/../secret.txt", "/help/../../etc/passwd", "/help//etc/passwd", "/help/none/", "/help/how-to/", "/help/\0"],
)
def test_nothing_else_is_reached_and_the_console_is_asked(site: Path, path: str) -> None:
    assert _ask(Help(console, site), path)[::2] == (BEHIND, b"the Console")


def test_what_a_browser_has_is_not_sent_again(site: Path) -> None:
    served = Help(console, site)
    _, headers, body = _ask(served, "/help/", accept_encoding="gzip")
    assert gzip.decompress(body) == b"<h1>Mailroll</h1>"
    assert _ask(served, "/help/", if_none_match=headers["etag"])[0] == 304


def test_the_rest_is_the_consoles(site: Path) -> None:
    for path, method in (("/helpful/", "GET"), ("/", "GET"), ("/help/", "POST")):
        assert _ask(Help(console, site), path, method)[0] == BEHIND


def test_a_checkout_in_which_it_was_not_built_says_how_to(tmp_path: Path) -> None:
    status, _, body = _ask(Help(console, tmp_path / "none"), "/help/reference/errors/")
    assert status == 404
    assert b"<code>make docs</code>" in body


def test_a_page_that_the_console_has_below_it_stays_its_own(site: Path, tmp_path: Path) -> None:
    own = reverse("console:help-dynamic-lists")
    assert own.startswith("/help/")
    assert _ask(Help(console, site), own)[0] == BEHIND
    assert _ask(Help(console, tmp_path / "none"), own)[0] == BEHIND
