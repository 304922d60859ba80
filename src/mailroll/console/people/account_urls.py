"""Addresses of the way in, under the names that django-allauth looks them up by. Nobody signs up."""

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as passkeys
from django.urls import URLPattern, path, re_path

from mailroll.console.people import confirmation, factor_changes, issuer, security
from mailroll.console.people.account import no_sign_up, reset, totp_picture
from mailroll.console.scope import public, signed_in

urlpatterns: list[URLPattern] = [
    path("login/", public(account.login), name="account_login"),
    path("signup/", no_sign_up, name="account_signup"),
    path("logout/", public(account.logout), name="account_logout"),
    path("password/", signed_in(account.password_change), name="account_change_password"),
    path("confirm/", signed_in(confirmation.ConfirmByPassword.as_view()), name="account_reauthenticate"),
    path("reset/", reset, name="account_reset_password"),
    path("reset/sent/", public(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("reset/done/", public(account.password_reset_from_key_done), name="account_reset_password_from_key_done"),
    path("issuer/", issuer.enter, name="issuer_enter"),
    path("issuer/invitation/<str:start>/", issuer.take_up, name="issuer_take_up"),
    path("issuer/callback/", issuer.callback, name="issuer_callback"),
    path("issuer/connect/", issuer.connect, name="issuer_connect"),
    path("issuer/disconnect/", issuer.disconnect, name="issuer_disconnect"),
    path("issuer/confirm/", issuer.confirm, name="issuer_confirm"),
    path("second/", signed_in(security.Security.as_view()), name="mfa_index"),
    path("sessions/<uuid:visit>/end/", security.end, name="session_end"),
    path("sessions/end-others/", security.end_others, name="sessions_end_others"),
    path("second/enter/", public(confirmation.SecondFactor.as_view()), name="mfa_authenticate"),
    path("second/confirm/", signed_in(confirmation.ConfirmByCode.as_view()), name="mfa_reauthenticate"),
    path("second/app/", signed_in(factor_changes.ActivateTotp.as_view()), name="mfa_activate_totp"),
    path("second/app/picture.svg", totp_picture, name="totp_picture"),
    path("second/app/remove/", signed_in(factor_changes.DeactivateTotp.as_view()), name="mfa_deactivate_totp"),
    path("second/codes/", signed_in(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second/codes/new/", signed_in(factor_changes.GenerateCodes.as_view()), name="mfa_generate_recovery_codes"),
    path("second/codes/download/", signed_in(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("second/passkeys/", signed_in(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("second/passkeys/add/", signed_in(factor_changes.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("second/passkeys/enter/", public(confirmation.SignInByPasskey.as_view()), name="mfa_login_webauthn"),
    path(
        "second/passkeys/confirm/",
        signed_in(confirmation.ConfirmByPasskey.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "second/passkeys/<int:pk>/remove/",
        signed_in(factor_changes.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path(
        "second/passkeys/<int:pk>/rename/", signed_in(factor_changes.RenamePasskey.as_view()), name="mfa_edit_webauthn"
    ),
]
