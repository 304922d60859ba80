"""Who gets what at the addresses that are not of one domain: a row a route, a column a person."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from mailroll.accounts.models import Membership
from tests.console.matrix import ROWS as OF_DOMAINS
from tests.console.people import People
from tests.sync.world import Customer

WHO = ("owner", "technician", "viewer", "stranger", "anonymous")
Arguments = Callable[[Customer, People], list[object]]


def _none(_: Customer, __: People) -> list[object]:
    return []


def _membership(_: Customer, people: People) -> list[object]:
    return [Membership.objects.get(operator=people.viewer).id]


def _organization(customer: Customer, _: People) -> list[object]:
    return [customer.domain.organization_id]


# The stranger administers an organization of their own: they get pages about that one, and 404 for this one's.
ROWS: tuple[tuple[str, str, Arguments, str], ...] = (
    # route, method, arguments, then: owner technician viewer stranger anonymous
    ("console:home", "get", _none, "200 200 200 200 302"),
    ("console:theme", "post", _none, "302 302 302 302 302"),
    ("console:domain-add", "get", _none, "200 403 403 200 302"),
    ("console:domain-add", "post", _none, "422 403 403 422 302"),
    ("console:settings", "get", _none, "302 403 403 302 302"),
    ("console:people", "get", _none, "200 403 403 200 302"),
    ("console:person-invite", "get", _none, "200 403 403 200 302"),
    ("console:person-role", "post", _membership, "302 403 403 404 302"),
    ("console:person-invite", "post", _none, "422 403 403 422 302"),
    ("console:person-remove", "get", _membership, "200 403 403 404 302"),
    ("console:person-remove", "post", _membership, "302 403 403 404 302"),
    ("console:organization-sign-in", "post", _organization, "302 403 403 404 302"),
    ("console:audit", "get", _none, "200 403 403 200 302"),
    ("console:audit-export", "get", _none, "200 403 403 200 302"),
    ("console:profile", "get", _none, "200 200 200 200 302"),
    ("account_login", "get", _none, "302 302 302 302 200"),
    ("account_signup", "get", _none, "404 404 404 404 404"),
    ("account_change_password", "get", _none, "200 200 200 200 302"),
    ("account_reset_password", "get", _none, "200 200 200 200 200"),
    ("account_reset_password_done", "get", _none, "200 200 200 200 200"),
    ("account_reset_password_from_key_done", "get", _none, "200 200 200 200 200"),
    ("mfa_index", "get", _none, "200 200 200 200 302"),
    ("mfa_list_webauthn", "get", _none, "200 200 200 200 302"),
)

OWN_STORY = frozenset(
    {
        # Links that work once, whoever holds them: tested where invitations and resets are.
        *("start", "start-link"),
        *("invitation", "invitation-link", "invitation-withdraw", "account_reset_password_from_key"),
        # A step of signing in or of one's own second factor: there is nobody else's to reach by them.
        *("account_logout", "account_reauthenticate", "mfa_authenticate", "mfa_reauthenticate", "totp_picture"),
        *("mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
        *("mfa_download_recovery_codes", "mfa_add_webauthn", "mfa_login_webauthn", "mfa_reauthenticate_webauthn"),
        *("mfa_remove_webauthn", "mfa_edit_webauthn"),
        *("session_end", "sessions_end_others"),
        *("issuer_enter", "issuer_callback", "issuer_connect", "issuer_disconnect", "issuer_confirm", "issuer_take_up"),
    }
)


@pytest.mark.parametrize("column", range(len(WHO)), ids=WHO)
def test_each_gets_what_is_theirs(customer: Customer, people: People, column: int) -> None:
    client = people.client(WHO[column])
    wrong = []
    for route, method, arguments, answers in ROWS:
        found = getattr(client, method)(reverse(route, args=arguments(customer, people))).status_code
        if found != int(answers.split()[column]):
            wrong.append(f"{method} {route}: {found}")
    assert wrong == []


def test_every_route_has_a_row() -> None:
    rows = {row.route for row in OF_DOMAINS} | {route.removeprefix("console:") for route, *_ in ROWS} | OWN_STORY
    without = sorted(name for name in _names(get_resolver().url_patterns) if name not in rows)
    assert not without, f"say who gets what there, in tests/console/matrix.py or in ROWS above: {without}"


def _names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _names(one.url_patterns)
        else:
            yield str(one.name)
