"""A real OpenID Connect issuer on this machine. A module that uses it takes up the three fixtures by their names."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailroll.settings.issuer import Issuer, NewcomerRole

with warnings.catch_warnings(record=True):  # the package's own use of what its libraries will drop
    import oidc_provider_mock


@dataclass
class Elsewhere:
    """The issuer, and people at it."""

    url: str

    def knows(self, subject: str, **claims: str | int | bool) -> None:
        answer = requests.put(f"{self.url}/users/{subject}", json=claims, timeout=300)
        assert answer.status_code == 204

    def sign_in(self, client: Client, subject: str, way: str = "issuer_enter", **asked: str) -> str:
        """Go there and back with a browser; returns where it ends."""
        return self.go(client, subject, reverse(way), **asked)

    def go(self, client: Client, subject: str, path: str, **asked: str) -> str:
        """The same, by the address of a link that leads there."""
        begun = client.get(path, asked)
        assert begun.headers["Location"].startswith(f"{self.url}/oauth2/authorize")
        chosen = requests.post(begun.headers["Location"], {"sub": subject}, timeout=300, allow_redirects=False)
        back = urlsplit(chosen.headers["Location"])
        assert f"{back.scheme}://{back.netloc}{back.path}" == "http://localhost:8000/account/issuer/callback/"
        return str(client.get(f"{back.path}?{back.query}").headers["Location"])


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def elsewhere(server: str, settings: Settings, tmp_path: Path) -> Elsewhere:
    secret = tmp_path / "secret"
    secret.write_text("hush")
    issuer = Issuer(server, "Northgate", "mailroll", secret, ("northgate.example",), NewcomerRole.TECHNICIAN)
    settings.MAILROLL = replace(settings.MAILROLL, issuer=issuer)
    cache.clear()
    return Elsewhere(server)


@pytest.fixture
def browser() -> Client:
    return Client(HTTP_HOST="localhost:8000")
