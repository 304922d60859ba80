from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView
from django.views.generic.edit import FormView

class IndexView(TemplateView): ...

class AuthenticateView(TemplateView):
    stage: Any
    def form_invalid(self, form: BaseForm) -> HttpResponse: ...

class ReauthenticateView(FormView[Any]):
    def _check_ratelimit(self, request: HttpRequest) -> HttpResponse | None: ...
