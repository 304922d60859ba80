"""Where somebody proves that it is them, as the library has it: what it says yes or no to is noted here."""

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base import views as second
from allauth.mfa.webauthn import views as passkeys
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse

from mailroll.accounts import refusals, step_up
from mailroll.console import scope

_LIMITED = "too_many_login_attempts"
"""The library's code for a try that it does not judge."""


class _Confirmation:
    """Comes before a view that asks who is signed in whether it is them."""

    by: str
    request: HttpRequest

    def _check_ratelimit(self, request: HttpRequest) -> HttpResponse | None:
        limited: HttpResponse | None = super()._check_ratelimit(request)  # type: ignore[misc]
        if limited is not None:
            refusals.note_too_soon(scope.operator(request), self.by)
        return limited


class _AnsweredByLibrary(_Confirmation):
    """One whose answer is judged by the library alone."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        step_up.note_answer(scope.operator(self.request), self.by, right=True)
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return response

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        if _is_limited(form):
            refusals.note_too_soon(scope.operator(self.request), self.by)
        elif not _is_empty(form):
            step_up.note_answer(scope.operator(self.request), self.by, right=False)
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        return response


class ConfirmByPassword(_Confirmation, ReauthenticateView):
    """The password is judged, and that is noted, by `accounts.step_up`."""

    by = "password"


class ConfirmByCode(_AnsweredByLibrary, second.ReauthenticateView):
    by = "code"


class ConfirmByPasskey(_AnsweredByLibrary, passkeys.ReauthenticateWebAuthnView):
    by = "passkey"


class SecondFactor(second.AuthenticateView):
    """The second step of signing in."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        if not _is_empty(form):
            action = refusals.TOO_SOON if _is_limited(form) else refusals.FAILED
            by = "passkey" if "credential" in form.fields else "code"
            refusals.note_sign_in(self.request, action, self.stage.login.user.email, by)
        response: HttpResponse = super().form_invalid(form)
        return response


class SignInByPasskey(passkeys.LoginWebAuthnView):
    """Signing in by a passkey alone. Whose a wrong one claims to be is text of a stranger."""

    def form_invalid(self, form: Any) -> HttpResponse:
        refusals.note_sign_in(self.request, refusals.FAILED, "", "passkey")
        response: HttpResponse = super().form_invalid(form)
        return response


def _is_limited(form: BaseForm) -> bool:
    return any(form.has_error(name, _LIMITED) for name in form.fields)


def _is_empty(form: BaseForm) -> bool:
    return any(form.has_error(name, "required") for name in form.fields)
