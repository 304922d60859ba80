"""The roll as a Django app."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "mailroll.directory"
    label = "directory"
