"""Who may send more than a form, asked before it is read: the same question as the page itself asks."""

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.http import HttpRequest, parse_cookie
from django.urls import resolve
from django.utils.module_loading import import_string

from mailroll.accounts import access
from mailroll.accounts.models import Operator
from mailroll.console.scope import QUESTION
from mailroll.console.server.asgi import Scope, header


async def admits(scope: Scope) -> bool:
    # Not in the thread of the request, which there is none of yet; so its connection is closed here.
    return await sync_to_async(_admits, thread_sensitive=False)(scope["path"], header(scope, b"cookie") or b"")


def _admits(path: str, cookies: bytes) -> bool:
    try:
        route = resolve(path)
        question, domain = route.func.__dict__.get(QUESTION), route.kwargs.get("domain")
        operator = _operator(parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, ""))
        if operator is None or question is None or domain is None or "\0" in domain:
            return False
        row = access.domains(operator).select_related("organization").filter(name=domain).first()
        return row is not None and bool(question(operator, row.organization))
    finally:
        connection.close()


def _operator(session: str) -> Operator | None:
    request = HttpRequest()
    request.session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")(session)
    user = get_user(request)
    return user if isinstance(user, Operator) else None
