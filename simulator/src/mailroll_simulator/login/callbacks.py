"""Where a browser is sent back to, and with what."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from mailroll_simulator.login.aadsts import LoginError
from mailroll_simulator.login.answers import description, help_uri
from mailroll_simulator.login.html import post_page
from mailroll_simulator.login.wire import Fields, LoginResponse, Trace
from mailroll_simulator.registrations import App
from mailroll_simulator.tenant import Tenant
from mailroll_simulator.world import World

MODES = ("query", "fragment", "form_post")


@dataclass(frozen=True, slots=True)
class Callback:
    """A registered redirect URI, how answers travel to it, and the client's state."""

    uri: str
    state: str | None
    mode: str = "query"

    def link(self, parameters: Mapping[str, str]) -> str:
        mark = "#" if self.mode == "fragment" else "&" if "?" in self.uri else "?"
        return f"{self.uri}{mark}{urlencode(self._whole(parameters))}"

    def send(self, parameters: Mapping[str, str]) -> LoginResponse:
        if self.mode == "form_post":
            return post_page(self.uri, self._whole(parameters))
        return LoginResponse.to(self.link(parameters))

    def _whole(self, parameters: Mapping[str, str]) -> dict[str, str]:
        return dict(parameters) | ({} if self.state is None else {"state": self.state})


def refused(error: LoginError, trace: Trace) -> dict[str, str]:
    """Give the parameters that tell a refusal."""
    told = {"error": error.word, "error_description": description(error, trace), "error_uri": help_uri(error)}
    return told | {name: str(value) for name, value in error.extra.items()}


def app_of(world: World, fields: Fields, tenant: Tenant | None) -> App:
    """Find the app that asks; one that cannot be named, or not here, gets a page and never a redirect."""
    client_id = fields.require("client_id")
    app = world.apps.get(client_id.lower())
    where = tenant.display_name if tenant else "Microsoft"
    if app is None or (tenant is not None and app.home_tenant not in {None, tenant.id}):
        raise LoginError(700016, f"Application with identifier '{client_id}' was not found in the directory '{where}'.")
    if tenant is None and app.home_tenant is not None:
        raise LoginError(
            50194, f"Application '{client_id}'({app.display_name}) is not configured as a multi-tenant application."
        )
    if app.disabled:
        raise LoginError(7000112, f"Application '{client_id}'({app.display_name}) is disabled.")
    return app


def redirect_uri_of(app: App, fields: Fields) -> str:
    uri = fields.get("redirect_uri")
    if uri is None:
        raise LoginError(900971)
    if not app.accepts(uri):
        raise LoginError(
            50011,
            f"The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the "
            f"application '{app.client_id}'.",
        )
    return uri
