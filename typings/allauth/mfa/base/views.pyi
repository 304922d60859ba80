from collections.abc import Callable

from django.http import HttpResponseBase

index: Callable[..., HttpResponseBase]
authenticate: Callable[..., HttpResponseBase]
reauthenticate: Callable[..., HttpResponseBase]
