"""Links of an answer lead to the connection's own Graph, or nothing is sent."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroll.connectors.microsoft365.graph.transport import LINK_MAX, Pin
from mailroll.connectors.microsoft365.http.clouds import CLOUDS
from mailroll.reconcile.errors import Broken
from tests.connectors.hostile import Authority, one_after_another, page, reply, user, world

GRAPH = "https://graph.microsoft.com"
PIN = Pin(GRAPH)

HOSTILE = [
    "",
    " ",
    "/v1.0/users?$skiptoken=x",
    "v1.0/users",
    "//evil.example/v1.0/users",
    "?$skiptoken=x",
    "http://graph.microsoft.com/v1.0/users",
    "HTTP://graph.microsoft.com/v1.0/users",
    "ftp://graph.microsoft.com/v1.0/users",
    "file:///v1.0/users",
    "javascript:alert(1)",
    "https://evil.example/v1.0/users",
    "https://graph.microsoft.com.evil.example/v1.0/users",
    "https://evilgraph.microsoft.com/v1.0/users",
    "https://graph.microsoft.us/v1.0/users",
    "https://graph.microsoft.com./v1.0/users",
    "https://graph.microsoft.com:444/v1.0/users",
    "https://graph.microsoft.com:/v1.0/users",
    "https://graph.microsoft.com:0443/v1.0/users",
    "https://graph.microsoft.com@evil.example/v1.0/users",
    "https://user:pass@graph.microsoft.com/v1.0/users",
    "https://@graph.microsoft.com/v1.0/users",
    "https://graph.microsoft.com%40evil.example/v1.0/users",
    "https://graph.microsoft.com\\@evil.example/v1.0/users",
    "https:\\\\graph.microsoft.com\\v1.0\\users",
    "https://graph.microsoft.com#@evil.example/v1.0/users",
    "https://graph.microsoft.com/v1.0/users#fragment",
    "https://graph.microsoft.com/v1.0/users?$skiptoken=x#fragment",
    "https://gr\u0430ph.microsoft.com/v1.0/users",
    "https://graph\u3002microsoft.com/v1.0/users",
    "https://graph.microsoft.com/v1.0/us\u0435rs",
    "https://xn--grph-53d.microsoft.com/v1.0/users",
    "https://[::1]/v1.0/users",
    "https://127.0.0.1/v1.0/users",
    "https://169.254.169.254/v1.0/users",
    "https://2130706433/v1.0/users",
    "https://graph.microsoft.com/beta/users",
    "https://graph.microsoft.com/v1.0",
    "https://graph.microsoft.com/v1.0/",
    "https://graph.microsoft.com/v1.0evil/users",
    "https://graph.microsoft.com/v1.0/../beta/users",
    "https://graph.microsoft.com/v1.0/users/../../beta",
    "https://graph.microsoft.com/v1.0/./users",
    "https://graph.microsoft.com/v1.0//evil.example/users",
    "https://graph.microsoft.com/v1.0/%2e%2e/beta/users",
    "https://graph.microsoft.com/v1.0/%2E%2E%2Fbeta",
    "https://graph.microsoft.com/v1.0/..%5cbeta",
    "https://graph.microsoft.com/v1.0/%252e%252e/beta",
    "https://graph.microsoft.com/v1.0/users\\..\\beta",
    "https://graph.microsoft.com/v1.0/users?x=1\r\nX-Evil: 1",
    "https://graph.microsoft.com/v1.0/users?x=%0d%0a\nX: 1",
    "https://graph.microsoft.com/v1.0/users\t",
    "https://graph.microsoft.com/v1.0/users?x=\0",
    "https://graph.microsoft.com/v1.0/users?x=a b",
    " https://graph.microsoft.com/v1.0/users?x=1",
    "\u200bhttps://graph.microsoft.com/v1.0/users",
    "https://GRAPH.microsoft.com.evil.example/v1.0/users",
    f"https://graph.microsoft.com/v1.0/users?x={'x' * LINK_MAX}",
]


@pytest.mark.parametrize("link", HOSTILE)
def test_a_link_that_leads_elsewhere_is_refused(link: str) -> None:
    with pytest.raises(Broken) as caught:
        PIN.checked(link)
    assert caught.value.code == "link_to_other_host"
    assert "evil" not in str(caught.value)


@pytest.mark.parametrize("link", [each for each in HOSTILE if each.isprintable()])
def test_nothing_is_sent_where_a_hostile_link_leads(authority: Authority, link: str) -> None:
    async def go() -> None:
        async with world(authority) as w:
            w.server.graph = one_after_another(
                reply(page(user(1), link=link.replace("graph.microsoft.com", "127.0.0.1")))
            )
            with pytest.raises(Broken) as caught:
                await w.whole()
            assert caught.value.code == "link_to_other_host"
            assert len(w.server.asked) == 1

    asyncio.run(go())


@pytest.mark.parametrize(
    "rest",
    [
        "users?$select=id,mail&$skiptoken=RFNwdAIAAQAAABw6Y-_.~x",
        "users?%24skiptoken=a%2Bb%2F%3D",
        "users/delta?$deltatoken=a-b_c&x='y'",
        "users/microsoft.graph.delta()?$skiptoken=x",
        "users?$filter=startsWith(displayName,'a')&x=https://evil.example/@..//",
        "groups/00000000-0000-4000-8000-000000000000/members",
    ],
)
@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_link_of_the_connections_own_graph_is_sent_letter_by_letter(cloud: str, rest: str) -> None:
    graph = CLOUDS[cloud].graph
    assert str(Pin(graph).checked(f"{graph}/v1.0/{rest}")) == f"{graph}/v1.0/{rest}"


@pytest.mark.parametrize(
    "path", ["", "https://evil.example/", "/users", "../users", "users/../me", "users#x", "a b", "%2e/x"]
)
def test_a_batch_names_nothing_but_paths_below_the_version(path: str) -> None:
    with pytest.raises(Broken):
        PIN.inside(path)
    assert PIN.inside("users/x/mailboxSettings/userPurpose") == "/users/x/mailboxSettings/userPurpose"


def test_a_link_of_another_cloud_is_refused() -> None:
    for mine in CLOUDS.values():
        for other in CLOUDS.values():
            if mine.graph != other.graph:
                with pytest.raises(Broken):
                    Pin(mine.graph).checked(f"{other.graph}/v1.0/users?x")


@given(st.text())
def test_any_text_is_refused_or_stays_on_the_host(text: str) -> None:
    for link in (text, f"{GRAPH}{text}", f"{GRAPH}/v1.0/{text}"):
        try:
            url = PIN.checked(link)
        except Broken:
            continue
        assert (url.scheme, url.host, url.port, url.user) == ("https", "graph.microsoft.com", 443, None)
        assert str(url) == link
        assert url.path.startswith("/v1.0/")
