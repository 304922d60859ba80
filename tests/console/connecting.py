"""An operator at the Console and at Microsoft: a Django client for the one, real HTTP for the other."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse

from mailroll.accounts.models import Operator
from simulator.tests.entrance import ADMIN, PASSWORD, Form
from tests.connections.consents import HOME, Scene, told
from tests.console.people import confirm

HERE = urlsplit(HOME).netloc
BRAND = "mail.brand.example"


@dataclass
class Browser:
    """One browser. `host` is the address of the Console that it looks at."""

    scene: Scene
    host: str = HERE
    console: Client = field(default_factory=Client)

    def sign_in(self, operator: Operator) -> None:
        self.console.force_login(operator)
        confirm(self.console)

    def get(self, path: str, **more: Any) -> Any:
        return self.console.get(path, headers={"host": self.host}, **more)

    def post(self, path: str, data: dict[str, Any] | None = None) -> Any:
        return self.console.post(path, data or {}, headers={"host": self.host})

    def source(self) -> str:
        return reverse("console:source", args=[self.scene.domain.name, self.scene.source.owner_id])

    def url(self, name: str) -> str:
        return reverse(f"console:{name}", args=[self.scene.domain.name, self.scene.source.owner_id])

    def click(self) -> str:
        """Click *Connect Office 365*, and give where Microsoft is asked to show its page."""
        page = self.get(f"{self.source()}?again").content.decode()
        found = re.search(r'href="(/connect/start/[^"]+)"[^>]*>Connect Office 365<', page)
        assert found is not None, page
        return self.location(self.get(found.group(1)))

    def location(self, response: Any) -> str:
        assert response.status_code == 302, response.content.decode()
        return str(response.headers["Location"])

    def at_microsoft(self, url: str, account: str = ADMIN, press: str = "Sign in") -> dict[str, str]:
        page = self.scene.client.get(url)
        asked = {} if "password" not in Form.on(page).names else {"other_account": account, "password": PASSWORD}
        return told(self.scene.client.press(page, press, **({} if press == "Cancel" else asked)))

    def back(self, carried: dict[str, str]) -> Any:
        """Come back from Microsoft, at the one registered address."""
        return self.console.get("/connect/callback/", carried, headers={"host": HERE})

    def consented(self, account: str = ADMIN) -> str:
        """Go all the way to the page that waits, and give its address."""
        consent = self.location(self.back(self.at_microsoft(self.click(), account)))
        return self.location(self.back(self.at_microsoft(consent, account, "Accept")))

    def follow(self, url: str) -> Any:
        """Open an address of the Console, whatever host it names."""
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return self.console.get(path, headers={"host": parts.netloc or self.host})


def text(response: Any) -> str:
    body = str(response.content.decode())
    assert PASSWORD not in body
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body)).replace("&#x27;", "'")
