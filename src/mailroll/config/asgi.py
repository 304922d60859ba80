"""The Console as an ASGI application."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mailroll.config.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connections

from mailroll.console.server.admission import admits
from mailroll.console.server.files import Files
from mailroll.console.server.health import HealthDoor
from mailroll.console.server.help import Help
from mailroll.console.server.line import WaitingLine
from mailroll.console.server.metrics import MetricsDoor
from mailroll.console.server.places import RequestPlaces
from mailroll.console.server.request_ids import RequestIds
from mailroll.console.server.wall import Wall
from mailroll.measures.admission import Admission
from mailroll.server.limits import ServerLimits

# Each request has a thread of its own here, and a connection kept by a thread that ended is never closed.
connections.settings["default"]["CONN_MAX_AGE"] = 0

_wall = Wall(
    get_asgi_application(),
    RequestPlaces(settings.MAILROLL.web_requests, waiting=4 * settings.MAILROLL.web_requests, patience=10.0),
    ServerLimits().body_bytes,
    admits,
)
_set = settings.MAILROLL
_known = MetricsDoor(
    WaitingLine(Help(Files(_wall)), _set.console_url, _set.trusted_proxies),
    Admission(_set.metrics_token_file, _set.metrics_networks),
    _set.trusted_proxies,
)
application = RequestIds(HealthDoor(_known), _set.trusted_proxies)
