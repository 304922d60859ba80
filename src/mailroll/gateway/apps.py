"""The gateway's side as a Django app: its functions in the database come by migration."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "mailroll.gateway"
    label = "gateway"
