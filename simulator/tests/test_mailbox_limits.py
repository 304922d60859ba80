"""What a program may ask of one mailbox, and what it is told beyond that."""

from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError
from typing import cast

import pytest

from mailroll_simulator.errors import GraphError
from mailroll_simulator.graph.mailbox_limits import AT_ONCE, REQUESTS, SPAN, MailboxLimits
from simulator.tests.office import Graph


@contextmanager
def under_way(limits: MailboxLimits, count: int, mailbox: str = "info") -> Iterator[None]:
    ends = [limits.enter("app", "tenant", mailbox, 0.0) for _ in range(count)]
    yield
    for end in ends:
        end()


def ask(graph: Graph, mailbox: str) -> tuple[int, str]:
    """Ask for a purpose; returns the status, and the code of an error."""
    answer = graph.get(f"/users/{graph.user(mailbox)}/mailboxSettings/userPurpose")
    return answer.status, answer.json.get("error", {}).get("code", "")


def test_a_mailbox_answers_four_at_a_time_and_the_others_as_ever() -> None:
    limits = MailboxLimits()
    with under_way(limits, AT_ONCE):
        with pytest.raises(GraphError, match="MailboxConcurrency") as refused:
            limits.enter("app", "tenant", "INFO", 0.0)
        assert (refused.value.status, refused.value.code) == (429, "ApplicationThrottled")
        assert int(refused.value.headers["Retry-After"]) >= 1
        for other in (("other app", "tenant", "info"), ("app", "other", "info"), ("app", "tenant", "van")):
            limits.enter(*other, 0.0)()
    limits.enter("app", "tenant", "info", 0.0)()


def test_no_ten_minutes_hold_more_than_ten_thousand_and_a_clock_set_back_bars_nobody() -> None:
    limits = MailboxLimits()
    for number in range(REQUESTS):
        limits.enter("app", "tenant", "info", number / 100)()
    with pytest.raises(GraphError) as refused:
        limits.enter("app", "tenant", "info", 100.0)
    assert int(refused.value.headers["Retry-After"]) == SPAN - 100
    limits.enter("app", "tenant", "van", 100.0)()
    limits.enter("app", "tenant", "info", SPAN + 0.001)()
    limits.enter("app", "tenant", "info", -5_000.0)()


def test_a_question_that_ends_in_a_fault_of_the_simulator_is_under_way_no_more(graph: Graph) -> None:
    user = next(each for each in graph.tenant.users if each.id == graph.user("info"))
    purpose, user.purpose = user.purpose, cast("str", object())
    for _ in range(AT_ONCE):
        with pytest.raises(JSONDecodeError):  # "500 Internal Server Error", of the server and not of Graph
            ask(graph, "info")
    user.purpose = purpose
    assert ask(graph, "info")[0] == 200


def test_it_holds_on_the_wire_by_default_and_can_be_switched_off(graph: Graph) -> None:
    limits, user = graph.sim.limits.mailboxes, graph.user("info")
    ends = [limits.enter(graph.app.client_id, graph.tenant.id, user, 0.0) for _ in range(AT_ONCE)]
    assert ask(graph, "info") == (429, "ApplicationThrottled")
    asked = [{"id": str(n), "method": "GET", "url": f"/users/{user}/mailboxSettings/userPurpose"} for n in range(3)]
    answers = graph.post("/$batch", {"requests": asked}).json["responses"]
    assert {(each["status"], each["headers"]["Retry-After"]) for each in answers} == {(429, "1")}
    assert ask(graph, "van")[0] == 200
    graph.sim.limits.on = False
    assert ask(graph, "info")[0] == 200
    graph.sim.limits.on = True
    for end in ends:
        end()
    answers = graph.post("/$batch", {"requests": [{**asked[0], "id": str(n)} for n in range(20)]}).json["responses"]
    assert {each["status"] for each in answers} == {200}, "a batch sends four at a time"
    assert ask(graph, "info")[0] == 200, "and what has left is under way no more"
