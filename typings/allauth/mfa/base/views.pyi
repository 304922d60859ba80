from collections.abc import Callable

from django.http import HttpResponseBase
from django.views.generic import TemplateView

class IndexView(TemplateView): ...

index: Callable[..., HttpResponseBase]
authenticate: Callable[..., HttpResponseBase]
reauthenticate: Callable[..., HttpResponseBase]
