"""Signing in: with a secret or a certificate, and refused in every way."""

import asyncio
import base64
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

from mailroll.connectors.microsoft365 import Microsoft365
from mailroll.connectors.microsoft365.settings import Certificate
from mailroll.connectors.microsoft365.sign_in.aadsts import REFUSALS
from mailroll.reconcile.errors import Broken, MailrollError, NeedsConsent, NotVerified, Retry
from tests.connectors.hostile import (
    CANARY,
    CLIENT,
    TENANT,
    Authority,
    FakeClock,
    Reply,
    Request,
    World,
    guid,
    listening,
    one_after_another,
    page,
    reply,
    settings_for,
    token,
    user,
    world,
)
from tests.connectors.test_settings import certified, pem

TRACE = "3f0bd8e5-1234-4321-9876-0123456789ab"


def refusal(number: int | None, word: str, *, status: int = 400, headers: dict[str, str] | None = None) -> Reply:
    """Return a refusal as Entra writes it, line breaks and all."""
    text = f"AADSTS{number}: {CANARY}\r\nSet-Cookie: evil=1\r\nTrace ID: {TRACE}\r\nTimestamp: 2026-11-23 08:00:00Z"
    body = {"error": word, "error_description": text, "trace_id": TRACE, "correlation_id": guid(1), "error_uri": "x"}
    return reply(body | ({} if number is None else {"error_codes": [number]}), status=status, headers=headers)


def refused(authority: Authority, *answers: Reply) -> tuple[MailrollError, World]:
    async def go() -> tuple[MailrollError, World]:
        async with world(authority) as w:
            w.server.tokens = one_after_another(*answers)
            w.server.graph = one_after_another(reply(page(user(1))))
            with pytest.raises(MailrollError) as caught:
                await w.whole()
            fault = caught.value
            assert CANARY not in str(fault)
            assert str(fault).isprintable()
            assert not w.server.asked
            return fault, w

    return asyncio.run(go())


def let_in(authority: Authority, *answers: Reply) -> World:
    async def go() -> World:
        async with world(authority) as w:
            w.server.tokens = one_after_another(*answers)
            w.server.graph = one_after_another(reply(page(user(1))))
            await w.whole()
            return w

    return asyncio.run(go())


PERMANENT: list[tuple[int | None, str, int, type[MailrollError], str]] = [
    (65001, "invalid_grant", 400, NeedsConsent, "consent_missing"),
    (700016, "unauthorized_client", 400, NeedsConsent, "app_not_in_tenant"),
    (7000229, "unauthorized_client", 400, NeedsConsent, "app_not_in_tenant"),
    (7000112, "unauthorized_client", 400, NeedsConsent, "app_disabled"),
    (7000215, "invalid_client", 401, NeedsConsent, "secret_wrong"),
    (7000222, "invalid_client", 401, NeedsConsent, "secret_expired"),
    (700027, "invalid_client", 401, NeedsConsent, "certificate_unknown"),
    (700024, "invalid_client", 401, Broken, "clock_wrong"),
    (7000218, "invalid_client", 401, NeedsConsent, "credential_refused"),
    (50105, "invalid_grant", 400, NeedsConsent, "app_not_assigned"),
    (500011, "invalid_resource", 400, NeedsConsent, "graph_not_in_tenant"),
    (53003, "access_denied", 400, NeedsConsent, "conditional_access"),
    (530034, "access_denied", 400, NeedsConsent, "conditional_access"),
    (500021, "access_denied", 400, NeedsConsent, "tenant_restricted"),
    (90002, "invalid_request", 400, NotVerified, "tenant_not_found"),
    (900382, "invalid_request", 400, NotVerified, "wrong_cloud"),
    (90038, "invalid_request", 400, NotVerified, "wrong_cloud"),
    (70011, "invalid_scope", 400, Broken, "login_refused"),
    (9001023, "invalid_request", 400, Broken, "login_refused"),
    (50196, "invalid_grant", 400, Broken, "login_refused"),
    (650051, "invalid_client", 401, NeedsConsent, "consent_unfinished"),
    (5000224, "invalid_request", 400, NotVerified, "tenant_closed"),
    (900439, "invalid_request", 400, NotVerified, "wrong_cloud"),
    (700023, "invalid_client", 401, NotVerified, "wrong_cloud"),
    (500014, "invalid_resource", 400, NeedsConsent, "graph_disabled"),
    (50001, "invalid_resource", 400, NeedsConsent, "graph_disabled"),
    (650054, "invalid_request", 400, NeedsConsent, "graph_disabled"),
    (54005, "invalid_grant", 400, NotVerified, "sign_in_spent"),
    (50057, "invalid_grant", 400, NotVerified, "account_refused"),
    (50020, "invalid_grant", 400, NotVerified, "account_elsewhere"),
    (500112, "invalid_grant", 400, Broken, "address_not_registered"),
    (50194, "unauthorized_client", 400, Broken, "app_single_tenant"),
    (99999999, "invalid_client", 401, Broken, "login_unknown"),
    (99999999, "unauthorized_client", 400, Broken, "login_unknown"),
    (99999999, "invalid_grant", 400, Broken, "login_unknown"),
    (99999999, "invalid_request", 400, Broken, "login_unknown"),
    (99999999, "something_new", 400, Broken, "login_unknown"),
    (None, "something_new", 400, Broken, "login_unknown"),
    (None, "invalid_grant", 400, Broken, "login_unknown"),
    (None, "consent_required", 400, NeedsConsent, "consent_missing"),
]


@pytest.mark.parametrize("case", PERMANENT)
def test_a_refusal_that_stays_is_told_at_once(
    authority: Authority, case: tuple[int | None, str, int, type[MailrollError], str]
) -> None:
    number, word, status, kind, code = case
    fault, w = refused(authority, refusal(number, word, status=status))
    assert isinstance(fault, kind)
    assert fault.code == code
    assert fault.help
    assert TRACE in fault.message
    assert number is None or f"AADSTS{number}" in fault.message
    assert (len(w.server.signed_in), w.clock.slept) == (1, [])


def test_every_number_is_listed_once_and_every_kind_has_a_remedy() -> None:
    numbers = [number for each in REFUSALS for number in each.numbers.split()]
    assert len(numbers) == len(set(numbers))
    assert all(each.message.endswith(".") and each.help.endswith(".") for each in REFUSALS)
    assert len({each.code for each in REFUSALS}) == len(REFUSALS)


@pytest.mark.parametrize(
    "busy",
    [
        refusal(50033, "invalid_grant"),
        refusal(50087, "invalid_request"),
        refusal(90006, "server_error"),
        refusal(90012, "invalid_request"),
        refusal(90024, "temporarily_unavailable"),
        refusal(90033, "temporarily_unavailable"),
        refusal(90055, "invalid_request"),
        refusal(90090, "server_error"),
        refusal(90091, "invalid_request"),
        refusal(99999999, "temporarily_unavailable"),
        refusal(None, "temporarily_unavailable"),
        refusal(7000215, "invalid_client", status=503),
        reply(raw=b"<html>", status=502, headers={"Content-Type": "text/html"}),
        reply(raw=b"", status=500),
        Reply(b"", "close"),
    ],
)
def test_a_service_in_trouble_gets_five_tries_and_no_error_is_remembered(authority: Authority, busy: Reply) -> None:
    assert len(let_in(authority, *[busy] * 4, token("t")).clock.slept) == 4
    fault, w = refused(authority, busy)
    assert isinstance(fault, Retry)
    assert fault.code in {"login_unavailable", "connection_lost"}
    assert len(w.clock.slept) == 4


def test_a_pause_that_the_service_asks_for_is_kept(authority: Authority) -> None:
    busy = refusal(90055, "temporarily_unavailable", status=429, headers={"Retry-After": "17"})
    [pause] = let_in(authority, busy, token("t")).clock.slept
    assert 17.0 <= pause <= 18.7
    fault, _ = refused(authority, refusal(90055, "x", status=429, headers={"Retry-After": "3000"}))
    assert isinstance(fault, Retry)
    assert fault.after == 3000.0
    # A date is one of the service's clock, by which it is read, and not by that of this machine.
    at = {"Date": "Fri, 01 Jan 2100 08:00:00 GMT", "Retry-After": "Fri, 01 Jan 2100 08:00:20 GMT"}
    [pause] = let_in(authority, refusal(90055, "x", status=429, headers=at), token("t")).clock.slept
    assert 20.0 <= pause <= 22.0


def test_a_refusal_is_not_remembered_once_it_was_put_right(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(reply(page(user(1))))
            w.server.tokens = one_after_another(refusal(65001, "invalid_grant"), token("t"))
            with pytest.raises(NeedsConsent):
                await w.whole()
            assert (await w.whole())[1]

    asyncio.run(go())


@pytest.mark.parametrize(
    "answer",
    [
        reply({}),
        reply([]),
        reply("text"),
        reply(raw=b""),
        reply(raw=b"<html>"),
        reply(raw=b'{"access_token": "t", "expires_in": 1', headers={"Content-Type": "application/json"}),
        reply({"access_token": "t"}),
        reply({"token_type": "Bearer", "expires_in": 3599}),
        reply({"token_type": "Bearer", "expires_in": 3599, "access_token": 7}),
        reply({"token_type": "Bearer", "expires_in": 3599, "access_token": "a\r\nX-Evil: 1"}),
        reply({"token_type": "Bearer", "expires_in": 3599, "access_token": "a b"}),
        reply({"token_type": "Bearer", "expires_in": 3599, "access_token": ""}),
        reply({"token_type": "Bearer", "expires_in": "soon", "access_token": "t"}),
        reply({"token_type": "Bearer", "expires_in": -5, "access_token": "t"}),
        reply({"token_type": "Bearer", "expires_in": None, "access_token": "t"}),
        reply({"error": "invalid_client", "error_description": CANARY}),
        reply(raw=b"[" * 100_000),
        reply({"access_token": "t", "expires_in": 3599}, headers={"Content-Type": "text/html"}),
    ],
)
def test_an_answer_that_is_no_token_is_broken(authority: Authority, answer: Reply) -> None:
    fault, _ = refused(authority, answer)
    assert isinstance(fault, Broken)
    assert fault.code == "answer_malformed"
    assert fault.message.startswith("Microsoft's answer to the request for a token ")


def test_a_redirect_of_the_sign_in_service_is_not_followed(authority: Authority) -> None:
    fault, w = refused(authority, reply(raw=b"", status=302, headers={"Location": "https://127.0.0.2/"}))
    assert (fault.code, len(w.server.signed_in)) == ("redirect_refused", 1)


@pytest.mark.parametrize(
    "host",
    ["https://evil.example", "http://127.0.0.1", "https://127.0.0.1", "https://127.0.0.1:1", "//evil.example", ""],
)
def test_the_secret_goes_to_the_connections_own_sign_in_host_only(authority: Authority, host: str) -> None:
    async def go() -> None:
        async with world(authority) as w:
            document = w.server.document() | {"token_endpoint": f"{host}/{TENANT}/oauth2/v2.0/token"}
            w.server.discovery = one_after_another(reply(document))
            with pytest.raises(Broken):
                await w.whole()
            assert not w.server.signed_in

    asyncio.run(go())


def test_the_secret_goes_to_the_connections_own_tenant_only(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            document = w.server.document()
            document["token_endpoint"] = document["token_endpoint"].replace(TENANT, guid(9))
            w.server.discovery = one_after_another(reply(document))
            with pytest.raises(Broken) as caught:
                await w.whole()
            assert caught.value.code == "link_to_other_host"
            assert not w.server.signed_in

    asyncio.run(go())


@pytest.mark.parametrize("document", [{}, {"token_endpoint": 7}, {"token_endpoint": "x"}, [], None, "x"])
def test_a_discovery_document_that_is_none_is_broken(authority: Authority, document: object) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.discovery = one_after_another(reply(document))
            with pytest.raises(Broken, match="answer to the request for the sign-in configuration "):
                await w.whole()

    asyncio.run(go())


def test_a_tenant_that_does_not_exist_is_told_already_at_discovery(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.discovery = one_after_another(refusal(90002, "invalid_tenant"))
            with pytest.raises(NotVerified) as caught:
                await w.whole()
            assert caught.value.code == "tenant_not_found"

    asyncio.run(go())


def test_the_secret_is_sent_in_the_body_for_everything_that_was_declared(authority: Authority) -> None:
    w = let_in(authority, token("t"))
    [asked] = w.server.signed_in
    form = parse_qs(asked.body.decode())
    assert form["client_id"] == [CLIENT]
    assert form["client_secret"] == [CANARY]
    assert form["grant_type"] == ["client_credentials"]
    assert form["scope"] == [f"{w.server.url}/.default"]
    assert asked.target == f"/{TENANT}/oauth2/v2.0/token"


class Searches:
    """Notes which modules Python looks for on its paths."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def find_spec(self, name: str, *_: object) -> None:
        self.names.append(name)


def test_signing_in_looks_for_no_package_that_is_not_there(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in(authority, token("t"))
    searches = Searches()
    monkeypatch.setattr(sys, "meta_path", [searches, *sys.meta_path])
    let_in(authority, token("t"))
    assert "msal_extensions" not in searches.names


def test_a_certificate_signs_for_the_tenant_and_the_key_stays_here(authority: Authority) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    credential = Certificate(certified(key), pem(key))

    async def go() -> World:
        async with world(authority, credential=credential) as w:
            w.server.graph = one_after_another(reply(page(user(1))))
            await w.whole()
            return w

    w = asyncio.run(go())
    [asked] = w.server.signed_in
    form = parse_qs(asked.body.decode())
    assert form["client_assertion_type"] == ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
    [assertion] = form["client_assertion"]
    endpoint = f"{w.server.url}/{TENANT}/oauth2/v2.0/token"
    claims = jwt.decode(assertion, key.public_key(), algorithms=["PS256"], audience=endpoint)
    assert (claims["iss"], claims["sub"]) == (CLIENT, CLIENT)
    assert claims["exp"] - claims["iat"] <= 600
    thumbprint = jwt.get_unverified_header(assertion)["x5t#S256"]
    certificate = x509.load_pem_x509_certificate(credential.certificate.encode())
    assert base64.urlsafe_b64decode(f"{thumbprint}=") == certificate.fingerprint(hashes.SHA256())
    assert "client_secret" not in form
    assert pem(key).splitlines()[3] not in asked.body.decode()


@pytest.mark.parametrize(
    ("lifetime", "later", "tokens"), [(3599, 3200, 1), (3599, 3300, 2), (3599, 9000, 2), (400, 199, 1), (400, 201, 2)]
)
def test_a_token_is_used_until_shortly_before_its_end(
    authority: Authority, lifetime: int, later: float, tokens: int
) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = lambda _: reply(page(user(1)))
            w.server.tokens = lambda _: token(f"t{len(w.server.signed_in)}", lifetime)
            await w.whole()
            w.clock.passed += later
            await w.whole()
            assert len(w.server.signed_in) == tokens
            assert len([each for each in w.server.requests if "openid-configuration" in each.target]) == 1

    asyncio.run(go())


def test_many_questions_at_once_share_one_token(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = lambda _: reply(page(user(1)))
            await asyncio.gather(*(w.whole() for _ in range(5)))
            assert len(w.server.signed_in) == 1

    asyncio.run(go())


def test_names_are_looked_up_while_sign_ins_have_all_threads_of_a_loop(authority: Authority) -> None:
    async def go() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        async with listening(authority.server_file) as server:
            server.graph = one_after_another(reply(page({"id": TENANT, "displayName": "Contoso"})))
            server.url = server.url.replace("127.0.0.1", "localhost")
            clock = FakeClock()
            async with Microsoft365.open(settings_for(server.url, authority.ca_file), clock=clock) as connector:
                assert await connector.tenant() == TENANT
            assert not clock.slept

    asyncio.run(go())


def test_a_question_that_is_called_off_leaves_nothing_running(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            reached = asyncio.Event()

            def silence(_: Request) -> Reply:
                reached.set()
                return Reply(b"", "hang")

            w.server.tokens = silence
            asking = asyncio.create_task(w.connector.tenant())
            await reached.wait()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking

    asyncio.run(asyncio.wait_for(go(), 300))


def test_a_token_for_another_tenant_shows_in_the_tenant_that_answers(authority: Authority) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(reply(page({"id": guid(9)})))
            assert await w.connector.tenant() != TENANT

    asyncio.run(go())
