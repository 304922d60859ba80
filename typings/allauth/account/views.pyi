from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.generic.edit import FormView

class ReauthenticateView(FormView[Any]):
    def _check_ratelimit(self, request: HttpRequest) -> HttpResponse | None: ...

login: Callable[..., HttpResponseBase]
logout: Callable[..., HttpResponseBase]
password_change: Callable[..., HttpResponseBase]
password_reset: Callable[..., HttpResponseBase]
password_reset_done: Callable[..., HttpResponseBase]
password_reset_from_key: Callable[..., HttpResponseBase]
password_reset_from_key_done: Callable[..., HttpResponseBase]
