"""Connections, sources and runs as a Django app."""

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "mailroll.connections"
    label = "connections"
