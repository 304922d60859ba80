from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.views.generic.edit import FormView

class GenerateRecoveryCodesView(FormView[Any]): ...

view_recovery_codes: Callable[..., HttpResponseBase]
download_recovery_codes: Callable[..., HttpResponseBase]
