"""Our own files: kept a year under a name that changes with them, packed, and whole in the wheel."""

import gzip
import re
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.templatetags.static import static

import mailroll.console
from mailroll.console.middleware.headers import CONTENT_SECURITY_POLICY
from mailroll.console.server.asgi import Receive, Scope, Send, answer
from mailroll.console.server.files import Files, shipped
from tests.console.server.serving import answering


async def _else(_: Scope, __: Receive, send: Send) -> None:
    await answer(send, 404, b"nothing here", {})


def _get(path: str, *, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    with answering(Files(_else)) as port:
        visitor = HTTPConnection("127.0.0.1", port)
        visitor.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        told = visitor.getresponse()
        body = told.read()
        visitor.close()
        return told.status, {name.lower(): value for name, value in told.getheaders()}, body


def test_a_file_is_kept_a_year_under_its_own_name() -> None:
    address = static("console/page.css")
    assert re.fullmatch(r"/static/console/page\.[0-9a-f]{12}\.css", address)
    status, headers, body = _get(address)
    assert (status, headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert headers["content-type"] == "text/css; charset=utf-8"
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert body == shipped()["console/page.css"].content


def test_a_file_is_sent_packed_to_those_who_take_it_so() -> None:
    address = static("console/htmx.min.js")
    _, plain, whole = _get(address)
    _, headers, body = _get(address, Accept_Encoding="gzip, br")
    assert (headers["content-encoding"], headers["vary"]) == ("gzip", "Accept-Encoding")
    assert "content-encoding" not in plain
    assert gzip.decompress(body) == whole
    assert len(body) < len(whole) / 2


def test_a_plain_name_leads_to_what_the_file_is_now() -> None:
    status, headers, body = _get("/static/console/page.css")
    assert (status, headers["cache-control"]) == (200, "public, no-cache")
    assert body == shipped()["console/page.css"].content


def test_stylesheets_name_the_files_that_are_there() -> None:
    for name, file in shipped().items():
        if name.endswith(".css"):
            for link in re.findall(r'url\("?([^")]+)', file.content.decode()):
                assert _get(link)[0] == 200, (name, link)


@pytest.mark.parametrize("path", ["/static/../settings.py", "/static/", "/static/console/x.css", "/page.css"])
def test_nothing_else_is_given_out(path: str) -> None:
    assert _get(path)[0] == 404


def test_only_reading_is_answered() -> None:
    assert _get("/static/console/page.css", method="POST")[0] == 404
    assert _get("/static/console/page.css", method="HEAD")[::2] == (200, b"")


def test_every_file_that_a_page_names_is_shipped() -> None:
    named = re.compile(r"{% static ['\"]([^'\"]+)['\"] %}")
    for template in (Path(mailroll.console.__file__).parent / "templates").rglob("*.html"):
        for name in named.findall(template.read_text()):
            assert name in shipped(), (template, name)
