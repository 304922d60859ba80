"""Changes of second factors that leave an audit entry in the transaction of the change."""

from typing import Any, ClassVar

from allauth.mfa.adapter import get_adapter
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse

from mailroll.accounts import operators
from mailroll.audit.notes import Subject, note
from mailroll.console import scope


class _Told:
    """Comes before a view that changes something when its form is good."""

    action: ClassVar[str]
    request: HttpRequest

    def form_valid(self, form: BaseForm) -> HttpResponse:
        operator = scope.operator(self.request)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            note(operators.acting_as(operator), self.action, Subject(operator.email))
        return response


class ActivateTotp(_Told, ActivateTOTPView):
    action = "second_factor.app_added"


class DeactivateTotp(_Told, DeactivateTOTPView):
    action = "second_factor.app_removed"


class AddPasskey(_Told, AddWebAuthnView):
    action = "second_factor.passkey_added"


class RenamePasskey(_Told, EditWebAuthnView):
    action = "second_factor.passkey_renamed"


class RemovePasskey(_Told, RemoveWebAuthnView):
    """A passkey has no form to refuse in, so the last one that is demanded is kept here."""

    action = "second_factor.passkey_removed"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return {**super().get_context_data(**context), "kept": self._is_needed()}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        if self._is_needed():
            return self.render_to_response(self.get_context_data(form=form), status=409)
        return super().form_valid(form)

    def _is_needed(self) -> bool:
        return not get_adapter().can_delete_authenticator(self.get_object())


class GenerateCodes(_Told, GenerateRecoveryCodesView):
    action = "second_factor.codes_made"
