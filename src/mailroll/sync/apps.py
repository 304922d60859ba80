"""Connections, sources and runs as a Django app."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "mailroll.sync"
    label = "sync"
