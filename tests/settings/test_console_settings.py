"""Settings of the Console: its addresses, how people sign in, and where they are led."""

import pytest

from mailroll.settings import (
    BadSettingsError,
    Settings,
)
from mailroll.settings.issuer import NewcomerRole
from tests.settings.test_settings import CLIENT, HOME, OIDC, wrong


@pytest.mark.parametrize(
    ("environ", "variables"),
    [
        (CLIENT, ["MAILROLL_M365_CLIENT_ID"]),
        (CLIENT | {"MAILROLL_M365_KEY_FILE": "/k"}, ["MAILROLL_M365_CERTIFICATE_FILE"]),
        (CLIENT | {"MAILROLL_M365_CERTIFICATE_FILE": "/c"}, ["MAILROLL_M365_KEY_FILE"]),
        (
            CLIENT
            | {
                "MAILROLL_M365_CERTIFICATE_FILE": "/c",
                "MAILROLL_M365_KEY_FILE": "/k",
                "MAILROLL_M365_SECRET_FILE": "/s",
            },
            ["MAILROLL_M365_SECRET_FILE"],
        ),
        (CLIENT | {"MAILROLL_M365_SECRET_FILE": "/s", "MAILROLL_M365_CLOUD": "custom"}, ["MAILROLL_M365_CLOUD"]),
        (CLIENT | {"MAILROLL_M365_SECRET_FILE": "/s", "MAILROLL_URL": ""}, ["MAILROLL_URL"]),
        ({"MAILROLL_M365_SECRET_FILE": "/s"}, ["MAILROLL_M365_SECRET_FILE"]),
    ],
)
def test_half_a_registration_is_refused(environ: dict[str, str], variables: list[str]) -> None:
    assert wrong(environ) == variables


@pytest.mark.parametrize(
    "address", ["http://console.example", "console.example", "https://console.example/mail", "http://localhost:x"]
)
def test_the_consoles_own_address_is_an_origin_that_is_safe_to_open(address: str) -> None:
    assert wrong({"MAILROLL_URL": address}) == ["MAILROLL_URL"]


def test_a_client_id_is_a_guid() -> None:
    assert "MAILROLL_M365_CLIENT_ID" in wrong({"MAILROLL_M365_CLIENT_ID": "my app"})


def test_the_console_is_on_this_machine_until_it_is_told_its_address() -> None:
    assert Settings.read(HOME).console_url == "http://localhost:8000"
    assert Settings.read(HOME | {"MAILROLL_URL": "https://desk.example"}).console_url == "https://desk.example"


def test_the_console_may_answer_under_further_names() -> None:
    settings = Settings.read(HOME | {"MAILROLL_HOSTS": "desk.example, Help.Example"})
    assert settings.hosts == ("desk.example", "help.example")


def test_a_further_host_is_a_name_alone() -> None:
    assert wrong({"MAILROLL_HOSTS": "desk.example:8000"}) == ["MAILROLL_HOSTS"]


@pytest.mark.parametrize("link", ["https://help.example/mailroll?from=console", "mailto:help@example.com"])
def test_help_and_tickets_are_pages_or_mailboxes(link: str) -> None:
    settings = Settings.read(HOME | {"MAILROLL_HELP_URL": link, "MAILROLL_TICKET_URL": link})
    assert (settings.help_url, settings.ticket_url) == (link, link)


@pytest.mark.parametrize("link", ["http://help.example", "javascript:alert(1)", "help.example", "mailto:nobody"])
def test_other_links_are_refused(link: str) -> None:
    with pytest.raises(BadSettingsError) as refused:
        Settings.read(HOME | {"MAILROLL_HELP_URL": link})
    assert [problem.variable for problem in refused.value.problems] == ["MAILROLL_HELP_URL"]


@pytest.mark.parametrize(
    ("environ", "variables"),
    [
        (OIDC | {"MAILROLL_OIDC_ISSUER": "http://id.example"}, ["MAILROLL_OIDC_ISSUER"]),
        (OIDC | {"MAILROLL_OIDC_ISSUER": "https://id.example/?a=b"}, ["MAILROLL_OIDC_ISSUER"]),
        (
            OIDC | {"MAILROLL_OIDC_ISSUER": "https://login.microsoftonline.com/common/v2.0"},
            ["MAILROLL_OIDC_ISSUER"],
        ),
        (OIDC | {"MAILROLL_OIDC_CLIENT_ID": ""}, ["MAILROLL_OIDC_CLIENT_ID"]),
        (OIDC | {"MAILROLL_OIDC_SECRET_FILE": "oidc"}, ["MAILROLL_OIDC_SECRET_FILE"]),
        (OIDC | {"MAILROLL_OIDC_ROLE": "administrator"}, ["MAILROLL_OIDC_ROLE"]),
        (OIDC | {"MAILROLL_OIDC_NAME": "<b>"}, ["MAILROLL_OIDC_NAME"]),
        ({"MAILROLL_OIDC_DOMAINS": "example.com"}, ["MAILROLL_OIDC_DOMAINS"]),
        ({"MAILROLL_PASSWORD_SIGN_IN": "off"}, ["MAILROLL_PASSWORD_SIGN_IN"]),
    ],
)
def test_an_issuer_is_whole_and_safe(environ: dict[str, str], variables: list[str]) -> None:
    assert wrong(environ) == variables


def test_an_issuer_on_this_machine_needs_no_tls() -> None:
    issuer = Settings.read(HOME | OIDC | {"MAILROLL_OIDC_ISSUER": "http://localhost:9400"}).issuer
    assert issuer is not None
    assert (issuer.url, issuer.domains, issuer.role) == ("http://localhost:9400", (), NewcomerRole.VIEWER)


@pytest.mark.parametrize(
    ("url", "is_reached"),
    [
        ("https://console.example.com", True), ("https://console.example.com:8443", True), ("https://8.8.8.8", True),
        ("https://[2620:fe::fe]", True), ("http://localhost:8000", False), ("https://localhost", False),
        ("https://console", False), ("https://10.1.2.3", False), ("https://127.0.0.1", False), ("https://[::1]", False),
        ("https://console.internal", False), ("https://console.local", False), ("https://console.lan", False),
        ("https://CONSOLE.LOCALHOST", False),
    ],
)  # fmt: skip
def test_notifications_are_told_where_the_internet_can_reach(url: str, is_reached: bool) -> None:
    told = f"{url.lower()}/notifications/microsoft365/" if is_reached else None
    assert Settings.read({**HOME, "MAILROLL_URL": url}).notification_url == told
    assert Settings.read({**HOME, "MAILROLL_URL": url, "MAILROLL_NOTIFICATIONS": "off"}).notification_url is None


def test_without_an_address_nobody_is_reached() -> None:
    assert Settings.read(HOME).notification_url is None
