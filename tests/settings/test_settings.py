"""Settings are read once, checked together, and never shown."""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

import pytest

from mailroll import promises
from mailroll.settings import (
    BadSettingsError,
    CloudName,
    Demand,
    Issuer,
    LetterLimits,
    LogFormat,
    LogLevel,
    Mail,
    NameServer,
    Settings,
    Switch,
)
from mailroll.settings.issuer import NewcomerRole
from mailroll.settings.mail import MailTransport

HOME = {"HOME": "/home/ada"}
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"


def wrong(environ: dict[str, str]) -> list[str]:
    with pytest.raises(BadSettingsError) as caught:
        Settings.read(HOME | environ)
    return [problem.variable for problem in caught.value.problems]


def rows() -> dict[str, list[str]]:
    """The reference page's table: value, default and meaning of each variable, by its name."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [line.strip("| ").split(" | ") for line in lines if line.startswith(("| `MAILROLL_", "| `DATABASE"))]
    return {name.strip("`"): rest for name, *rest in cells}


ROWS = rows()


def test_nothing_needs_to_be_set() -> None:
    assert Settings.read(HOME) == Settings(
        data_dir=Path("/home/ada/.local/share/mailroll"),
        database_url=None,
        secret_keys=(),
        secret_key_file=None,
        custom_login_url=None,
        custom_graph_url=None,
        custom_ca_file=None,
        custom_pages_url=None,
        url=None,
        notifications=Switch.ON,
        hosts=(),
        trusted_proxies=(),
        alert_networks=(),
        web_requests=20,
        unproved_domains=10,
        customers_below=100,
        resolver=(),
        help_url=None,
        demo_url=None,
        ticket_url=None,
        m365_client_id=None,
        m365_secret_file=None,
        m365_certificate_file=None,
        m365_key_file=None,
        m365_cloud=CloudName.GLOBAL,
        log_level=LogLevel.WARNING,
        log_format=LogFormat.TEXT,
        metrics_token_file=None,
        metrics_networks=(),
        mail=None,
        mail_from="mailroll@localhost",
        letters=LetterLimits(by_sender=100, to_receiver=5, resets_by_network=20, resets=500, notices=50),
        issuer=None,
        password_sign_in=Switch.ON,
        second_factor=Demand.TECHNICIANS,
        session_idle=timedelta(minutes=30),
        session_life=timedelta(hours=12),
        audit_kept=timedelta(days=731),
        run_details_kept=timedelta(days=731),
        admin_email=None,
        admin_password_file=None,
    )


@pytest.mark.parametrize("given", ["x", "10.0.0.1/8", "10.0.0.0/33", "127.0.0.1,,::1"])
def test_what_is_no_network_is_refused(given: str) -> None:
    assert wrong({"MAILROLL_TRUSTED_PROXIES": given}) == ["MAILROLL_TRUSTED_PROXIES"]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("::1", NameServer("::1")),
        ("[::1]", NameServer("::1")),
        ("127.0.0.1:5353", NameServer("127.0.0.1", 5353)),
        ("2620:FE::FE", NameServer("2620:fe::fe")),
    ],
)
def test_a_name_server_has_an_address_and_perhaps_a_port(given: str, read: NameServer) -> None:
    assert Settings.read(HOME | {"MAILROLL_RESOLVER": given}).resolver == (read,)


@pytest.mark.parametrize("given", ["dns.example", "9.9.9.9,", "9.9.9.9:0", "9.9.9.9:65536", "[::1]:x", "9.9.9.9:53:53"])
def test_what_is_no_name_server_is_refused(given: str) -> None:
    assert wrong({"MAILROLL_RESOLVER": given}) == ["MAILROLL_RESOLVER"]


@pytest.mark.parametrize("given", ["0", "-1", "1001", "20.5", "many", "\u0662", "9" * 5000])
def test_what_is_no_number_in_range_is_refused(given: str) -> None:
    assert wrong({"MAILROLL_WEB_REQUESTS": given}) == ["MAILROLL_WEB_REQUESTS"]


def test_everything_can_be_set() -> None:
    settings = Settings.read(
        {
            "MAILROLL_DATA_DIR": "/srv/mailroll",
            "DATABASE_URL": "postgres://ada:pass@db1:5432,db2:5432/roll?sslmode=require",
            "MAILROLL_SECRET_KEY": "one, two",
            "MAILROLL_CUSTOM_LOGIN_URL": "https://Login.example:8443/",
            "MAILROLL_CUSTOM_GRAPH_URL": "https://graph.example",
            "MAILROLL_CUSTOM_CA_FILE": "/etc/ca.pem",
            "MAILROLL_CUSTOM_PAGES_URL": "http://localhost:8080",
            "MAILROLL_URL": "https://Console.example/",
            "MAILROLL_TRUSTED_PROXIES": "127.0.0.1, fd00::/8",
            "MAILROLL_ALERT_NETWORKS": "10.1.0.0/16",
            "MAILROLL_WEB_REQUESTS": "50",
            "MAILROLL_RESOLVER": "9.9.9.9, [::1]:5353",
            "MAILROLL_M365_CLIENT_ID": "AAAAAAAA-1111-4111-8111-111111111111",
            "MAILROLL_M365_CERTIFICATE_FILE": "/etc/mailroll/certificate.pem",
            "MAILROLL_M365_KEY_FILE": "/etc/mailroll/key.pem",
            "MAILROLL_M365_CLOUD": "custom",
            "MAILROLL_METRICS_TOKEN_FILE": "/run/secrets/metrics",
            "MAILROLL_METRICS_NETWORKS": "10.1.0.0/16",
            "MAILROLL_LOG_LEVEL": "DEBUG",
            "MAILROLL_LOG_FORMAT": "json",
            "MAILROLL_SMTP_URL": "smtps://ada:pass@mx.example",
            "MAILROLL_MAIL_FROM": "roll@example.com",
            "MAILROLL_LETTERS_BY_SENDER": "1000",
            "MAILROLL_LETTERS_TO_RECEIVER": "3",
            "MAILROLL_RESETS_BY_NETWORK": "10",
            "MAILROLL_RESETS": "200",
            "MAILROLL_NOTICES": "20",
            "MAILROLL_OIDC_ISSUER": "https://id.example/realm/.well-known/openid-configuration",
            "MAILROLL_OIDC_CLIENT_ID": "mailroll",
            "MAILROLL_OIDC_SECRET_FILE": "/run/secrets/oidc",
            "MAILROLL_OIDC_NAME": "Northgate",
            "MAILROLL_OIDC_DOMAINS": "Example.com, example.org",
            "MAILROLL_OIDC_ROLE": "technician",
            "MAILROLL_PASSWORD_SIGN_IN": "off",
            "MAILROLL_SECOND_FACTOR": "everybody",
            "MAILROLL_SESSION_IDLE_MINUTES": "15",
            "MAILROLL_SESSION_HOURS": "8",
            "MAILROLL_AUDIT_DAYS": "400",
            "MAILROLL_NOTIFICATIONS": "off",
            "MAILROLL_RUN_DAYS": "60",
            "MAILROLL_ADMIN_EMAIL": "ada@example.com",
            "MAILROLL_ADMIN_PASSWORD_FILE": "/run/secrets/admin",
        }
    )
    assert settings == Settings(
        data_dir=Path("/srv/mailroll"),
        database_url="postgres://ada:pass@db1:5432,db2:5432/roll?sslmode=require",
        secret_keys=("one", "two"),
        secret_key_file=None,
        custom_login_url="https://login.example:8443",
        custom_graph_url="https://graph.example",
        custom_ca_file=Path("/etc/ca.pem"),
        custom_pages_url="http://localhost:8080",
        url="https://console.example",
        notifications=Switch.OFF,
        hosts=(),
        trusted_proxies=(IPv4Network("127.0.0.1"), IPv6Network("fd00::/8")),
        alert_networks=(IPv4Network("10.1.0.0/16"),),
        web_requests=50,
        unproved_domains=10,
        customers_below=100,
        resolver=(NameServer("9.9.9.9"), NameServer("::1", 5353)),
        help_url=None,
        demo_url=None,
        ticket_url=None,
        m365_client_id="aaaaaaaa-1111-4111-8111-111111111111",
        m365_secret_file=None,
        m365_certificate_file=Path("/etc/mailroll/certificate.pem"),
        m365_key_file=Path("/etc/mailroll/key.pem"),
        m365_cloud=CloudName.CUSTOM,
        log_level=LogLevel.DEBUG,
        log_format=LogFormat.JSON,
        metrics_token_file=Path("/run/secrets/metrics"),
        metrics_networks=(IPv4Network("10.1.0.0/16"),),
        mail=Mail(MailTransport.TLS, "mx.example", 465, "ada", "pass"),
        mail_from="roll@example.com",
        letters=LetterLimits(by_sender=1000, to_receiver=3, resets_by_network=10, resets=200, notices=20),
        issuer=Issuer(
            "https://id.example/realm",
            "Northgate",
            "mailroll",
            Path("/run/secrets/oidc"),
            ("example.com", "example.org"),
            NewcomerRole.TECHNICIAN,
        ),
        password_sign_in=Switch.OFF,
        second_factor=Demand.EVERYBODY,
        session_idle=timedelta(minutes=15),
        session_life=timedelta(hours=8),
        audit_kept=timedelta(days=400),
        run_details_kept=timedelta(days=60),
        admin_email="ada@example.com",
        admin_password_file=Path("/run/secrets/admin"),
    )


def test_an_empty_variable_counts_as_unset() -> None:
    assert Settings.read(HOME | dict.fromkeys(Settings.variables(), " ")) == Settings.read(HOME)


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"XDG_DATA_HOME": "/data"}, "/data/mailroll"),
        ({"XDG_DATA_HOME": "relative"}, "/home/ada/.local/share/mailroll"),
        ({"XDG_DATA_HOME": "/data", "MAILROLL_DATA_DIR": "/mine"}, "/mine"),
    ],
)
def test_the_data_folder_is_ours_then_the_desktops_then_the_home(environ: dict[str, str], folder: str) -> None:
    assert Settings.read(HOME | environ).data_dir == Path(folder)


def test_without_a_home_the_data_folder_has_to_be_named() -> None:
    with pytest.raises(BadSettingsError) as caught:
        Settings.read({})
    assert [problem.variable for problem in caught.value.problems] == ["MAILROLL_DATA_DIR"]
    assert Settings.read({"MAILROLL_DATA_DIR": "/data"}).data_dir == Path("/data")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MAILROLL_DATA_DIR", "data"),
        ("MAILROLL_DATA_DIR", "~/data"),
        ("DATABASE_URL", "mysql://host/roll"),
        ("DATABASE_URL", "host=db dbname=roll"),
        ("DATABASE_URL", "postgresql://host"),
        ("DATABASE_URL", "postgresql://[host/roll"),
        ("MAILROLL_SECRET_KEY", "one,,two"),
        ("MAILROLL_SECRET_KEY_FILE", "key"),
        ("MAILROLL_LOG_LEVEL", "loud"),
        ("MAILROLL_LOG_FORMAT", "xml"),
    ],
)
def test_a_value_of_the_wrong_form_is_refused(variable: str, value: str) -> None:
    assert wrong({variable: value}) == [variable]


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example",
        "login.example",
        "https://",
        "https://login.example/path",
        "https://login.example?",
        "https://login.example?tenant=1",
        "https://login.example/#",
        "https://user@login.example",
        "https://user:pass@login.example",
        "https://@login.example",
        "https://login.example:port",
        "https://login.example:99999",
        "https://[login.example",
        "https://login .example",
        "https://login.\texample",
    ],
)
def test_a_custom_cloud_is_a_secure_host_and_nothing_else(url: str) -> None:
    given = {"MAILROLL_CUSTOM_LOGIN_URL": url, "MAILROLL_CUSTOM_GRAPH_URL": "https://graph.example"}
    assert wrong(given) == ["MAILROLL_CUSTOM_LOGIN_URL"]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("MAILROLL_CUSTOM_LOGIN_URL", "MAILROLL_CUSTOM_GRAPH_URL"),
        ("MAILROLL_CUSTOM_GRAPH_URL", "MAILROLL_CUSTOM_LOGIN_URL"),
    ],
)
def test_half_a_custom_cloud_is_refused(given: str, missing: str) -> None:
    assert wrong({given: "https://host.example"}) == [missing]


def test_certificates_without_a_custom_cloud_are_refused() -> None:
    assert wrong({"MAILROLL_CUSTOM_CA_FILE": "/ca.pem"}) == ["MAILROLL_CUSTOM_CA_FILE"]


def test_files_are_not_looked_for_when_settings_are_read() -> None:
    missing = Path("/nowhere/key")
    assert Settings.read(HOME | {"MAILROLL_SECRET_KEY_FILE": str(missing)}).secret_key_file == missing


def test_keys_come_from_one_place_only() -> None:
    given = {"MAILROLL_SECRET_KEY": "one", "MAILROLL_SECRET_KEY_FILE": "/key"}
    assert wrong(given) == ["MAILROLL_SECRET_KEY_FILE"]


def test_all_problems_are_told_at_once_each_with_a_way_out() -> None:
    with pytest.raises(BadSettingsError) as caught:
        Settings.read({"DATABASE_URL": "x", "MAILROLL_LOG_LEVEL": "x", "MAILROLL_CUSTOM_GRAPH_URL": "x"})
    error = caught.value
    assert {problem.variable for problem in error.problems} == {
        "MAILROLL_DATA_DIR",
        "DATABASE_URL",
        "MAILROLL_LOG_LEVEL",
        "MAILROLL_CUSTOM_GRAPH_URL",
        "MAILROLL_CUSTOM_LOGIN_URL",
    }
    assert error.code == "settings_bad"
    assert error.message == "5 settings are wrong in the environment."
    assert all(problem.wrong and problem.way_out and str(problem) in error.help for problem in error.problems)


def test_secrets_are_not_shown() -> None:
    given = {"DATABASE_URL": "postgresql://ada:hidden@db/roll", "MAILROLL_SECRET_KEY": "hidden"}
    assert "hidden" not in repr(Settings.read(HOME | given))


@pytest.mark.parametrize(
    "given",
    [
        {"DATABASE_URL": "mysql://ada:hidden@db/roll"},
        {"MAILROLL_SECRET_KEY": "hidden,,hidden"},
        {"MAILROLL_CUSTOM_LOGIN_URL": "https://ada:hidden@login.example"},
    ],
)
def test_secrets_are_not_shown_when_they_are_wrong(given: dict[str, str]) -> None:
    with pytest.raises(BadSettingsError) as caught:
        Settings.read(HOME | given)
    assert "hidden" not in f"{caught.value} {caught.value!r} {caught.value.problems!r}"


def test_the_reference_page_has_every_variable_and_no_other_in_the_order_of_the_settings() -> None:
    assert tuple(ROWS) == Settings.variables()
    assert all(len(cells) == 3 and all(cells) for cells in ROWS.values())


@pytest.mark.parametrize("name", [name for name, cells in ROWS.items() if cells[0].startswith("number from")])
def test_a_number_is_taken_in_the_range_that_the_reference_page_names(name: str) -> None:
    kind, default, _ = ROWS[name]
    least, most = (int(number.replace(",", "")) for number in kind.removeprefix("number from ").split(" to "))
    assert Settings.read(HOME | {name: default.strip("`")}) == Settings.read(HOME)
    assert Settings.read(HOME | {name: str(least)}) != Settings.read(HOME | {name: str(most)})
    assert wrong({name: str(least - 1)}) == wrong({name: str(most + 1)}) == [name]


@pytest.mark.parametrize("name", [name for name, cells in ROWS.items() if cells[1][0] == "`" and cells[1] in cells[0]])
def test_the_default_of_a_choice_is_the_one_that_the_reference_page_names(name: str) -> None:
    default = ROWS[name][1]
    assert Settings.read(HOME | {name: default.strip("`")} | OIDC) == Settings.read(HOME | OIDC)
    assert wrong(OIDC | {name: "neither"}) == [name]


def test_the_reference_page_names_the_time_for_which_letters_are_counted() -> None:
    for name in Settings.variables():
        if "LETTERS" in name or name in {"MAILROLL_RESETS_BY_NETWORK", "MAILROLL_NOTICES"}:
            assert promises.in_words(promises.LETTERS) in ROWS[name][2]


CLIENT = {"MAILROLL_M365_CLIENT_ID": "aaaaaaaa-1111-4111-8111-111111111111", "MAILROLL_URL": "https://console.example"}


OIDC = {
    "MAILROLL_OIDC_ISSUER": "https://id.example",
    "MAILROLL_OIDC_CLIENT_ID": "mailroll",
    "MAILROLL_OIDC_SECRET_FILE": "/run/secrets/oidc",
}
