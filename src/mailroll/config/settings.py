"""Django's settings, from the environment. Importing them computes where the database is; it starts none."""

import os

from mailroll import embedded, promises
from mailroll.config import web
from mailroll.config.database import database
from mailroll.settings import Settings

MAILROLL = Settings.read(os.environ)

SECRET_KEY = web.signing_key()
DEBUG = False
ALLOWED_HOSTS = web.hosts(MAILROLL)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "procrastinate.contrib.django",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "mailroll.audit",
    "mailroll.accounts",
    "mailroll.directory",
    "mailroll.connections",
    "mailroll.sync",
    "mailroll.gateway",
    "mailroll.alerts",
    # Before the library of the sign-in, whose pages it has in its own look.
    "mailroll.console",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "mailroll.console.middleware.headers.security_headers",
    "mailroll.console.middleware.outside_text.harmless",
    "mailroll.console.middleware.requests.known_host",
    "mailroll.console.middleware.requests.sane",
    "mailroll.console.middleware.requests.known_origin",
    "mailroll.console.middleware.sessions.BoundedSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mailroll.console.middleware.sessions.living_session",
    "allauth.account.middleware.AccountMiddleware",
    "mailroll.console.people.account.second_factor_first",
    "mailroll.console.middleware.requests.local_time",
    "mailroll.console.middleware.requests.UnopenedSecrets",
]
ROOT_URLCONF = "mailroll.config.urls"
ASGI_APPLICATION = "mailroll.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "mailroll.console.shell.shell",
            ],
            "builtins": [
                "django.templatetags.static",
                "mailroll.console.templatetags.actors",
                "mailroll.console.templatetags.domain",
                "mailroll.console.templatetags.lists",
                "mailroll.console.templatetags.marks",
                "mailroll.console.templatetags.run_words",
                "mailroll.console.templatetags.words",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.Operator"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "mailroll.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Whoever is invited has shown by the link that the address is theirs.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# An address without an account gets a message too: else the time it takes to answer would tell them apart.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "mailroll.accounts.reset_links.ResetLinks"  # noqa: S105 - a path
PASSWORD_RESET_TIMEOUT = int(promises.RESET.total_seconds())
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(promises.CONFIRMED.total_seconds())
ACCOUNT_RATE_LIMITS = {
    # Passwords have a throttle of their own, `accounts.throttle`; this one is for codes, which come after a password.
    "login": "",
    "login_failed": f"5/{int(promises.GUESSES.total_seconds())}s/key",
    # Letters are counted by `accounts.letter_limits`, and the page is the same where there were too many.
    "reset_password": "",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
SOCIALACCOUNT_ADAPTER = "mailroll.accounts.issuer.IssuerAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
ACCOUNT_FORMS = {"reset_password_from_key": "mailroll.console.people.forms.ResetForm"}
MFA_ADAPTER = "mailroll.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "add_webauthn": "mailroll.console.people.passkeys.AddPasskeyForm",
    "authenticate_webauthn": "mailroll.console.people.passkeys.AuthenticateForm",
    "login_webauthn": "mailroll.console.people.passkeys.LoginForm",
    "reauthenticate_webauthn": "mailroll.console.people.passkeys.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
# Addresses are those that people were invited by: nothing is left to verify.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1

globals().update(web.mail(MAILROLL))

# The throttle of the sign-in counts here, and it has to count for all processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        # A full table forgets what is young as well: too small a one could be flooded until it lets guesses through.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mailroll.console.server.files.HashedFiles"},
}

# What is larger goes to a file while it is read; how much may be sent at all is for the server, `console/server`.
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024

SECURE = MAILROLL.console_url.startswith("https:")
SESSION_ENGINE = "mailroll.accounts.session_store"
SESSION_COOKIE_NAME = web.cookie("session", MAILROLL)
SESSION_COOKIE_SECURE = SECURE
# Which sessions live is for `accounts.visits` to say; none is kept longer than that could be.
SESSION_COOKIE_AGE = int(MAILROLL.session_life.total_seconds())
THEME_COOKIE_NAME = web.cookie("theme", MAILROLL)
ZONE_COOKIE_NAME = web.cookie("zone", MAILROLL)
DEVICE_COOKIE_NAME = web.cookie("device", MAILROLL)
CSRF_COOKIE_NAME = web.cookie("csrf", MAILROLL)
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = web.origins(MAILROLL)
CSRF_FAILURE_VIEW = "mailroll.console.errors.forged"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

PASSWORD_HASHERS = [
    "mailroll.accounts.password_hashes.MeasuredArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_JUDGES = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_JUDGES}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_JUDGES}.CommonPasswordValidator"},
    {"NAME": f"{_JUDGES}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "mailroll.accounts.passwords.ContextWords"},
]

DATABASES = {"default": database(MAILROLL.database_url or embedded.dsn(MAILROLL.data_dir))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LANGUAGE_CODE = "en-us"

# Logging is set up by the commands, in one place.
LOGGING_CONFIG = None
