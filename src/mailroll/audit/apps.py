"""The audit trail as a Django app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "mailroll.audit"
    label = "audit"
