from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.views.generic.edit import DeleteView, FormView, UpdateView

class AddWebAuthnView(FormView[Any]): ...
class RemoveWebAuthnView(DeleteView[Any, Any]): ...
class EditWebAuthnView(UpdateView[Any, Any]): ...

list_webauthn: Callable[..., HttpResponseBase]
login_webauthn: Callable[..., HttpResponseBase]
reauthenticate_webauthn: Callable[..., HttpResponseBase]
