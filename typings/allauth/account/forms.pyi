from typing import Any

from django import forms

class ResetPasswordKeyForm(forms.Form):
    user: Any
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def save(self) -> None: ...
