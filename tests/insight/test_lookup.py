"""Looking an address up: the gateway's answer with all that is known, and nothing of what the reader may not see."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.accounts import access
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.directory import edit
from mailroll.directory.models import Domain, Serving
from mailroll.gateway import demand
from mailroll.gateway.answers import Answer, Because
from mailroll.gateway.demand import AskedTally
from mailroll.gateway.recipients import StoredRoll, ask
from mailroll.insight.lookup import Headline, LookUp, look_up
from tests.directory.rolls import ACTING, NOON
from tests.gateway.conftest import ALIAS, NAME, SHOWN, Shelf, shelf

__all__ = ["shelf"]

HOUR = timedelta(hours=1)


def _look(text: str) -> LookUp:
    return look_up(text, Domain.objects.all(), NOON)


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    shelf.set(read_at=NOON - HOUR)
    shelf.has(f"night.desk@{NAME}")
    shelf.has(f"ann@{NAME}")
    shelf.has(f"bob@{ALIAS}")
    shelf.has(f"ending@{NAME}", -2 * HOUR, -HOUR)
    shelf.has(f"unsure@{NAME}", -2 * HOUR)
    shelf.has(f"later@{NAME}", -30 * HOUR, -29 * HOUR)
    shelf.awaits(f"waits@{NAME}")
    return shelf


@pytest.mark.parametrize(
    ("text", "headline", "answer"),
    [
        (f"ann@{NAME}", Headline.ACCEPTED, Answer.ACCEPT),
        (f"Ann <ANN@{SHOWN}>", Headline.ACCEPTED, Answer.ACCEPT),
        (f"ann+tag@{NAME}", Headline.ACCEPTED, Answer.ACCEPT),
        (f"bob@{ALIAS}", Headline.ACCEPTED, Answer.ACCEPT),
        (f"postmaster@{NAME}", Headline.ACCEPTED, Answer.ACCEPT),
        (f"ending@{NAME}", Headline.ENDING, Answer.ACCEPT),
        (f"unsure@{NAME}", Headline.ENDING, Answer.ACCEPT),
        (f"later@{NAME}", Headline.PUT_OFF, Answer.LATER),
        (f"waits@{NAME}", Headline.WAITS, Answer.LATER),
        (f"nobody@{NAME}", Headline.REFUSED, Answer.UNKNOWN),
        (f"a b@{NAME}", Headline.REFUSED, Answer.UNKNOWN),
        ("ann@elsewhere.example", Headline.NOT_HERE, Answer.NOT_OURS),
        ("ann@contoso.onmicrosoft.com", Headline.NOT_HERE, Answer.NOT_OURS),
        ("bob", Headline.NO_ADDRESS, Answer.NOT_OURS),
        ("", Headline.NO_ADDRESS, Answer.NOT_OURS),
    ],
)
def test_every_answer_has_its_headline(filled: Shelf, text: str, headline: Headline, answer: Answer) -> None:
    found = _look(text)
    assert (found.headline, found.answer) == (headline, answer)
    assert found.steps
    assert all(step.headline or step.message for step in found.steps)


def test_how_the_domain_is_served_is_part_of_the_answer(filled: Shelf) -> None:
    nobody = f"nobody@{NAME}"
    filled.set(serving=Serving.WATCH)
    assert (_look(nobody).headline, _look(f"ann@{NAME}").headline) == (Headline.WATCHED, Headline.ACCEPTED)
    filled.set(serving=Serving.PASS)
    assert _look(nobody).headline is Headline.PASSED
    filled.set(serving=Serving.SERVE, read_at=NOON - 73 * HOUR)
    assert _look(nobody).headline is Headline.STALE
    filled.set(has_source=True, read_at=None)
    assert _look(nobody).headline is Headline.UNREAD
    filled.clear()
    filled.set(read_at=NOON)
    assert _look(nobody).headline is Headline.EMPTY


def test_when_an_address_ends_is_told_where_it_is_settled(filled: Shelf) -> None:
    assert _look(f"ending@{NAME}").until == NOON + 22 * HOUR
    assert _look(f"unsure@{NAME}").until is None
    assert _look(f"ann@{NAME}").until is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("night-desk", "night.desk"),
        ("nightdesk", "night.desk"),
        ("nigth.desk", "night.desk"),
        ("night.deskss", "night.desk"),
        ("an", "ann"),
    ],
)
def test_one_slip_of_the_finger_is_told(filled: Shelf, typed: str, meant: str) -> None:
    assert _look(f"{typed}@{NAME}").near == (f"{meant}@{NAME}",)


def test_the_same_name_in_another_domain_of_the_same_list_is_near(filled: Shelf) -> None:
    assert _look(f"bob@{NAME}").near == (f"bob@{ALIAS}",)
    assert _look(f"ann@{ALIAS}").near == (f"ann@{NAME}",)


def test_what_ends_and_what_others_have_is_near_to_nothing(filled: Shelf) -> None:
    other = edit.add_domain(edit.add_organization("Other", ACTING), "other.example", ACTING)
    edit.add_user(other, "nigel@other.example", ACTING)
    assert _look(f"endin@{NAME}").near == ()
    assert _look(f"nigel@{NAME}").near == ()
    assert _look(f"{'x' * 60}@{NAME}").near == ()


def test_what_nobody_has_may_become_a_static_address(filled: Shelf) -> None:
    assert {
        local: _look(f"{local}@{NAME}").may_be_static
        for local in ("nobody", "waits", "ann", "ann+x", "later", "postmaster", "a b")
    } == {
        **dict.fromkeys(("nobody", "waits"), True),
        **dict.fromkeys(("ann", "ann+x", "later", "postmaster", "a b"), False),
    }


def test_how_often_gateways_asked_is_told(filled: Shelf) -> None:
    tally, roll = AskedTally(), StoredRoll()
    for _ in range(3):
        for address in (f"ann+x@{NAME}", f"nobody+x@{NAME}"):
            tally.add(ask(address, NOON), address, roll, NOON, ("socketmap", ""))
    demand.flush(tally, NOON)
    for text, accepted in ((f"ann@{NAME}", True), (f"ann+y@{NAME}", True), (f"nobody+x@{NAME}", False)):
        (said,) = [one["message"] for one in _look(text).reasons if one["code"] == "gateways_asked"]
        assert "3 times in 7 days" in said
        assert said.endswith("accepted it.") is accepted
    assert _look(f"nobody@{NAME}").asked is None


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=40)
    | st.builds("{}@{}".format, st.text(max_size=20), st.sampled_from((NAME, SHOWN, ALIAS)) | st.text(max_size=20))
)
def test_no_text_raises_and_all_agree_with_the_gateway(filled: Shelf, text: str) -> None:
    found = _look(text)
    assert found.steps
    if found.address is not None:
        assert found.accepted is (ask(found.address, NOON).answer is Answer.ACCEPT)


@pytest.mark.parametrize(
    "text", ["\0", "a\0@" + NAME, "\ud800@" + NAME, '"a b"@' + NAME, "\u202ea@" + NAME, "é@" + NAME, "x" * 10_000]
)
def test_odd_texts_are_answered(filled: Shelf, text: str) -> None:
    assert not _look(text).accepted
    assert not _look(f"{text}@{NAME}").accepted


@pytest.mark.parametrize("role", list(Role))
def test_who_may_not_see_a_domain_learns_nothing_of_it(filled: Shelf, role: Role) -> None:
    """In a tree of organizations: every operator, every domain, every text that names somebody in it."""
    own = filled.domain.organization
    house = edit.add_organization("House", ACTING)
    branch = edit.add_organization("Branch", ACTING, parent=own)
    places = {house: "house.example", branch: "branch.example"}
    domains = [filled.domain, *(edit.add_domain(place, name, ACTING) for place, name in places.items())]
    for one in domains[1:]:
        edit.add_user(one, f"ann@{one.name}", ACTING)
        Domain.objects.filter(id=one.id).update(read_at=NOON)
    readers = {}
    for place in (own, house, branch):
        readers[place] = Operator.objects.create_user(f"{role}@{place.name.lower()}.example")
        Membership.objects.create(operator=readers[place], organization=place, role=role)
    gone = Operator.objects.create_user("gone@northgate.example", is_active=False)
    Membership.objects.create(operator=gone, organization=own, role=role)
    texts = ("ann@{}", "ANN+tag@{}", "nobody@{}", "postmaster@{}", "waits@{}", "later@{}", "a b@{}", "*@{}")
    for reader in (*readers.values(), gone, Operator.objects.create_user("none@northgate.example")):
        within = access.domains(reader)
        for domain in domains:
            seen = access.may_view(reader, domain.organization)
            for text in texts:
                found, queries = _counted(text.format(domain.name), within)
                if seen:
                    assert found.domain == domain
                    continue
                nowhere, like = _counted(text.format("nowhere.example"), within)
                assert queries == like
                assert _anonymous(found, domain.name) == _anonymous(nowhere, "nowhere.example")
    for name in (SHOWN, ALIAS):
        hidden = look_up(f"ann@{name}", access.domains(readers[house]), NOON)
        assert (hidden.headline, hidden.because) == (Headline.NOT_HERE, Because.NO_DOMAIN)


def test_an_alias_domain_that_another_one_proved_tells_nothing_of_that(filled: Shelf) -> None:
    other = edit.add_domain(edit.add_organization("Other", ACTING), "other.example", ACTING)
    edit.add_domain_alias(other, ALIAS, ACTING)
    reader = Operator.objects.create_user("sam@other.example")
    Membership.objects.create(operator=reader, organization=other.organization, role=Role.ADMINISTRATOR)
    found = look_up(f"bob@{ALIAS}", access.domains(reader), NOON)
    assert (found.headline, found.domain, found.user) == (Headline.NOT_HERE, None, None)


def _counted(text: str, within: QuerySet[Domain]) -> tuple[LookUp, int]:
    with CaptureQueriesContext(connection) as captured:
        found = look_up(text, within, NOON)
    return found, len(captured)


def _anonymous(found: LookUp, name: str) -> LookUp:
    """An answer without the name that was asked for."""

    def hidden(text: str) -> str:
        return text.replace(name, "?")

    steps = tuple(
        replace(step, message=hidden(step.message), headline=hidden(step.headline), detail=hidden(step.detail))
        for step in found.steps
    )
    return replace(found, text=hidden(found.text), address=None, steps=steps)
