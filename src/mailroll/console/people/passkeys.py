"""Forms that take a passkey's answer: whatever is forged or cut short is refused like a wrong one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django import forms

# What the libraries below raise over an answer that no browser gives.
_MALFORMED = (KeyError, TypeError, AttributeError, ValueError, OverflowError, InvalidSignature)


@contextmanager
def _refusing() -> Iterator[None]:
    """A refusal of the form's own passes: it is no ValueError."""
    try:
        yield
    except _MALFORMED as forged:
        raise get_adapter().validation_error("incorrect_code") from forged


class _Decoder(json.JSONDecoder):
    """Lists in lists by the thousand, and numbers of thousands of digits, are no JSON here: Python gives up on them."""

    def decode(self, s: str, *args: Any) -> Any:
        try:
            return super().decode(s, *args)
        except (RecursionError, ValueError) as forged:
            raise json.JSONDecodeError("no passkey's answer", s, 0) from forged


class _Sent(forms.Form):
    """The library's field, read with care."""

    credential = forms.JSONField(widget=forms.HiddenInput, decoder=_Decoder)


class _PasskeyAnswer(_Sent):
    def clean_credential(self) -> Any:
        with _refusing():
            return super().clean_credential()  # type: ignore[misc]


class AddPasskeyForm(_Sent, AddWebAuthnForm):
    def clean(self) -> dict[str, Any]:
        with _refusing():
            return super().clean()


class AuthenticateForm(_PasskeyAnswer, AuthenticateWebAuthnForm):
    """A passkey as the second factor."""


class LoginForm(_PasskeyAnswer, LoginWebAuthnForm):
    """A passkey alone."""


class ReauthenticateForm(_PasskeyAnswer, ReauthenticateWebAuthnForm):
    """A passkey of somebody who is signed in."""
