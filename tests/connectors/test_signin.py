"""Signing in: what is sent to Microsoft, and what of its answers is believed."""

import asyncio
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mailroll.connectors.consent import SignedInPerson
from mailroll.connectors.microsoft365.http.clouds import CUSTOM, Cloud
from mailroll.connectors.microsoft365.http.patience import SystemClock
from mailroll.connectors.microsoft365.settings import PERSONAL_ACCOUNTS, Certificate, Secret
from mailroll.connectors.microsoft365.sign_in.callback import check_consent, refusal
from mailroll.connectors.microsoft365.sign_in.signin import EntraSignIn, Registration, shown_nonce
from mailroll.connectors.microsoft365.sign_in.signin_token import GLOBAL_ADMINISTRATOR, Expected, SigningKeys, person
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent, NotVerified, Retry
from mailroll_simulator import App, Role, Simulator
from simulator.tests.entrance import ADMIN, BACK, CLERK, FIRM, OTHER, PASSWORD, Client, KeyPair, firm, other

NONCE, VERIFIER = "nonce-of-this-sign-in", "verifier-" * 6
CODE_LEFT = {"admin_consent": "True", "tenant": FIRM, "state": "x"}


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator([firm(), other()], seed=1, consent_delay=0.0).in_thread() as running:
        yield running


@pytest.fixture
def app(sim: Simulator) -> App:
    return sim.register_app(display_name="Mailroll", permissions=("User.Read.All",), redirect_uris=(BACK,))


@pytest.fixture
def registration(sim: Simulator, app: App) -> Registration:
    cloud = Cloud(CUSTOM, sim.login_url, sim.graph_url, str(sim.ca_file), pages=sim.front_url)
    return Registration(app.client_id, cloud, BACK, Secret(app.add_secret()))


class Wall:
    """A clock that a test may set wrong."""

    def __init__(self, off: float = 0.0) -> None:
        self._real = SystemClock()
        self.off = off

    def time(self) -> float:
        return self._real.time() + self.off

    def monotonic(self) -> float:
        return self._real.monotonic() + self.off

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("a code that was used is worthless: nothing may be tried again")


def sign_in(registration: Registration, keys: SigningKeys | None = None, clock: Wall | None = None) -> EntraSignIn:
    at = clock or Wall()
    return EntraSignIn(registration, keys or SigningKeys(at), at)


def code(sim: Simulator, registration: Registration, account: str = ADMIN, nonce: str = NONCE) -> str:
    client = Client(sim.ca_file)
    page = client.get(sign_in(registration).authorize_url(state="state", nonce=nonce, verifier=VERIFIER))
    return client.press(page, "Sign in", other_account=account, password=PASSWORD).told["code"]


def redeem(
    registration: Registration,
    given: str,
    *,
    keys: SigningKeys | None = None,
    clock: Wall | None = None,
    verifier: str = VERIFIER,
) -> SignedInPerson:
    signing_in = sign_in(registration, keys, clock)
    return asyncio.run(signing_in.redeem(given, nonce=NONCE, verifier=verifier))


def refused(registration: Registration, given: str, **more: Any) -> MailrollError:
    with pytest.raises(MailrollError) as caught:
        redeem(registration, given, **more)
    assert isinstance(registration.credential, Secret)
    assert registration.credential.value not in str(caught.value)
    assert given not in str(caught.value)
    return caught.value


def test_the_browser_is_sent_with_a_code_challenge_and_for_nothing_but_who_it_is(registration: Registration) -> None:
    url = urlsplit(sign_in(registration).authorize_url(state="s", nonce=NONCE, verifier=VERIFIER))
    assert f"{url.scheme}://{url.netloc}" == registration.cloud.pages
    assert url.path == "/organizations/oauth2/v2.0/authorize"
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert asked["scope"] == "openid profile"
    assert (asked["response_type"], asked["response_mode"]) == ("code", "query")
    assert (asked["code_challenge_method"], asked["prompt"], asked["state"]) == ("S256", "select_account", "s")
    assert VERIFIER not in url.query
    assert NONCE not in url.query


def test_consent_is_asked_of_the_tenant_that_signed_in_and_for_the_hosts_of_its_cloud(
    registration: Registration,
) -> None:
    url = urlsplit(sign_in(registration).consent_url(tenant=FIRM, account=ADMIN, state="s"))
    assert url.path == f"/{FIRM}/v2.0/adminconsent"
    assert parse_qs(url.query)["scope"] == [f"{registration.cloud.graph}/.default"]


def test_an_administrator_is_known_by_tenant_object_and_role(sim: Simulator, registration: Registration) -> None:
    person = redeem(registration, code(sim, registration))
    assert (person.tenant, person.account, person.role) == (FIRM, ADMIN, "Global Administrator")


def test_a_certificate_proves_the_application_as_well(sim: Simulator, app: App, registration: Registration) -> None:
    pair = KeyPair.make()
    app.add_certificate(pair.pem)
    proved = Registration(app.client_id, registration.cloud, BACK, Certificate(pair.pem, pair.key_pem))
    assert redeem(proved, code(sim, proved)).tenant == FIRM


def test_an_ordinary_user_has_no_role_that_may_consent(sim: Simulator, registration: Registration) -> None:
    assert redeem(registration, code(sim, registration, CLERK)).role == ""
    assert redeem(registration, code(sim, registration, "apps@firm.example")).role == ""


def test_a_registration_that_tells_no_roles_leaves_them_unknown(
    sim: Simulator, app: App, registration: Registration
) -> None:
    app.role_claims = False
    assert redeem(registration, code(sim, registration)).role is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("nonce", "id_token_nonce"),
        ("no_nonce", "id_token_nonce"),
        ("audience", "id_token_audience"),
        ("issuer", "id_token_issuer"),
        ("tenant", "id_token_issuer"),
        ("none", "id_token_algorithm"),
        ("hs256", "id_token_algorithm"),
        ("unknown_kid", "id_token_key"),
        ("signature", "id_token_signature"),
        ("expired", "id_token_expired"),
        ("future", "id_token_early"),
        ("no_oid", "id_token_incomplete"),
        ("no_tid", "id_token_incomplete"),
    ],
)
def test_a_forged_id_token_is_seen_through(
    sim: Simulator, registration: Registration, kind: str, expected: str
) -> None:
    sim.faults.on("forged_id_token", kind=kind)
    fault = refused(registration, code(sim, registration))
    assert isinstance(fault, NotVerified)
    assert fault.code == expected


def test_a_code_works_once_and_with_its_verifier_alone(sim: Simulator, registration: Registration) -> None:
    given = code(sim, registration)
    assert refused(registration, given, verifier="another-" * 6).code
    assert refused(registration, given).code
    assert refused(registration, "made-up").code


def test_a_code_for_another_sign_in_is_refused(sim: Simulator, registration: Registration) -> None:
    assert refused(registration, code(sim, registration, nonce="of-somebody-else")).code == "id_token_nonce"


@pytest.mark.parametrize("off", [-280.0, 0.0, 280.0])
def test_clocks_may_differ_by_minutes(sim: Simulator, registration: Registration, off: float) -> None:
    assert redeem(registration, code(sim, registration), clock=Wall(off)).tenant == FIRM


def test_a_clock_that_is_wrong_by_more_is_told(sim: Simulator, registration: Registration) -> None:
    assert refused(registration, code(sim, registration), clock=Wall(-400.0)).code == "id_token_early"


def asked_for_keys(sim: Simulator) -> int:
    return sum(1 for seen in sim.requests if seen.path.endswith("/discovery/v2.0/keys"))


def test_keys_are_fetched_once_and_again_for_a_new_one_but_not_at_will(
    sim: Simulator, registration: Registration
) -> None:
    clock = Wall()
    keys = SigningKeys(clock)
    redeem(registration, code(sim, registration), keys=keys, clock=clock)
    redeem(registration, code(sim, registration), keys=keys, clock=clock)
    assert asked_for_keys(sim) == 1
    sim.world.tokens.keys.rotate()
    assert refused(registration, code(sim, registration), keys=keys, clock=clock).code == "id_token_key"
    assert asked_for_keys(sim) == 1
    clock.off = 61.0
    assert redeem(registration, code(sim, registration), keys=keys, clock=clock).tenant == FIRM
    assert asked_for_keys(sim) == 2


@pytest.mark.parametrize("fault", ["token_server_error", "throttle_token"])
def test_a_busy_sign_in_service_is_no_refusal(sim: Simulator, registration: Registration, fault: str) -> None:
    given = code(sim, registration)
    sim.faults.on(fault)
    assert isinstance(refused(registration, given), Retry)


def test_a_page_in_place_of_a_token_is_told(sim: Simulator, registration: Registration) -> None:
    given = code(sim, registration)
    sim.faults.on("token_html_page")
    assert isinstance(refused(registration, given), Broken)


def test_consent_for_the_tenant_that_signed_in_is_consent() -> None:
    check_consent(CODE_LEFT, FIRM)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (CODE_LEFT | {"tenant": OTHER}, "callback_tenant_differs"),
        ({"admin_consent": "True"}, "callback_tenant_missing"),
        (CODE_LEFT | {"tenant": "organizations"}, "callback_tenant_missing"),
        ({"tenant": FIRM}, "callback_malformed"),
        (CODE_LEFT | {"admin_consent": "False"}, "callback_malformed"),
        (CODE_LEFT | {"error": "access_denied", "error_description": "AADSTS65004: declined"}, "declined"),
        (CODE_LEFT | {"error": "access_denied"}, "declined"),
        (CODE_LEFT | {"error": ""}, "login_unknown"),
    ],
)
def test_anything_else_is_none(told: dict[str, str], expected: str) -> None:
    with pytest.raises(MailrollError) as caught:
        check_consent(told, FIRM)
    assert caught.value.code == expected


@pytest.mark.parametrize(
    ("number", "expected", "kind"),
    [
        (65004, "declined", NeedsConsent),
        (90094, "not_administrator", NotVerified),
        (90095, "not_administrator", NotVerified),
        (50020, "account_elsewhere", NotVerified),
        (53003, "conditional_access", NeedsConsent),
        (16000, "account_elsewhere", NotVerified),
        (50105, "app_not_assigned", NeedsConsent),
        (650051, "consent_unfinished", NeedsConsent),
        (99999999, "login_unknown", Broken),
        (90033, "login_unavailable", Retry),
    ],
)
def test_an_error_that_came_back_is_told_in_our_words(number: int, expected: str, kind: type[MailrollError]) -> None:
    text = f"AADSTS{number}: <script>alert(1)</script>\r\nSet-Cookie: evil=1"
    fault = refusal({"error": "access_denied", "error_description": text})
    assert (fault.code, type(fault)) == (expected, kind)
    assert "script" not in str(fault)


def at_firm(sim: Simulator, registration: Registration, account: str) -> str:
    """Sign in where the tenant is named, the only place where a guest of it can."""
    client = Client(sim.ca_file)
    url = sign_in(registration).authorize_url(state="state", nonce=NONCE, verifier=VERIFIER)
    page = client.get(url.replace("/organizations/", f"/{FIRM}/"))
    return client.press(page, "Sign in", other_account=account, password=PASSWORD).told["code"]


def test_a_guest_speaks_for_no_tenant(sim: Simulator, registration: Registration) -> None:
    tenant = sim.world.tenants[FIRM]
    guest = next(user for user in tenant.users if user.home_tenant is not None)
    guest.roles = (Role.GLOBAL_ADMINISTRATOR,)  # an administrator elsewhere is a guest here all the same
    fault = refused(registration, at_firm(sim, registration, guest.upn))
    assert (fault.code, type(fault)) == ("guest_account", NotVerified)


def claims(sim: Simulator, app: App, tenant: str) -> dict[str, Any]:
    now = int(sim.clock.timestamp())
    times = {"iat": now, "nbf": now, "exp": now + 3600}
    who = {"tid": tenant, "oid": OTHER, "aud": app.client_id, "iss": f"{sim.login_url}/{tenant}/v2.0"}
    return {**times, **who, "nonce": shown_nonce(NONCE), "wids": [GLOBAL_ADMINISTRATOR]}


def judge(sim: Simulator, app: App, token: str, issuer: str = "{tenantid}") -> SignedInPerson:
    """Validate a token that a test signed itself."""
    key = sim.world.tokens.keys.current
    published: list[dict[str, Any]] = [
        key.as_jwk(f"{sim.login_url}/{issuer}/v2.0"),
        {"kid": key.kid, "kty": "EC"},
        {"kid": 7},
    ]

    async def fetch() -> list[dict[str, Any]]:
        return published

    clock = Wall()
    expected = Expected(app.client_id, sim.login_url, shown_nonce(NONCE))
    return asyncio.run(person(token, expected, SigningKeys(clock), fetch, clock))


def test_a_personal_account_belongs_to_no_organization(sim: Simulator, app: App) -> None:
    with pytest.raises(NotVerified) as caught:
        judge(sim, app, sim.world.tokens.sign(claims(sim, app, PERSONAL_ACCOUNTS)))
    assert caught.value.code == "personal_account"


def test_a_key_of_another_tenant_signs_nothing_for_this_one(sim: Simulator, app: App) -> None:
    token = sim.world.tokens.sign(claims(sim, app, FIRM))
    assert judge(sim, app, token).tenant == FIRM
    assert judge(sim, app, token, issuer=FIRM).tenant == FIRM
    with pytest.raises(NotVerified) as caught:
        judge(sim, app, token, issuer=OTHER)
    assert caught.value.code == "id_token_issuer"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"aud": ["x"]}, "id_token_audience"),
        ({"exp": "tomorrow"}, "id_token_incomplete"),
        ({"exp": True}, "id_token_incomplete"),
        ({"tid": "common"}, "id_token_incomplete"),
        ({"oid": 7}, "id_token_incomplete"),
        ({"nonce": None}, "id_token_nonce"),
        ({"idp": "https://sts.windows.net/elsewhere/"}, "guest_account"),
        ({"idp": ["live.com"]}, "guest_account"),
    ],
)
def test_claims_of_the_wrong_form_are_refused(
    sim: Simulator, app: App, changed: dict[str, object], expected: str
) -> None:
    with pytest.raises(NotVerified) as caught:
        judge(sim, app, sim.world.tokens.sign(claims(sim, app, FIRM) | changed))
    assert caught.value.code == expected


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "\ud800"])
def test_what_is_no_token_is_refused(sim: Simulator, app: App, token: str) -> None:
    with pytest.raises(NotVerified) as caught:
        judge(sim, app, token)
    assert caught.value.code.startswith("id_token_")
