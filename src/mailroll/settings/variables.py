"""Every environment variable that Mailroll reads: the table behind the reference page."""

from dataclasses import dataclass
from typing import Final

from mailroll import promises

_DAY: Final = promises.in_words(promises.LETTERS)


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting, as a person sets it."""

    name: str
    field: str
    """Its name in `Settings`."""
    kind: str
    default: str
    meaning: str


VARIABLES = (
    Variable(
        "MAILROLL_DATA_DIR",
        "data_dir",
        "absolute path",
        "`$XDG_DATA_HOME/mailroll`, else `~/.local/share/mailroll`",
        "Folder for the embedded database and the key file.",
    ),
    Variable(
        "DATABASE_URL",
        "database_url",
        "`postgresql://` URL",
        "the embedded PostgreSQL",
        "A PostgreSQL of your own, version 15 to 18.",
    ),
    Variable(
        "MAILROLL_SECRET_KEY",
        "secret_keys",
        "Fernet keys, separated by commas",
        "a key file made in the data folder",
        "Keys that seal stored credentials: the first one seals, all of them open.",
    ),
    Variable(
        "MAILROLL_SECRET_KEY_FILE",
        "secret_key_file",
        "absolute path",
        "none",
        "A file with those keys, one per line; instead of MAILROLL_SECRET_KEY.",
    ),
    Variable(
        "MAILROLL_CUSTOM_LOGIN_URL",
        "custom_login_url",
        "`https://` URL without a path",
        "none",
        "Sign-in host of the custom cloud; together with MAILROLL_CUSTOM_GRAPH_URL.",
    ),
    Variable(
        "MAILROLL_CUSTOM_GRAPH_URL",
        "custom_graph_url",
        "`https://` URL without a path",
        "none",
        "Microsoft Graph host of the custom cloud; together with MAILROLL_CUSTOM_LOGIN_URL.",
    ),
    Variable(
        "MAILROLL_CUSTOM_CA_FILE",
        "custom_ca_file",
        "absolute path",
        "the system's certificates",
        "Certificates (PEM) that the custom cloud's hosts are verified with.",
    ),
    Variable(
        "MAILROLL_CUSTOM_PAGES_URL",
        "custom_pages_url",
        "`https://` URL without a path, or `http://localhost`",
        "the sign-in host",
        "Where browsers find the sign-in pages of the custom cloud.",
    ),
    Variable(
        "MAILROLL_URL",
        "url",
        "`https://` URL without a path, or `http://localhost`",
        "none",
        "The Console's own address. Its `/connect/callback/` is the redirect URI to register with Microsoft.",
    ),
    Variable(
        "MAILROLL_NOTIFICATIONS",
        "notifications",
        "`on` or `off`",
        "`on`",
        "Whether Microsoft tells the Console of changes at once. Needs a MAILROLL_URL that is `https://` and public.",
    ),
    Variable(
        "MAILROLL_HOSTS",
        "hosts",
        "host names, separated by commas",
        "none",
        "Further names under which the Console answers.",
    ),
    Variable(
        "MAILROLL_TRUSTED_PROXIES",
        "trusted_proxies",
        "addresses or networks, separated by commas",
        "none: nobody is believed",
        "Web servers in front whose X-Forwarded-For and X-Forwarded-Proto are believed.",
    ),
    Variable(
        "MAILROLL_ALERT_NETWORKS",
        "alert_networks",
        "addresses or networks, separated by commas",
        "none: the Internet alone",
        "Private networks that webhooks of alerts may be posted to: `10.1.0.0/16`.",
    ),
    Variable(
        "MAILROLL_WEB_REQUESTS",
        "web_requests",
        "number from 1 to 1000",
        "20",
        "How many requests a process of the Console works on at once; each may hold a connection to the database.",
    ),
    Variable(
        "MAILROLL_UNPROVED_DOMAINS",
        "unproved_domains",
        "number from 1 to 100000",
        "10",
        "How many domains that nobody has proved an organization may have; who stands at the top may add more.",
    ),
    Variable(
        "MAILROLL_CUSTOMERS_BELOW",
        "customers_below",
        "number from 1 to 100000",
        "100",
        "How many organizations a customer of the topmost one may have below it; who stands at the top may add more.",
    ),
    Variable(
        "MAILROLL_RESOLVER",
        "resolver",
        "IP addresses, with a port where it is not 53, separated by commas",
        "the name servers of the machine",
        "Name servers that are asked for the records that prove a domain: `9.9.9.9, [2620:fe::fe]:53`.",
    ),
    Variable(
        "MAILROLL_HELP_URL",
        "help_url",
        "`https://` URL, or `mailto:`",
        "`/help/` of the Console",
        "Where operators find help; the User Sync tab links to it.",
    ),
    Variable(
        "MAILROLL_TICKET_URL",
        "ticket_url",
        "`https://` URL, or `mailto:`",
        "`/help/ticket/` of the Console",
        "Where operators open a ticket; the User Sync tab links to it.",
    ),
    Variable(
        "MAILROLL_DEMO_URL",
        "demo_url",
        "`http://localhost` URL without a path",
        "none",
        "Set by the demo alone: where things can be made to happen; a ribbon on every page leads there.",
    ),
    Variable(
        "MAILROLL_M365_CLIENT_ID",
        "m365_client_id",
        "GUID",
        "none",
        "Application ID of this installation's own multi-tenant app registration.",
    ),
    Variable(
        "MAILROLL_M365_SECRET_FILE",
        "m365_secret_file",
        "absolute path",
        "none",
        "A file with that registration's client secret; or a certificate.",
    ),
    Variable(
        "MAILROLL_M365_CERTIFICATE_FILE",
        "m365_certificate_file",
        "absolute path",
        "none",
        "The certificate (PEM) registered there; together with MAILROLL_M365_KEY_FILE.",
    ),
    Variable(
        "MAILROLL_M365_KEY_FILE",
        "m365_key_file",
        "absolute path",
        "none",
        "The RSA key (PEM, without password) of that certificate.",
    ),
    Variable(
        "MAILROLL_M365_CLOUD",
        "m365_cloud",
        "`global`, `gcc-high`, `dod`, `china` or `custom`",
        "`global`",
        "The cloud that registration lives in.",
    ),
    Variable(
        "MAILROLL_LOG_LEVEL",
        "log_level",
        "`debug`, `info`, `warning` or `error`",
        "`warning`",
        "The least important events that are logged.",
    ),
    Variable(
        "MAILROLL_LOG_FORMAT",
        "log_format",
        "`text` or `json`",
        "`text`",
        "One readable line, or one JSON object, for each event on standard error.",
    ),
    Variable(
        "MAILROLL_METRICS_TOKEN_FILE",
        "metrics_token_file",
        "absolute path",
        "none",
        "A file with a token of 20 characters or more: whoever brings it as a bearer may read `/metrics`.",
    ),
    Variable(
        "MAILROLL_METRICS_NETWORKS",
        "metrics_networks",
        "addresses or networks, separated by commas",
        "none",
        "From where `/metrics` may be read; together with a token both have to hold, and without either it is off.",
    ),
    Variable(
        "MAILROLL_SMTP_URL",
        "mail",
        "`smtp://` or `smtps://` URL, or `stderr:`",
        "none: no message can be sent",
        "Mail server for password resets and invitations. `smtp` demands STARTTLS but on this machine itself.",
    ),
    Variable(
        "MAILROLL_MAIL_FROM",
        "mail_from",
        "address",
        "`mailroll@localhost`",
        "The sender of these messages.",
    ),
    Variable(
        "MAILROLL_LETTERS_BY_SENDER",
        "letters",
        "number from 1 to 100000",
        "100",
        f"Invitations, consent letters and tests of alerts that one operator may send within {_DAY}.",
    ),
    Variable(
        "MAILROLL_LETTERS_TO_RECEIVER",
        "letters",
        "number from 1 to 1000",
        "5",
        f"How many of these one address gets within {_DAY}; and, counted apart, how many links for a new password.",
    ),
    Variable(
        "MAILROLL_RESETS_BY_NETWORK",
        "letters",
        "number from 1 to 100000",
        "20",
        f"Messages about a new password that may be asked for within {_DAY} from one network (IPv4 /24, IPv6 /56).",
    ),
    Variable(
        "MAILROLL_RESETS",
        "letters",
        "number from 1 to 100000",
        "500",
        "The same from everywhere; a browser in which the person has signed in before is not counted.",
    ),
    Variable(
        "MAILROLL_NOTICES",
        "letters",
        "number from 1 to 1000",
        "50",
        f"Messages that tell one address within {_DAY} what happened to its account or its consent links; and, counted"
        " apart, letters with alerts from one customer.",
    ),
    Variable(
        "MAILROLL_OIDC_ISSUER",
        "issuer",
        "`https://` URL",
        "none",
        "An OpenID Connect issuer that operators may sign in with, for Entra "
        "`https://login.microsoftonline.com/<tenant id>/v2.0`. Register `/account/issuer/callback/` of MAILROLL_URL "
        "there as the redirect URI.",
    ),
    Variable(
        "MAILROLL_OIDC_CLIENT_ID",
        "issuer",
        "text",
        "none",
        "The client that Mailroll is to the issuer.",
    ),
    Variable(
        "MAILROLL_OIDC_SECRET_FILE",
        "issuer",
        "absolute path",
        "none",
        "A file with that client's secret.",
    ),
    Variable(
        "MAILROLL_OIDC_NAME",
        "issuer",
        "text of up to 40 letters",
        "`single sign-on`",
        "What people know the issuer by: *Sign in with ...*.",
    ),
    Variable(
        "MAILROLL_OIDC_DOMAINS",
        "issuer",
        "domain names, separated by commas",
        "none: nobody new",
        "Whoever has an address in these that the issuer vouches for becomes an operator by signing in.",
    ),
    Variable(
        "MAILROLL_OIDC_ROLE",
        "issuer",
        "`viewer` or `technician`",
        "`viewer`",
        "What such newcomers may do, in every organization.",
    ),
    Variable(
        "MAILROLL_PASSWORD_SIGN_IN",
        "password_sign_in",
        "`on` or `off`",
        "`on`",
        "Whether operators may sign in by password. Off needs an issuer; set it on again to get back in without one.",
    ),
    Variable(
        "MAILROLL_SECOND_FACTOR",
        "second_factor",
        "`nobody`, `administrators`, `technicians` or `everybody`",
        "`technicians`",
        "Who must have a second factor where no organization says otherwise; `technicians` includes administrators.",
    ),
    Variable(
        "MAILROLL_SESSION_IDLE_MINUTES",
        "session_idle",
        "number from 1 to 1440",
        "`30`",
        "Minutes without use after which a session of the Console ends.",
    ),
    Variable(
        "MAILROLL_SESSION_HOURS",
        "session_life",
        "number from 1 to 336",
        "`12`",
        "Hours after which a session ends in any case.",
    ),
    Variable(
        "MAILROLL_AUDIT_DAYS",
        "audit_kept",
        "number from 90 to 36,500",
        f"`{promises.AUDIT.days}`",
        "Days for which an entry of the audit log is kept; one that accounts for what still stands stays longer.",
    ),
    Variable(
        "MAILROLL_RUN_DAYS",
        "run_details_kept",
        "number from 30 to 36,500",
        f"`{promises.RUN_DETAILS.days}`",
        "Days for which it is kept of whom a run changed something, and whom it left out; its counts stay longer.",
    ),
    Variable(
        "MAILROLL_ADMIN_EMAIL",
        "admin_email",
        "address",
        "none",
        "The first administrator, made when the Console starts and there is no operator.",
    ),
    Variable(
        "MAILROLL_ADMIN_PASSWORD_FILE",
        "admin_password_file",
        "absolute path",
        "none",
        "A file with that administrator's password.",
    ),
)
