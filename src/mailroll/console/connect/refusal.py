"""The page of a refusal: what happened, the two first checks, what to do, and what support wants to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from mailroll import promises
from mailroll.connections.models import ConsentAttempt
from mailroll.connectors.words import parted
from mailroll.reconcile.errors import MailrollError

_AGAIN: Final = "Connect again"
_OTHER: Final = "Try again with another account"


@dataclass(frozen=True, slots=True)
class RefusalWords:
    """`account` is the second check: its mark and its words. `first` is the first thing to do, `button` its button."""

    headline: str
    account: tuple[str, str]
    first: str
    detail: str
    button: str = _AGAIN


_RIGHT: Final = ("ok", "Account: right")
_UNCHECKED: Final = ("begin", "Account: not checked")
_SUSPECT: Final = RefusalWords(
    "the proof of sign-in does not hold",
    ("failed", "Account: its sign-in could not be trusted"),
    "Connect again, from this page.",
    "If it happens twice, do not go on: send what stands under “For support” to your support.",
)

_BY_CODE: Final[Mapping[str, RefusalWords]] = {
    "not_administrator": RefusalWords(
        "this account may not give consent",
        ("failed", "Account: not an administrator"),
        "Use another account.",
        "Sign out at Microsoft first, or take the administrator's account in the account picker. "
        "Microsoft shows “(admin)” beside it.",
        _OTHER,
    ),
    "role_unknown": RefusalWords(
        "whether this account may give consent could not be told",
        ("begin", "Account: its roles could not be read"),
        "Have the app registration tell roles.",
        "Whoever runs this Console sets groupMembershipClaims to DirectoryRole in the registration.",
    ),
    "guest_account": RefusalWords(
        "a guest may not give consent",
        ("failed", "Account: a guest in that tenant"),
        "Use an account of the tenant itself.",
        "A guest belongs to another organization, whatever role it has.",
        _OTHER,
    ),
    "personal_account": RefusalWords(
        "this is a personal account",
        ("failed", "Account: a personal one"),
        "Use a work account.",
        "Take the administrator's account of the organization.",
        _OTHER,
    ),
    "account_elsewhere": RefusalWords(
        "this account belongs to another tenant",
        ("failed", "Account: of another tenant"),
        "Use an account of the right tenant.",
        "Sign out at Microsoft first, or take another account in the account picker.",
        _OTHER,
    ),
    "declined": RefusalWords(
        "the request was declined",
        _RIGHT,
        "Connect again, and press Accept.",
        "Nothing was stored. Whoever is not sure reads first what is asked for, on the page of the source.",
    ),
    "domain_not_verified": RefusalWords(
        "this tenant does not own {domain}",
        ("failed", "Account: of a tenant without {domain}"),
        "Take the tenant that owns {domain}.",
        "Or verify the domain in this tenant first: Microsoft 365 admin center, Settings, Domains.",
        _OTHER,
    ),
    "other_tenant": RefusalWords(
        "this is not the tenant this source had",
        ("failed", "Account: of another tenant than before"),
        "Sign in to the tenant of before.",
        "If another one is meant, make a new source: nobody's users become somebody else's.",
        _OTHER,
    ),
    "tenant_claimed": RefusalWords(
        "this tenant is connected elsewhere in this Console",
        ("failed", "Account: of a tenant that another organization has"),
        "Have an administrator of both organizations connect it.",
        "Nobody else can bind one tenant to two organizations.",
    ),
    "callback_tenant_differs": RefusalWords(
        "consent was reported for another tenant",
        ("failed", "Account: another one than at the sign-in"),
        "Connect again, with one account all the way.",
        "Nobody can connect a tenant by changing an address.",
    ),
    "callback_tenant_missing": _SUSPECT,
    "callback_malformed": _SUSPECT,
    "other_directory": _SUSPECT,
    "permissions_missing": RefusalWords(
        "not everything was granted",
        _RIGHT,
        "Have the registration declare what is missing, then consent once more.",
        "A new consent takes the place of the one before: with fewer permissions it takes some away.",
    ),
    "consent_without_effect": RefusalWords(
        "consent has no effect yet",
        _RIGHT,
        "Connect again.",
        "Look in the Entra admin center, under Enterprise applications, whether the application is there.",
    ),
    "role_missing": RefusalWords(
        "you may not connect sources here",
        _UNCHECKED,
        "Ask an administrator of the organization.",
        "Your role was changed, perhaps while you were at Microsoft.",
    ),
    "state_spent": RefusalWords(
        "this link was used or is too old",
        _UNCHECKED,
        "Start again from here.",
        f"An attempt lives {promises.in_words(promises.CONSENT_ATTEMPT)}, in one browser.",
    ),
    "conditional_access": RefusalWords(
        "a rule of the tenant blocks this application",
        _RIGHT,
        "Ask the customer to except the application.",
        "The rule is a Conditional Access policy in the Entra admin center.",
    ),
    "registration_changed": RefusalWords(
        "the app registration was changed meanwhile", _UNCHECKED, "Connect again.", "The new one counts from now on."
    ),
    "login_unavailable": RefusalWords(
        "Microsoft did not answer", _UNCHECKED, "Connect again in some minutes.", "This passes by itself."
    ),
    "login_too_slow": RefusalWords(
        "Microsoft did not answer", _UNCHECKED, "Connect again in some minutes.", "This passes by itself."
    ),
}
_OTHERWISE: Final = RefusalWords(
    "Microsoft refused",
    _UNCHECKED,
    "Connect again.",
    "If it stays so, send what stands under “For support” to your support.",
)


def _words_for(code: str, domain: str) -> RefusalWords:
    words = _SUSPECT if code.startswith("id_token_") else _BY_CODE.get(code, _OTHERWISE)
    state, account = words.account
    return RefusalWords(
        words.headline.format(domain=domain),
        (state, account.format(domain=domain)),
        words.first.format(domain=domain),
        words.detail,
        words.button,
    )


def _is_known(code: str) -> bool:
    """Whether the words say what to do; else the error's own help does."""
    return code in _BY_CODE or code.startswith("id_token_")


@dataclass(frozen=True, slots=True)
class RefusalPage:
    """Everything on the page but the links, which depend on who reads it."""

    words: RefusalWords
    message: str
    trail: str
    help: str
    code: str
    tenant: str
    attempt: str
    at: datetime

    @property
    def support(self) -> list[tuple[str, str]]:
        rows = [
            ("Reason", self.code),
            ("Of Microsoft", self.trail),
            ("Tenant", self.tenant),
            ("Attempt", self.attempt),
            ("Time", f"{self.at.astimezone(UTC):%-d %b %Y %H:%M:%S} UTC"),
        ]
        return [(name, value) for name, value in rows if value]


def of_attempt(attempt: ConsentAttempt) -> RefusalPage:
    refusal = attempt.refusal or {
        "code": "state_spent",
        "message": "This attempt was not finished in time.",
        "help": "",
    }
    return RefusalPage(
        _words_for(refusal["code"], attempt.domain.name),
        *parted(refusal["message"]),
        "" if _is_known(refusal["code"]) else refusal["help"],
        refusal["code"],
        attempt.tenant_id,
        str(attempt.id),
        attempt.finished_at or attempt.expires_at,
    )


def of_error(error: MailrollError, domain: str) -> RefusalPage:
    words = _words_for(error.code, domain)
    return RefusalPage(words, *parted(error.message), error.help, error.code, "", "", datetime.now(UTC))
