"""Lists over HTTP: asked as Rspamd asks, for the domains of a token alone, and bounded whatever a client does."""

import asyncio
import gzip
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from aiohttp import ClientResponse, ClientSession, encode_basic_auth
from django.db import OperationalError, connection
from structlog.testing import capture_logs

from mailroll.accounts import tokens
from mailroll.accounts.tokens import TokenPurpose
from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.gateway.admissions import Admissions
from mailroll.gateway.demand import AskedTally
from mailroll.gateway.formats import FORMS
from mailroll.gateway.http import DoorLimits, StoredTokens, Tokens, Where, application, listening
from mailroll.gateway.lists import Listing
from mailroll.gateway.stored_lists import StoredListing
from tests.directory.rolls import NOON
from tests.gateway.memory import Copy, Known

TOKEN = "a good one"
FRESH = DoorLimits(fresh=0)
RSPAMD = "/lists/rspamd/recipients.map"
TENTHS = 3000


@dataclass
class Client:
    session: ClientSession
    port: int

    async def ask(
        self, path: str, method: str = "GET", token: str | None = TOKEN, **headers: str
    ) -> tuple[ClientResponse, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            named["Authorization"] = encode_basic_auth("whoever", token)
        url = f"http://127.0.0.1:{self.port}{path}"
        async with self.session.request(method, url, headers={"Accept-Encoding": "", **named}) as response:
            return response, await response.read()


@asynccontextmanager
async def serving(
    listing: Listing, known: Tokens, limits: DoorLimits = FRESH, tally: AskedTally | None = None
) -> AsyncIterator[Client]:
    async with (
        listening(
            application(listing, known, tally or AskedTally(), lambda: NOON, limits), Where("127.0.0.1", 0), limits
        ) as port,
        ClientSession(auto_decompress=False) as session,
    ):
        yield Client(session, port)


def asked(listing: Copy, test: Callable[[Client], Awaitable[None]], limits: DoorLimits = FRESH) -> Known:
    """Run a test against a server whose token is for the first domain's organization."""
    first = next(iter(listing.held.values()))[0]
    known = Known({TOKEN: frozenset({first.organization})})

    async def run() -> None:
        async with serving(listing, known, limits) as client:
            await test(client)

    asyncio.run(run())
    return known


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds, and never longer than five minutes."""
    for _ in range(TENTHS):
        if condition():
            return
        await asyncio.sleep(0.1)
    pytest.fail("this never came")


def bob(copy: Copy) -> list[str]:
    """The addresses of the first domain."""
    return next(iter(copy.held.values()))[1]


def test_a_map_is_asked_for_as_rspamd_asks(copy: Copy) -> None:
    """HEAD, GET, and then both conditions at once."""

    async def test(client: Client) -> None:
        head, nothing = await client.ask(RSPAMD, "HEAD")
        got, body = await client.ask(RSPAMD)
        assert (head.status, got.status, nothing) == (200, 200, b"")
        for name in ("ETag", "Last-Modified", "Content-Length", "Content-Type"):
            assert head.headers[name] == got.headers[name]
        assert int(got.headers["Content-Length"]) == len(body)
        assert got.headers["ETag"].startswith('"')
        lines = body.decode().splitlines()
        assert {"bob@xn--bcher-kva.example", "bob@bücher.example", "postmaster@bücher.example"} == set(lines) - {
            "postmaster@xn--bcher-kva.example"
        }
        both = {"If_None_Match": got.headers["ETag"], "If_Modified_Since": got.headers["Last-Modified"]}
        for method in ("HEAD", "GET"):
            same, nothing = await client.ask(RSPAMD, method, **both)
            assert (same.status, nothing) == (304, b"")
            assert same.headers["ETag"] == got.headers["ETag"]
        bob(copy).append("new@xn--bcher-kva.example")
        changed, body = await client.ask(RSPAMD, **both)
        assert changed.status == 200
        assert b"new@xn--bcher-kva.example\n" in body
        assert changed.headers["ETag"] != got.headers["ETag"]
        assert parsedate_to_datetime(changed.headers["Last-Modified"]) > NOON

    asked(copy, test)


def test_who_asks_by_time_alone_misses_no_change_of_the_same_second(copy: Copy) -> None:
    async def test(client: Client) -> None:
        got, _ = await client.ask(RSPAMD)
        since = {"If_Modified_Since": got.headers["Last-Modified"]}
        assert (await client.ask(RSPAMD, **since))[0].status == 304
        bob(copy).append("new@xn--bcher-kva.example")
        changed, _ = await client.ask(RSPAMD, **since)
        assert changed.status == 200
        since = {"If_Modified_Since": changed.headers["Last-Modified"]}
        assert (await client.ask(RSPAMD, **since))[0].status == 304

    asked(copy, test)


def test_every_file_of_every_form_is_sent_as_it_is_written(copy: Copy) -> None:
    domain = next(iter(copy.held.values()))[0]

    async def test(client: Client) -> None:
        for form in FORMS.values():
            for part in form.parts:
                expected = "".join(part.write(copy, [domain])).encode()
                for place in ("", "/xn--bcher-kva.example", "/B%C3%BCCHER.example"):
                    got, body = await client.ask(f"/lists/{form.name}{place}/{part.name}")
                    assert (got.status, body) == (200, expected)
                zipped, body = await client.ask(f"/lists/{form.name}/{part.name}", Accept_Encoding="br, gzip")
                assert zipped.headers["Content-Encoding"] == "gzip"
                assert (gzip.decompress(body), int(zipped.headers["Content-Length"])) == (expected, len(body))
                tag = {"If_None_Match": zipped.headers["ETag"], "Accept_Encoding": "gzip"}
                assert (await client.ask(f"/lists/{form.name}/{part.name}", **tag))[0].status == 304
                plain, body = await client.ask(f"/lists/{form.name}/{part.name}", Accept_Encoding="gzip;q=0")
                assert (body, plain.headers["ETag"] != zipped.headers["ETag"]) == (expected, True)

    asked(copy, test)


def test_another_customers_list_is_answered_like_one_that_is_not_there(copy: Copy) -> None:
    async def test(client: Client) -> None:
        paths = ["harbour.example", "elsewhere.example", "x" * 3000]
        answers = [await client.ask(f"/lists/rspamd/{name}/recipients.map") for name in paths]
        answers += [await client.ask(f"/lists/{rest}") for rest in ("nothing/recipients.map", "rspamd/nothing")]
        for response, body in answers:
            assert (response.status, body) == (404, b"There is no such list.\n")
        (_, whole), (_, found), (_, foreign) = [
            await client.ask(path)
            for path in (RSPAMD, "/lookup?address=bob@b%C3%BCcher.example", "/lookup?address=ann@harbour.example")
        ]
        assert b"harbour" not in whole
        assert b'"answer": "accept", "because": "listed"' in found
        assert b'"answer": "not_ours", "because": "no_domain"' in foreign

    asked(copy, test)


def test_a_scope_without_domains_is_no_list_of_nobody(copy: Copy) -> None:
    async def test(client: Client) -> None:
        del copy.held[next(iter(copy.held))]
        response, _ = await client.ask(RSPAMD)
        assert response.status == 404

    asked(copy, test)


def test_a_lookup_answers_as_mail_servers_are_answered(copy: Copy) -> None:
    async def test(client: Client) -> None:
        for address, answer in {
            "BOB%2Bnews@xn--bcher-kva.example": "accept",
            "nobody@xn--bcher-kva.example": "unknown",
            "a%00b@xn--bcher-kva.example": "not_ours",
            "": "not_ours",
        }.items():
            response, body = await client.ask(f"/lookup?address={address}")
            assert response.status == 200
            assert f'"answer": "{answer}"'.encode() in body

    asked(copy, test)


def test_a_token_is_needed_and_is_a_password_or_a_bearers(copy: Copy) -> None:
    async def test(client: Client) -> None:
        headers: list[dict[str, str]] = [
            {},
            {"Authorization": "Basic %%%"},
            {"Authorization": "Basic /w=="},
            {"Authorization": f"Digest {TOKEN}"},
            {"Authorization": "Bearer wrong"},
            {"Authorization": "Bearer"},
        ]
        for wrong in headers:
            response, body = await client.ask(RSPAMD, token=None, **wrong)
            assert (response.status, body) == (401, b"A token is needed.\n")
            assert response.headers["WWW-Authenticate"].startswith("Basic ")
        response, _ = await client.ask(RSPAMD, token=None, Authorization=f"bearer {TOKEN}")
        assert response.status == 200
        assert (await client.ask(RSPAMD, "POST"))[0].status == 405

    asked(copy, test)


def test_wrong_tokens_are_enough_after_a_while_and_good_ones_go_on(copy: Copy) -> None:
    async def test(client: Client) -> None:
        assert (await client.ask(RSPAMD))[0].status == 200
        statuses = [(await client.ask(RSPAMD, token=f"wrong {number}"))[0].status for number in range(5)]
        assert statuses == [401, 401, 401, 429, 429]
        assert (await client.ask(RSPAMD))[0].status == 200

    known = asked(copy, test, DoorLimits(fresh=0, wrong_tokens=3))
    assert known.asked == [TOKEN, "wrong 0", "wrong 1", "wrong 2", TOKEN]


def test_no_token_is_logged(copy: Copy, caplog: pytest.LogCaptureFixture) -> None:
    async def test(client: Client) -> None:
        await client.ask(RSPAMD)
        await client.ask(RSPAMD, token="wrong")

    with capture_logs() as logs, caplog.at_level(0):
        asked(copy, test)
    assert [entry["event"] for entry in logs] == ["token_refused"]
    told = f"{logs} {caplog.text}"
    for secret in (TOKEN, "wrong", *(encode_basic_auth("whoever", text) for text in (TOKEN, "wrong"))):
        assert secret.removeprefix("Basic ") not in told


def test_a_list_is_written_once_for_all_who_ask_at_a_time(copy: Copy) -> None:
    async def test(client: Client) -> None:
        copy.go.clear()
        waiting = [asyncio.create_task(client.ask(RSPAMD)) for _ in range(8)]
        await until(lambda: len(known.asked) == 8)
        copy.go.set()
        assert {response.status for response, _ in await asyncio.gather(*waiting)} == {200}
        assert copy.moments == 1
        await client.ask(RSPAMD)
        assert copy.moments == 1

    first = next(iter(copy.held.values()))[0]
    known = Known({TOKEN: frozenset({first.organization})})

    async def run() -> None:
        async with serving(copy, known, DoorLimits(fresh=3600)) as client:
            await test(client)

    asyncio.run(run())


def test_where_the_database_is_away_nothing_is_listed(copy: Copy) -> None:
    async def test(client: Client) -> None:
        copy.away = True
        for path in (RSPAMD, "/lookup?address=bob@harbour.example"):
            response, body = await client.ask(path)
            assert (response.status, response.headers["Retry-After"]) == (503, "60")
            assert b"away" not in body

    asked(copy, test)


def test_who_asked_is_counted_with_the_name_of_the_token(copy: Copy) -> None:
    theirs, foreign = (domain.served.id for domain, _ in copy.held.values())
    tally = AskedTally()

    async def test(client: Client) -> None:
        for address in ("bob@xn--bcher-kva.example", "nobody@xn--bcher-kva.example", "ann@harbour.example", "bob"):
            await client.ask(f"/lookup?address={address}")
        assert tally.take() == AskedTally(
            {(theirs, "accept"): 1, (theirs, "unknown"): 1},
            {theirs: Counter(["bob@xn--bcher-kva.example"])},
            {theirs: {"nobody@xn--bcher-kva.example": (1, False)}},
            {(theirs, "http", "mx1"): NOON},
        )
        for _ in range(2):
            await client.ask(RSPAMD)
            assert tally.take() == AskedTally(askers={(theirs, "http", "mx1"): NOON})
        assert foreign not in {domain for domain, *_ in tally.askers}

    async def run() -> None:
        organization = copy.held[theirs][0].organization
        async with serving(copy, Known({TOKEN: frozenset({organization})}), DoorLimits(fresh=60), tally) as client:
            await test(client)

    asyncio.run(run())


@pytest.mark.django_db(transaction=True)
def test_a_stored_list_is_sent_for_a_stored_token_until_it_is_revoked() -> None:
    acting = Acting("test:setup")
    organization = edit.add_organization("Brightwater", acting)
    edit.add_user(edit.add_domain(organization, "brightwater.example", acting), "bob@brightwater.example", acting)
    token, text = tokens.create("mx1", [organization], [TokenPurpose.GATEWAY], acting)
    away = [False]

    def now() -> datetime:
        if away[0]:
            raise OperationalError("the database is away")
        return datetime.now(UTC) + timedelta(seconds=1)

    async def run() -> None:
        async with serving(StoredListing(now), StoredTokens(now, Admissions())) as client:
            response, body = await client.ask("/lists/texthash/recipients", token=text)
            assert (response.status, body) == (
                200,
                b"postmaster@brightwater.example OK\nbob@brightwater.example OK\n",
            )
            _, said = await client.ask("/lookup?address=bob@brightwater.example", token=text)
            assert b'"because": "listed"' in said
            away[0] = True
            assert (await client.ask("/lists/texthash/recipients", token=text))[0].status == 503
            assert (await client.ask("/lists/texthash/recipients", token="never seen"))[0].status == 503
            away[0] = False
            await asyncio.to_thread(_revoke)
            assert (await client.ask("/lists/texthash/recipients", token=text))[0].status == 401

    def _revoke() -> None:
        tokens.revoke(token, acting)
        connection.close()

    asyncio.run(run())
    token.refresh_from_db()
    assert token.last_used_at is not None
