"""Faults of the body of an answer, and of the line that carries it."""

import http.client
import json
from time import monotonic

import pytest

from simulator.tests.office import Graph, on, refusal


def malformed_json(graph: Graph) -> None:
    whole = len(graph.get("/users").body)
    on(graph, "malformed_json")
    answer = graph.get("/users")
    assert len(answer.body) == int(answer.headers["Content-Length"]) == whole // 2
    with pytest.raises(ValueError, match=r"char"):
        json.loads(answer.body)


def bom(graph: Graph) -> None:
    on(graph, "bom")
    assert graph.get("/users").body.startswith(b"\xef\xbb\xbf{")


def html_page(graph: Graph) -> None:
    on(graph, "html_page")
    answer = graph.get("/users")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer.text.startswith("<!DOCTYPE html>")


def error_in_200(graph: Graph) -> None:
    on(graph, "error_in_200")
    assert refusal(graph.get("/users")) == (200, "UnknownError")


def nan(graph: Graph) -> None:
    on(graph, "nan")
    assert graph.get("/users").body.endswith(b',"extra":NaN}')


def duplicate_keys(graph: Graph) -> None:
    on(graph, "duplicate_keys")
    assert graph.get("/users").body.count(b'"value":[') == 2


def value_not_list(graph: Graph) -> None:
    on(graph, "value_not_list")
    assert graph.get("/users").json == {"value": {"id": "1"}}


def deep_nesting(graph: Graph) -> None:
    on(graph, "deep_nesting", depth=5000)
    assert graph.get("/users").body == b'{"value":' + b"[" * 5000 + b"]" * 5000 + b"}"


def empty_body(graph: Graph) -> None:
    on(graph, "empty_body")
    assert (graph.get("/users").status, graph.get("/users").body) == (200, b"")


def wrong_content_type(graph: Graph) -> None:
    on(graph, "wrong_content_type")
    answer = graph.get("/users")
    assert answer.headers["Content-Type"] == "text/plain"
    assert len(answer.json["value"]) == 10


def slow_page(graph: Graph) -> None:
    size = len(graph.get("/users").body)
    on(graph, "slow_page", wait=0.1, rate=size * 4)
    began = monotonic()
    assert len(graph.get("/users").json["value"]) == 10
    assert monotonic() - began > 0.2


def page_cut_short(graph: Graph) -> None:
    on(graph, "page_cut_short")
    with pytest.raises(http.client.IncompleteRead):
        graph.get("/users")


def connection_reset(graph: Graph) -> None:
    on(graph, "connection_reset")
    with pytest.raises(OSError, match=r"reset|closed"):
        graph.get("/users")
