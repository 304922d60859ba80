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
        found = resolve(path)
        question, domain = found.func.__dict__.get(QUESTION), found.kwargs.get("domain")
        who = _operator(parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, ""))
        if who is None or question is None or domain is None or "\0" in domain:
            return False
        known = access.domains(who).select_related("organization").filter(name=domain).first()
        return known is not None and bool(question(who, known.organization))
    finally:
        connection.close()


def _operator(session: str) -> Operator | None:
    request = HttpRequest()
    request.session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")(session)
    who = get_user(request)
    return who if isinstance(who, Operator) else None
