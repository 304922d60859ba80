"""The settings of one process, read once from its environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from mailroll import promises
from mailroll.settings.environment import Environment, NameServer, Network
from mailroll.settings.errors import BadSettingsError, SettingProblem
from mailroll.settings.issuer import Issuer, read_issuer
from mailroll.settings.mail import LetterLimits, Mail, read_letter_limits, read_mail
from mailroll.settings.public_address import is_public

__all__ = [
    "NOTIFICATION_PATH",
    "BadSettingsError",
    "CloudName",
    "Demand",
    "Issuer",
    "LetterLimits",
    "LogFormat",
    "LogLevel",
    "Mail",
    "NameServer",
    "SettingProblem",
    "Settings",
    "Switch",
]

NOTIFICATION_PATH: Final = "/notifications/microsoft365/"
"""Below the Console's own address."""


class LogLevel(StrEnum):
    """The least important events that are logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


class Demand(StrEnum):
    """Of whom a second factor is demanded, the fewest first."""

    NOBODY = "nobody"
    ADMINISTRATORS = "administrators"
    TECHNICIANS = "technicians"
    """And of administrators: of everybody who may release what is held."""
    EVERYBODY = "everybody"


class CloudName(StrEnum):
    """The cloud that the installation's own app registration lives in; GCC is in the global one."""

    GLOBAL = "global"
    GCC_HIGH = "gcc-high"
    DOD = "dod"
    CHINA = "china"
    CUSTOM = "custom"


class Switch(StrEnum):
    """Whether something is done."""

    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, checked for form; whether files exist is for those who open them."""

    data_dir: Path
    database_url: str | None = field(repr=False)
    """None: the embedded PostgreSQL of the data folder."""
    secret_keys: tuple[str, ...] = field(repr=False)
    """Empty: those of the key file."""
    secret_key_file: Path | None
    """None: the one in the data folder."""
    custom_login_url: str | None
    custom_graph_url: str | None
    """Set exactly when `custom_login_url` is; neither ends in a slash."""
    custom_ca_file: Path | None
    custom_pages_url: str | None
    """None: the sign-in pages are on `custom_login_url`."""
    url: str | None
    """The Console's own address, which is registered with Microsoft: an origin, without a slash at its end."""
    notifications: Switch
    """Whether Microsoft shall tell of changes, where it can reach the Console."""
    hosts: tuple[str, ...]
    trusted_proxies: tuple[Network, ...]
    """Who is believed when it says for whom it asks, and how."""
    alert_networks: tuple[Network, ...]
    """Private networks that webhooks of alerts may be posted to; none: the Internet alone."""
    web_requests: int
    """How many requests one process of the Console works on at once: each may hold a connection to the database."""
    unproved_domains: int
    """How many domains that nobody has proved an organization below the top may have."""
    customers_below: int
    """How many organizations a customer of the topmost one may have below it."""
    resolver: tuple[NameServer, ...]
    """Who is asked for the records that prove a domain; nobody: the name servers of this machine."""
    help_url: str | None
    ticket_url: str | None
    """Where operators find help and open a ticket: pages, or mailboxes; None: the Console's own pages."""
    demo_url: str | None
    """Where the demo's simulated Microsoft 365 lets things happen; None outside the demo."""
    m365_client_id: str | None
    """None: customers can only be connected by registrations of their own."""
    m365_secret_file: Path | None
    m365_certificate_file: Path | None
    m365_key_file: Path | None
    """Set exactly when `m365_certificate_file` is; and then there is no secret."""
    m365_cloud: CloudName
    log_level: LogLevel
    log_format: LogFormat
    metrics_token_file: Path | None
    metrics_networks: tuple[Network, ...]
    """Who may read the metrics: what is set has to hold, and where neither is, nobody may."""
    mail: Mail | None = field(repr=False)
    """None: no message can be sent."""
    mail_from: str
    letters: LetterLimits
    issuer: Issuer | None
    """None: nobody signs in but with what Mailroll itself keeps of them."""
    password_sign_in: Switch
    second_factor: Demand
    """What holds where no organization says otherwise."""
    session_idle: timedelta
    session_life: timedelta
    """How long a session lives without use, and in any case."""
    audit_kept: timedelta
    """How long an entry of the audit trail is kept."""
    run_details_kept: timedelta
    """How long it is kept of whom a run changed something, and whom it left out."""
    admin_email: str | None
    admin_password_file: Path | None
    """Set exactly when `admin_email` is."""

    @property
    def console_url(self) -> str:
        """Where people find the Console: its own address, or this machine while none is set."""
        return self.url or "http://localhost:8000"

    @property
    def notification_url(self) -> str | None:
        """Where Microsoft tells of changes; None where it shall not, or nobody on the Internet reaches the Console."""
        if self.notifications is Switch.OFF or not is_public(self.url):
            return None
        return f"{self.url}{NOTIFICATION_PATH}"

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Raises `BadSettingsError` with every problem of the environment, not the first."""
        reading = Environment(environ)
        settings = cls._read(reading)
        _refuse_contradictions(reading)
        if reading.problems:
            raise BadSettingsError(tuple(reading.problems))
        return settings

    @classmethod
    def _read(cls, reading: Environment) -> Self:
        return cls(
            data_dir=_data_dir(reading),
            database_url=reading.postgresql_url("DATABASE_URL"),
            secret_keys=reading.keys("MAILROLL_SECRET_KEY"),
            secret_key_file=reading.path("MAILROLL_SECRET_KEY_FILE"),
            custom_login_url=reading.origin("MAILROLL_CUSTOM_LOGIN_URL"),
            custom_graph_url=reading.origin("MAILROLL_CUSTOM_GRAPH_URL"),
            custom_ca_file=reading.path("MAILROLL_CUSTOM_CA_FILE"),
            custom_pages_url=reading.page_origin("MAILROLL_CUSTOM_PAGES_URL"),
            url=reading.page_origin("MAILROLL_URL"),
            notifications=reading.choice("MAILROLL_NOTIFICATIONS", Switch.ON),
            hosts=reading.hosts("MAILROLL_HOSTS"),
            trusted_proxies=reading.networks("MAILROLL_TRUSTED_PROXIES"),
            alert_networks=reading.networks("MAILROLL_ALERT_NETWORKS"),
            web_requests=reading.number("MAILROLL_WEB_REQUESTS", 20, least=1, most=1000),
            unproved_domains=reading.number("MAILROLL_UNPROVED_DOMAINS", 10, least=1, most=100_000),
            customers_below=reading.number("MAILROLL_CUSTOMERS_BELOW", 100, least=1, most=100_000),
            resolver=reading.name_servers("MAILROLL_RESOLVER"),
            help_url=reading.link("MAILROLL_HELP_URL"),
            ticket_url=reading.link("MAILROLL_TICKET_URL"),
            demo_url=reading.page_origin("MAILROLL_DEMO_URL"),
            m365_client_id=reading.guid("MAILROLL_M365_CLIENT_ID"),
            m365_secret_file=reading.path("MAILROLL_M365_SECRET_FILE"),
            m365_certificate_file=reading.path("MAILROLL_M365_CERTIFICATE_FILE"),
            m365_key_file=reading.path("MAILROLL_M365_KEY_FILE"),
            m365_cloud=reading.choice("MAILROLL_M365_CLOUD", CloudName.GLOBAL),
            log_level=reading.choice("MAILROLL_LOG_LEVEL", LogLevel.WARNING),
            log_format=reading.choice("MAILROLL_LOG_FORMAT", LogFormat.TEXT),
            metrics_token_file=reading.path("MAILROLL_METRICS_TOKEN_FILE"),
            metrics_networks=reading.networks("MAILROLL_METRICS_NETWORKS"),
            mail=read_mail(reading, "MAILROLL_SMTP_URL"),
            mail_from=reading.text("MAILROLL_MAIL_FROM") or "mailroll@localhost",
            letters=read_letter_limits(reading),
            issuer=read_issuer(reading),
            password_sign_in=reading.choice("MAILROLL_PASSWORD_SIGN_IN", Switch.ON),
            second_factor=reading.choice("MAILROLL_SECOND_FACTOR", Demand.TECHNICIANS),
            session_idle=timedelta(minutes=reading.number("MAILROLL_SESSION_IDLE_MINUTES", 30, least=1, most=1440)),
            session_life=timedelta(hours=reading.number("MAILROLL_SESSION_HOURS", 12, least=1, most=336)),
            audit_kept=timedelta(
                days=reading.number("MAILROLL_AUDIT_DAYS", promises.AUDIT.days, least=90, most=36_500)
            ),
            run_details_kept=timedelta(
                days=reading.number("MAILROLL_RUN_DAYS", promises.RUN_DETAILS.days, least=30, most=36_500)
            ),
            admin_email=reading.text("MAILROLL_ADMIN_EMAIL"),
            admin_password_file=reading.path("MAILROLL_ADMIN_PASSWORD_FILE"),
        )

    @classmethod
    def variables(cls) -> tuple[str, ...]:
        """Every variable that is read and is ours, in the order of the fields."""
        reading = Environment({})
        cls._read(reading)
        return tuple(name for name in reading.asked if name.startswith("MAILROLL_") or name == "DATABASE_URL")


def _data_dir(reading: Environment) -> Path:
    if reading.text("MAILROLL_DATA_DIR"):
        return reading.path("MAILROLL_DATA_DIR") or Path("/")
    # The XDG base directory specification has a relative path ignored.
    shared = Path(reading.text("XDG_DATA_HOME") or "")
    if shared.is_absolute():
        return shared / "mailroll"
    home = Path(reading.text("HOME") or "")
    if not home.is_absolute():
        reading.refuse(
            "MAILROLL_DATA_DIR",
            "is not set, and there is no HOME to put a data folder in",
            "Set it to an absolute path.",
        )
    return home / ".local" / "share" / "mailroll"


def _refuse_contradictions(reading: Environment) -> None:
    if reading.text("MAILROLL_SECRET_KEY") and reading.text("MAILROLL_SECRET_KEY_FILE"):
        reading.refuse("MAILROLL_SECRET_KEY_FILE", "is set together with MAILROLL_SECRET_KEY", "Set one of them only.")
    pair = ("MAILROLL_CUSTOM_LOGIN_URL", "MAILROLL_CUSTOM_GRAPH_URL")
    _refuse_half(reading, pair)
    _refuse_half(reading, ("MAILROLL_ADMIN_EMAIL", "MAILROLL_ADMIN_PASSWORD_FILE"))
    for variable in ("MAILROLL_CUSTOM_CA_FILE", "MAILROLL_CUSTOM_PAGES_URL"):
        if not any(reading.text(name) for name in pair) and reading.text(variable):
            reading.refuse(variable, "has no custom cloud to belong to", f"Set {pair[0]} and {pair[1]} too.")
    demo = reading.text("MAILROLL_DEMO_URL")
    if demo and not demo.startswith("http://localhost"):
        reading.refuse("MAILROLL_DEMO_URL", "is no address of this machine", "Leave it to the demo.")
    _refuse_half_a_registration(reading)
    if reading.text("MAILROLL_PASSWORD_SIGN_IN") == "off" and not reading.text("MAILROLL_OIDC_ISSUER"):
        reading.refuse(
            "MAILROLL_PASSWORD_SIGN_IN", "is off, and there is no other way in", "Set MAILROLL_OIDC_ISSUER too."
        )


def _refuse_half(reading: Environment, pair: tuple[str, str]) -> None:
    variables = [variable for variable in pair if reading.text(variable)]
    if len(variables) == 1:
        missing = next(variable for variable in pair if variable not in variables)
        reading.refuse(missing, f"is not set, but {variables[0]} is", "Set both, or neither.")


def _refuse_half_a_registration(reading: Environment) -> None:
    """The installation's own app registration is a client, one credential and an address to come back to; or none."""
    client, secret = "MAILROLL_M365_CLIENT_ID", "MAILROLL_M365_SECRET_FILE"
    certificate, key = "MAILROLL_M365_CERTIFICATE_FILE", "MAILROLL_M365_KEY_FILE"
    pair = [variable for variable in (certificate, key) if reading.text(variable)]
    credentials = [*pair, *([secret] if reading.text(secret) else [])]
    if len(pair) == 1:
        missing = key if pair == [certificate] else certificate
        reading.refuse(missing, f"is not set, but {pair[0]} is", "Set both, or neither.")
    elif pair and reading.text(secret):
        reading.refuse(secret, f"is set together with {certificate}", "Set a certificate or a secret, not both.")
    if reading.text(client) is None:
        for variable in credentials:
            reading.refuse(variable, f"is set, but {client} is not", f"Set {client} too, or neither.")
        return
    if not credentials:
        reading.refuse(client, "has no credential", f"Set {certificate} and {key}, or {secret}.")
    if reading.text("MAILROLL_URL") is None:
        reading.refuse(
            "MAILROLL_URL",
            f"is not set, but {client} is: Microsoft sends people back only to the registered address",
            "Set it to the Console's own address, like https://console.example.com.",
        )
    if reading.text("MAILROLL_M365_CLOUD") == "custom" and reading.text("MAILROLL_CUSTOM_LOGIN_URL") is None:
        reading.refuse(
            "MAILROLL_M365_CLOUD",
            "is custom, but there is no custom cloud",
            "Set MAILROLL_CUSTOM_LOGIN_URL and MAILROLL_CUSTOM_GRAPH_URL.",
        )
