"""The Console as a Django app: templates, stylesheets and pictures, no rows."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "mailroll.console"
    label = "console"
