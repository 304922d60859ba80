"""The web servers of the page on proxies, themselves, before the Console: TLS, who asks, HSTS, and signing in."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import requests
from pytest_django import DjangoDbBlocker
from requests.adapters import HTTPAdapter

from mailroll.accounts.models import Operator
from mailroll.audit.models import AuditEntry
from tests.conftest import address
from tests.console.people import PASSWORD
from tests.gateways_real.servers import mailroll, processes, web
from tests.gateways_real.servers.web import Ports
from tests.ports import reserved_port

PAGE = Path(__file__).parents[2] / "docs/how-to/proxy.md"
VISITOR = "127.0.0.2"
"""Where the visitor comes from: neither the web server's address nor the one that they say."""
Server = Callable[[Path, Path, str, Ports], AbstractContextManager[Path]]


class FromElsewhere(HTTPAdapter):
    """Goes out from the visitor's address."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **more, source_address=(VISITOR, 0))


@pytest.fixture(scope="module")
def ports(lasting_folder: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Ports]:
    """The Console, told of its address and of whom to believe as the page says."""
    here = Ports(*(reserved_port() for _ in range(3)))
    with django_db_blocker.unblock():
        database = address()
    environment = {
        **mailroll.environment(lasting_folder, database),
        "MAILROLL_URL": f"https://localhost:{here.safe}",
        "MAILROLL_TRUSTED_PROXIES": "127.0.0.1",
    }
    words = [sys.executable, "-m", "mailroll", "web", "--port", str(here.console)]
    with processes.running(words, environment, lasting_folder / "web.log", lambda: processes.listens(here.console)):
        yield here


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize(("name", "server"), [("nginx", web.nginx), ("caddy", web.caddy)], ids=["nginx", "caddy"])
def test_as_the_page_shows_it_people_sign_in_over_tls(
    root: Path, folder: Path, ports: Ports, name: str, server: Server
) -> None:
    Operator.objects.create_user("jo@northgate.example", PASSWORD)
    with server(root, folder, _example(name), ports) as certificate, requests.Session() as visitor:
        visitor.trust_env = False
        visitor.mount("https://", FromElsewhere())
        visitor.verify = str(certificate)
        visitor.headers["X-Forwarded-For"] = "203.0.113.7"
        safe = f"https://localhost:{ports.safe}"
        _until_answered(visitor, f"{safe}/livez")

        plain = visitor.get(f"http://localhost:{ports.plain}/account/login/?next=/", allow_redirects=False, timeout=30)
        assert plain.status_code in {301, 308}
        assert plain.headers["Location"].startswith("https://localhost")
        assert plain.headers["Location"].endswith("/account/login/?next=/")

        page = visitor.get(f"{safe}/account/login/", timeout=30)
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert {(one.name, one.secure) for one in visitor.cookies} == {("__Host-mailroll_csrf", True)}
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None
        given = {"login": "jo@northgate.example", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        forged = visitor.post(page.url, given, headers={"Referer": "https://elsewhere.example/"}, timeout=30)
        assert forged.status_code == 403
        home = visitor.post(page.url, given, headers={"Referer": page.url}, timeout=30)
        assert (home.status_code, home.url) == (200, f"{safe}/")
    signed_in = AuditEntry.objects.get(action="operator.signed_in")
    assert signed_in.client == VISITOR


def _until_answered(visitor: requests.Session, url: str) -> None:
    """Caddy listens before it has a certificate."""

    def answers() -> bool:
        try:
            return visitor.get(url, timeout=30).status_code == 200
        except (requests.ConnectionError, OSError):
            return False

    processes.wait(answers, f"{url} answers")


def _example(name: str) -> str:
    found = re.search(rf"<!-- example: {name} -->\n```\w+\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]
