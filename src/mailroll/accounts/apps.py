"""Operators and their roles as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mailroll.accounts"
    label = "accounts"
