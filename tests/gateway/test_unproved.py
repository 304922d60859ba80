"""A domain that nobody has proved is served to nobody, whichever way a mail server asks."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.directory import edit
from mailroll.directory.models import Domain, ProvedBy, Serving
from mailroll.gateway.answers import Answer, answer
from mailroll.gateway.follower import follow
from mailroll.gateway.formats import FORMS
from mailroll.gateway.recipients import StoredRoll
from tests.directory.rolls import ACTING, NOON
from tests.gateway.conftest import ALIAS, NAME, SHOWN, Shelf, sql
from tests.gateway.copies import filled
from tests.gateway.readers import accepted
from tests.gateway.test_copied_lists import copied, listed
from tests.gateway.test_formats import written
from tests.gateway.test_functions import rows

HELD = [f"bob@{NAME}", f"ann@{NAME}", f"ann@{ALIAS}"]
ASKED = [f"{local}@{name}" for local in ("bob", "ann+x", "postmaster") for name in (NAME, SHOWN, ALIAS)]


@pytest.fixture
def rival(shelf: Shelf) -> Domain:
    """Another organization's domain of the same name."""
    return edit.add_domain(edit.add_organization("Rival", ACTING), NAME, ACTING, proved=False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.booleans(), st.sampled_from(Serving), st.sets(st.sampled_from(HELD)))
def test_every_way_leaves_it_out(shelf: Shelf, rival: Domain, proved: bool, serving: Serving, held: set[str]) -> None:
    """Whatever stands in its rows: no edit writes any, and no way relies on that."""
    shelf.clear()
    for address in held:
        shelf.has(address)
        shelf.awaits(f"soon-{address}")
    how = {"proved_at": NOON, "proved_by": ProvedBy.DNS} if proved else {"proved_at": None, "proved_by": ""}
    shelf.set(serving=serving, **how)
    copy = copied()
    for question in [*ASKED, *held]:
        verdict = answer(question, StoredRoll(), NOON)
        assert sql("answer", question) == verdict.answer
        assert answer(question, copy, NOON) == verdict
        assert (verdict.answer is not Answer.NOT_OURS) == proved
        assert verdict.domain == (shelf.domain.id if proved else None)
    for name in (NAME, SHOWN, ALIAS):
        assert rows("SELECT * FROM gateway.relay_domain(%s)", name) == ([("OK",)] if proved else [])
    assert len(rows("SELECT * FROM gateway.relay_domains")) == (3 if proved else 0)
    assert bool(rows("SELECT * FROM gateway.relay_recipients")) == proved
    for form in FORMS:
        assert bool(listed(form, copy)) == bool(accepted(form, written(form))) == proved, form


def test_a_copy_of_the_roll_has_it_from_the_moment_it_is_proved(shelf: Shelf, rival: Domain) -> None:
    roll = copied()
    assert set(roll.domains) == {shelf.domain.id}
    edit.remove_domain(shelf.domain, ACTING)
    assert edit.prove_domain(rival, ProvedBy.TENANT, ACTING)
    assert set(copied().domains) == {rival.id}


@pytest.mark.django_db(transaction=True)
def test_a_server_that_follows_hears_of_the_proof() -> None:
    first = edit.add_domain(edit.add_organization("Birch", ACTING), "birch.example", ACTING)
    second = edit.add_domain(edit.add_organization("Oak", ACTING), "oak.example", ACTING, proved=False)
    roll = filled()
    assert set(roll.domains) == {first.id}
    edit.prove_domain(second, ProvedBy.TENANT, ACTING)
    assert follow(roll)
    assert set(roll.domains) == {first.id, second.id}
