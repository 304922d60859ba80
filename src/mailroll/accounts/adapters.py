"""Where django-allauth asks us: who may sign up (nobody), what a password is, what is told, how secrets are kept."""

from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from mailroll import promises
from mailroll.accounts import (
    devices,
    factor_secrets,
    identities,
    installation,
    issuer,
    letter_limits,
    letters,
    mail,
    operators,
    refusals,
    second_factor,
    step_up,
    throttle,
    visits,
)
from mailroll.accounts.letters import Letter, Quoted
from mailroll.accounts.models import Operator, OperatorManager
from mailroll.audit.notes import Subject, note
from mailroll.settings import Switch

_TOO_MANY: Final = f"Too many attempts. Wait {promises.in_words(promises.GUESSES)}, then try again."

_CHANGES = {
    "password_changed": "your password was changed.",
    "password_reset": "your password was replaced by way of a link in a message.",
    "totp_activated": "an app for sign-in codes was set up for you.",
    "totp_deactivated": "the app for your sign-in codes was removed.",
    "webauthn_added": "a passkey was added for you.",
    "webauthn_removed": "a passkey of yours was removed.",
    "recovery_codes_generated": "new recovery codes were made for you.",
}
"""What is told by mail, by the library's name for it."""


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in, password and messages."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # One sentence whoever it is: the page does not tell who has an account.
        "email_password_mismatch": "E-mail or password is not right.",
        "too_many_login_attempts": _TOO_MANY,
        "incorrect_password": "This password is not right.",
        "incorrect_code": "This code is not right, or it was used already.",
        "enter_current_password": "This password is not right.",
        "rate_limited": _TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the hook's shape
        """Nobody makes an account for themselves: people are invited."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Operator | None:
        if installation.settings().password_sign_in is Switch.OFF:
            # Before anything is looked up: that is the same answer for everybody.
            raise ValidationError("Nobody signs in by password here.", code="password_sign_in_off")
        if "email" in credentials:
            # The throttle counts by what was typed, so every spelling of one address has to be one.
            credentials["email"] = OperatorManager.normalize_email(credentials["email"]).lower()
        operator: Operator | None = super().authenticate(request, **credentials)
        if operator is None or not operator.is_active:
            # The right password of somebody who is switched off is answered as any wrong one.
            refusals.note_sign_in(request, refusals.FAILED, str(credentials.get("email", "")), "password")
            return None
        throttle.forgive(self._allowances(request, operator.email))
        return operator

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        wait = throttle.take(self._allowances(request, str(credentials.get("email", ""))))
        if wait:
            refusals.note_sign_in(request, refusals.TOO_SOON, str(credentials.get("email", "")), "password")
            raise ValidationError(throttle.patience(wait), code="too_many_login_attempts")

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Begin anew after a new password: whoever set it has shown that the address is theirs."""
        throttle.forgive(self._allowances(request, str(credentials.get("email", ""))))

    def _allowances(self, request: HttpRequest, email: str) -> tuple[throttle.Allowance, ...]:
        return throttle.of_sign_in(email, request.META.get("REMOTE_ADDR", ""), devices.known(request, email))

    def reauthenticate(self, user: Operator, password: str) -> bool:
        """Ask for the password of who is signed in; why it is refused stands at its field."""
        if wrong := step_up.fault(user, password):
            raise ValidationError(wrong, code="incorrect_password")
        return True

    def get_reauthentication_methods(self, user: Operator | AnonymousUser) -> list[dict[str, Any]]:
        """List what somebody may confirm with that it is still them, the issuer among it."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if installation.settings().password_sign_in is Switch.OFF:
            ways = [way for way in ways if way["id"] != "reauthenticate"]
        configured_issuer = installation.settings().issuer
        if configured_issuer and isinstance(user, Operator) and identities.identity_of(user):
            words = f"Sign in with {configured_issuer.name} again"
            ways.append({"id": "issuer", "description": words, "url": reverse("issuer_confirm")})
        return ways

    def is_reauthentication_required(self, *, app: str) -> bool:
        """The library counts passwords and second factors alone."""
        required: bool = super().is_reauthentication_required(app=app)
        return required and not issuer.confirmed(self.request)

    def clean_email(self, email: str) -> str:
        return OperatorManager.normalize_email(email)

    def set_password(self, user: Operator, password: str) -> None:
        """Whoever is not signed in came by a link that was mailed, which proves the address."""
        if user.is_proved or self.request.user.is_authenticated:
            operators.set_password(user, password, operators.acting_as(user), keep=visits.current_id(self.request))
        else:
            operators.prove(user, password, operators.acting_as(user))

    def login(self, request: HttpRequest, user: Operator) -> None:
        super().login(request, user)
        visits.begin(request, user)

    def post_login(self, request: HttpRequest, user: Operator, **hints: Any) -> HttpResponse:
        methods = [str(record.get("type") or record["method"]) for record in get_authentication_records(request, user)]
        with transaction.atomic():
            note(operators.acting_as(user), "operator.signed_in", Subject(user.email), methods=methods)
            response: HttpResponse = super().post_login(request, user, **hints)
        devices.remember(request, response, user.email)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send what the library sends to whoever asks for a new password; of everything else we tell ourselves.

        Where it is one too many, nothing is sent, and nothing is said: the page is the same.
        """
        client, address = self.request.META.get("REMOTE_ADDR", ""), OperatorManager.normalize_email(email).lower()
        if not letter_limits.admit_reset(address, client, devices.known(self.request, address)):
            return
        if template_prefix == "account/email/password_reset_key":
            mail.send(_reset(email, context["password_reset_url"]))
        elif template_prefix == "account/email/unknown_account":
            mail.send(_unknown(email))
        else:
            # The library has no other letter that we let it send; a new one of a later version is to be noticed.
            raise ValueError(f"no letter is written for {template_prefix}")

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Operator,
        context: dict[str, Any] | None = None,  # noqa: ARG002 - the hook's shape
        email: str | None = None,  # noqa: ARG002
    ) -> None:
        """Tell operators by mail that their password or second factor changed: if it was not them, they learn it."""
        sentence = _CHANGES.get(template_prefix.rpartition("/")[2])
        if sentence:
            mail.notify(mail.changed(user.email, sentence))

    def respond_user_inactive(self, request: HttpRequest, user: Operator) -> HttpResponse:
        """A passkey of an operator who is switched off is as unknown as any other."""
        refusals.note_sign_in(request, refusals.FAILED, user.email, "passkey")
        messages.error(request, self.error_messages["email_password_mismatch"])
        return redirect("account_login")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Lead to the configured address, whatever host name the request came with."""
        path = super().get_reset_password_from_key_url(key).partition("://")[2].partition("/")[2]
        return f"{installation.settings().console_url}/{path}"


class SecondFactorAdapter(DefaultMFAAdapter):
    """TOTP and passkeys."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "An organization of yours asks for a second factor, and this is your last one.",
        "incorrect_code": "This code is not right, or it was used already.",
    }

    def encrypt(self, text: str) -> str:
        return factor_secrets.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factor_secrets.open_secret(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not (second_factor.is_last(authenticator) and second_factor.demanded(authenticator.user))

    def get_totp_issuer(self) -> str:
        return "Mailroll"


def _reset(email: str, link: str) -> Letter:
    return Letter(
        to=email,
        subject="a new password",
        opening=f"Somebody asked for a new password at the Mailroll Console of {letters.console_host()}.",
        quoted=(Quoted("Account", email),),
        before_link=f"This link sets it. It works once, for {promises.in_words(promises.RESET)}:",
        link=link,
        closing=("If it was not you, do nothing: your password stays as it is.",),
    )


def _unknown(email: str) -> Letter:
    return Letter(
        to=email,
        subject="a new password was asked for",
        opening=f"Somebody asked for a new password at the Mailroll Console of {letters.console_host()}.",
        quoted=(Quoted("Address", email),),
        closing=(
            "There is no operator with this address there. If it was you, perhaps you were invited under another one.",
            "If it was not you, do nothing.",
        ),
    )
