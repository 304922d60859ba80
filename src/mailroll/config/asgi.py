"""The Console as an ASGI application."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mailroll.config.settings")

from django.core.asgi import get_asgi_application
from django.db import connections

# Each request has a thread of its own here, and a connection kept by a thread that ended is never closed.
connections.settings["default"]["CONN_MAX_AGE"] = 0

application = get_asgi_application()
