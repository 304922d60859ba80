"""Django's settings, from the environment. Importing them computes where the database is; it starts none."""

import os
import secrets

from mailroll import embedded
from mailroll.config.database import database
from mailroll.settings import Settings

MAILROLL = Settings.read(os.environ)

# Nothing is signed yet, so nothing has to outlive the process; the Console will need one that all processes share.
SECRET_KEY = secrets.token_urlsafe(48)
DEBUG = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "procrastinate.contrib.django",
    "mailroll.accounts",
    "mailroll.directory",
    "mailroll.sync",
]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "mailroll.config.urls"

AUTH_USER_MODEL = "accounts.Operator"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_JUDGES = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_JUDGES}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_JUDGES}.CommonPasswordValidator"},
    {"NAME": f"{_JUDGES}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
]

DATABASES = {"default": database(MAILROLL.database_url or embedded.dsn(MAILROLL.data_dir))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LANGUAGE_CODE = "en-us"

# Logging is set up by the commands, in one place.
LOGGING_CONFIG = None
