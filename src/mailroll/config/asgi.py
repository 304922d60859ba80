"""The Console as an ASGI application."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mailroll.config.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connections

from mailroll.config.database import MAX_AGE
from mailroll.config.postgresql.spares import SpareConnections
from mailroll.console.server.admission import admits
from mailroll.console.server.asgi import Application
from mailroll.console.server.files import Files
from mailroll.console.server.health import HealthDoor
from mailroll.console.server.help import Help
from mailroll.console.server.line import WaitingLine
from mailroll.console.server.metrics import MetricsDoor
from mailroll.console.server.notifications import HintBasket, NotificationDoor
from mailroll.console.server.places import RequestPlaces
from mailroll.console.server.request_ids import RequestIds
from mailroll.console.server.wall import Wall
from mailroll.measures.admission import Admission
from mailroll.server.limits import ServerLimits
from mailroll.settings import Settings

# Each request has a thread of its own here, and a connection kept by a thread that ended is never closed. So a thread
# gives it back when its request ends, and the next one takes it.
connections.settings["default"] |= {"CONN_MAX_AGE": 0, "SPARES": SpareConnections(MAX_AGE)}


def assembled(own: Settings, basket: HintBasket | None = None) -> Application:
    """Put the Console together, what knows least outermost; `basket` takes what Microsoft tells."""
    wall = Wall(
        get_asgi_application(),
        RequestPlaces(own.web_requests, queue_length=4 * own.web_requests, patience=10.0),
        ServerLimits().body_bytes,
        admits,
    )
    metrics_door = MetricsDoor(
        WaitingLine(Help(Files(wall)), own.console_url, own.trusted_proxies),
        Admission(own.metrics_token_file, own.metrics_networks),
        own.trusted_proxies,
    )
    door = NotificationDoor(metrics_door, is_on=own.notification_url is not None, basket=basket)
    return RequestIds(HealthDoor(door), own.trusted_proxies)


application = assembled(settings.MAILROLL)
