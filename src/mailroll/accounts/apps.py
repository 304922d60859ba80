"""Operators and their roles as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mailroll.accounts"
    label = "accounts"

    def ready(self) -> None:
        # django-allauth's models are there only now.
        from mailroll.accounts import factor_secrets  # noqa: PLC0415

        factor_secrets.connect()
