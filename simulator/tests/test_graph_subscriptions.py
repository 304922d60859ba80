"""Being told of changes: subscriptions, the handshake, what is sent, and how it ends."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request

import pytest

from mailroll_simulator.certificates import make_tls
from mailroll_simulator.values import instant
from simulator.tests.office import Graph, refusal

HOST = "listener.example"
URL = f"https://{HOST}/told?mine=1"


@dataclass
class Listener:
    """Somebody who wants to be told, by HTTPS on loopback. `status` is what it answers."""

    port: int = 0
    status: int = 202
    echoes: bool = True
    told: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)


@pytest.fixture
def listener(graph: Graph, tmp_path: Path) -> Iterator[Listener]:
    heard, tls = Listener(), make_tls(tmp_path, HOST)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            tokens = parse_qs(urlsplit(self.path).query).get("validationToken", [])
            heard.tokens += tokens
            answer = tokens[0].encode() if tokens and heard.echoes else b""
            heard.told += json.loads(body)["value"] if body and heard.status == 202 else []
            self.send_response(200 if tokens else heard.status)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as http.server calls it
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        server.socket = tls.context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        heard.port = server.server_address[1]
        graph.sim.notices.internet.ports[HOST] = heard.port
        graph.sim.notices.internet.ca_file = tls.ca_file
        try:
            yield heard
        finally:
            server.shutdown()
            thread.join()


def wish(graph: Graph, **changed: object) -> dict[str, object]:
    end = instant(graph.sim.clock.now() + timedelta(days=7))
    wanted: dict[str, object] = {
        "changeType": "updated,deleted",
        "notificationUrl": URL,
        "lifecycleNotificationUrl": URL,
        "resource": "users",
        "expirationDateTime": end,
        "clientState": "a secret",
    }
    return wanted | changed


def test_both_addresses_say_a_token_back_and_then_changes_are_told(graph: Graph, listener: Listener) -> None:
    made = graph.post("/subscriptions", wish(graph, lifecycleNotificationUrl=f"{URL}&life=1"))
    assert (made.status, made.json["clientState"]) == (201, "a secret")
    assert len(listener.tokens) == 2
    assert graph.get(f"/subscriptions/{made.json['id']}").json["clientState"] is None
    assert [one["id"] for one in graph.get("/subscriptions").json["value"]] == [made.json["id"]]
    ben, team = graph.user("ben.baker"), graph.group("Team")
    graph.tenant.change_user(ben, jobTitle="Owner")
    graph.tenant.remove_member(team, ben)
    graph.tenant.purge_user(ben)
    assert [one.status for one in graph.sim.notices.deliver()] == [202]
    assert graph.sim.notices.deliver() == []
    assert [(one["changeType"], one["resourceData"]["id"]) for one in listener.told] == [
        ("updated", ben),
        ("updated", ben),
        ("deleted", ben),
    ]
    assert {one["clientState"] for one in listener.told} == {"a secret"}
    # Members are told to who asked for groups.
    assert graph.post("/subscriptions", wish(graph, resource="/groups")).status == 201
    listener.told.clear()
    graph.tenant.add_member(team, graph.user("dan.dry"))
    graph.sim.notices.deliver()
    assert [one["resourceData"]["members@delta"] for one in listener.told] == [[{"id": graph.user("dan.dry")}]]


def test_what_may_not_be_is_refused_as_documented(graph: Graph, listener: Listener) -> None:
    def tried(by: Graph = graph, **changed: object) -> tuple[int, str]:
        return refusal(by.post("/subscriptions", wish(graph, **changed)))

    late = instant(graph.sim.clock.now() + timedelta(minutes=41_761))
    for changed in (
        {"changeType": "created"},
        {"expirationDateTime": late},
        {"expirationDateTime": "soon"},
        {"notificationUrl": "http://listener.example/"},
        {"clientState": "x" * 129},
        {"resource": "me/messages"},
        {"resource": None},
    ):
        assert tried(**changed) == (400, "InvalidRequest"), changed
    assert tried(unknown=1) == (400, "BadRequest")
    assert tried(notificationUrl="https://nobody.example/") == (400, "ValidationError")
    listener.echoes = False
    assert tried() == (400, "ValidationError")
    listener.echoes = True
    assert tried(graph.allowed("Domain.Read.All")) == (403, "ExtensionError")
    assert tried(graph.allowed("GroupMember.Read.All"), resource="groups") == (403, "ExtensionError")
    made = graph.post("/subscriptions", wish(graph))
    assert tried() == (409, "ExtensionError")
    assert graph.allowed("User.Read.All").post("/subscriptions", wish(graph)).status == 201
    assert refusal(graph.get("/subscriptions/none")) == (404, "ResourceNotFound")
    place = f"/subscriptions/{made.json['id']}"
    assert (
        refusal(graph.send("PATCH", place, {"Content-Type": "application/json"}, b'{"resource": "groups"}'))[0] == 400
    )
    assert graph.send("DELETE", place).status == 204
    assert graph.get(place).status == 404


def test_it_ends_in_time_unless_it_is_renewed(graph: Graph, listener: Listener) -> None:
    graph.sim.clock.stop()

    def later(minutes: int) -> str:
        return instant(graph.sim.clock.now() + timedelta(minutes=minutes))

    made = graph.post("/subscriptions", wish(graph, expirationDateTime=later(1)))
    place = f"/subscriptions/{made.json['id']}"
    assert made.json["expirationDateTime"] == later(45)
    body = json.dumps({"expirationDateTime": later(60).replace("Z", ".0000000Z")}).encode()
    renewed = graph.send("PATCH", place, {"Content-Type": "application/json"}, body)
    assert (renewed.status, renewed.json["expirationDateTime"]) == (200, later(60))
    assert graph.send("POST", f"{place}/reauthorize").status == 204
    graph.sim.clock.advance(3600)
    graph.sign_in()
    assert graph.get(place).status == 404
    graph.tenant.change_user(graph.user("ben.baker"), jobTitle="Owner")
    assert graph.sim.notices.deliver() == []
    assert not listener.told


def test_what_nobody_takes_is_told_again_for_four_hours(graph: Graph, listener: Listener) -> None:
    graph.post("/subscriptions", wish(graph))
    graph.tenant.change_user(graph.user("ben.baker"), jobTitle="Owner")
    listener.status = 503
    assert [one.status for one in graph.sim.notices.deliver()] == [503]
    graph.sim.notices.internet.ports.clear()
    assert [one.status for one in graph.sim.notices.deliver()] == [None]
    graph.sim.notices.internet.ports[HOST] = listener.port
    listener.status = 202
    assert [one.status for one in graph.sim.notices.deliver()] == [202]
    assert len(listener.told) == 1
    graph.tenant.change_user(graph.user("ben.baker"), jobTitle="Seller")
    listener.status = 503
    graph.sim.notices.deliver()
    graph.sim.clock.advance(4 * 3600)
    graph.sim.notices.deliver()
    assert graph.sim.notices.deliver() == []


def test_lifecycle_events_are_told_and_what_is_removed_is_gone(graph: Graph, listener: Listener) -> None:
    identity = graph.post("/subscriptions", wish(graph)).json["id"]
    graph.sim.notices.happen("missed", identity)
    graph.sim.notices.happen("subscriptionRemoved", identity)
    with pytest.raises(ValueError, match="an event is one of"):
        graph.sim.notices.happen("ended", identity)
    with pytest.raises(LookupError):
        graph.sim.notices.happen("missed", "none")
    graph.sim.notices.deliver()
    assert [(one["lifecycleEvent"], one["subscriptionId"]) for one in listener.told] == [
        ("missed", identity),
        ("subscriptionRemoved", identity),
    ]
    assert graph.get(f"/subscriptions/{identity}").status == 404


def test_programs_reach_all_of_it_on_the_control_port(graph: Graph, listener: Listener) -> None:
    control = graph.sim.control_url

    def pull(method: str, path: str, body: object = None) -> Any:
        return graph.client.send(_asked(method, f"{control}{path}", body)).json

    graph.sim.notices.internet.ports.clear()
    assert pull("PUT", f"/internet/{HOST}", {"port": listener.port})["ports"] == {HOST: listener.port}
    identity = graph.post("/subscriptions", wish(graph)).json["id"]
    assert [one["id"] for one in pull("GET", "/subscriptions")["subscriptions"]] == [identity]
    assert graph.client.send(_asked("POST", f"{control}/subscriptions/{identity}/missed")).status == 204
    assert pull("POST", "/notifications") == {"sent": [{"url": URL, "status": 202}]}


def _asked(method: str, url: str, body: object = None) -> Request:
    return Request(url, None if body is None else json.dumps(body).encode(), method=method)  # noqa: S310 - loopback
