"""Static addresses: added, changed and removed by hand, one by one or by a list that stands or falls whole."""

from datetime import date
from uuid import UUID

import pytest

from mailroll.audit.actor import Acting
from mailroll.directory import edit, load, queries, statics
from mailroll.directory.edit import BadList, Malformed, Static, Taken
from mailroll.directory.models import StaticNote, User
from mailroll.reconcile.errors import BadInput, Refused
from mailroll.reconcile.model import Kind
from tests.directory.rolls import ACTING, NOON, Roll, noted

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


def _add(roll: Roll, local: str, *aliases: str, **about: object) -> UUID:
    given = Static(roll.address(local), tuple(map(roll.address, aliases)), **about)  # type: ignore[arg-type]
    return edit.add_static(roll.domain, given, ACTING)


def _listed(roll: Roll) -> list[tuple[str, ...]]:
    return [(one.address, *one.aliases) for one in statics.everything(roll.domain, TODAY)]


def test_a_static_address_is_a_user_that_nobody_pays_for_and_no_source_keeps(roll: Roll, acting: Acting) -> None:
    given = Static(" All@Brightwater.example ", (roll.address("staff"),), " Priya ", "All staff", date(2026, 6, 1))
    user = edit.add_static(roll.domain, given, acting)
    (row,) = load.users(roll.domain.id, [user])
    assert (row.state.kind, row.state.billable, row.state.owner, row.state.external_id) == (
        Kind.STATIC,
        False,
        None,
        None,
    )
    assert row.state.addresses == (roll.address("all"), roll.address("staff"))
    (kept,) = statics.everything(roll.domain, TODAY)
    assert (kept.owner, kept.note, kept.review, kept.late) == ("Priya", "All staff", date(2026, 6, 1), False)
    assert noted(acting) == [("static.added", roll.address("all"))]


def test_everything_wrong_with_a_static_address_is_said_at_once(roll: Roll, acting: Acting) -> None:
    given = Static("bob", ("*@brightwater.example", "x@elsewhere.example"), "x" * 201, "a\x00b")
    with pytest.raises(Malformed) as problem:
        edit.add_static(roll.domain, given, acting)
    said = " ".join(one.message for one in problem.value.problems)
    assert "“bob” is not an address" in said
    assert "stands for many addresses" in said
    assert "x@elsewhere.example is not in brightwater.example" in said
    assert "The owner is longer than 200 characters" in said
    assert "The note holds characters that cannot be shown" in said
    assert not noted(acting)
    assert not User.objects.exists()


def test_a_curly_apostrophe_is_asked_about(roll: Roll, acting: Acting) -> None:
    for curly in "\u2019\u2018\u02bc":
        with pytest.raises(edit.Malformed) as problem:
            edit.add_static(roll.domain, Static(f"o{curly}brien@{roll.domain.name}"), acting)
        assert f"Is o'brien@{roll.domain.name} meant?" in str(problem.value)
    edit.add_static(roll.domain, Static(f"<o'brien@{roll.domain.name}>"), acting)


def test_an_address_that_somebody_has_is_refused_here_and_in_another_domain(
    roll: Roll, other: Roll, acting: Acting
) -> None:
    roll.has(("ann", roll.state("ann", "ann")))
    with pytest.raises(Taken, match="belongs to another user"):
        edit.add_static(roll.domain, Static(roll.address("ann")), acting)
    assert not noted(acting)


def test_a_static_address_is_changed_with_its_addresses_and_what_is_kept_of_it(roll: Roll, acting: Acting) -> None:
    user = _add(roll, "all", "staff", note="All staff", owner="Priya")
    given = Static(roll.address("everyone"), (roll.address("all"),), note="Everyone", review=date(2026, 1, 1))
    edit.change_static(roll.domain, user, given, acting)
    assert _listed(roll) == [(roll.address("everyone"), roll.address("all"))]
    (kept,) = statics.everything(roll.domain, TODAY)
    assert (kept.owner, kept.note, kept.late) == ("Priya", "Everyone", True)
    edit.change_static(roll.domain, user, given, acting)
    assert noted(acting) == [("static.changed", roll.address("everyone"))]
    edit.add_static(roll.domain, Static(roll.address("staff")), acting)


def test_a_removed_static_address_takes_its_note_along(roll: Roll, acting: Acting) -> None:
    user = _add(roll, "all", note="All staff")
    edit.remove_static(roll.domain, user, acting)
    assert not StaticNote.objects.exists()
    assert queries.holder(roll.address("all")) is None
    with pytest.raises(BadInput):
        edit.remove_static(roll.domain, user, acting)


def test_a_user_that_a_source_keeps_is_no_static_address(roll: Roll, other: Roll, acting: Acting) -> None:
    roll.has(("ann", roll.state("ann", "ann", kind=Kind.STATIC)))
    mine = _add(roll, "all")
    for user, of in ((roll.key("ann"), roll), (mine, other)):
        with pytest.raises(BadInput) as problem:
            edit.change_static(of.domain, user, Static(of.address("x")), acting)
        assert problem.value.code in {"static_unknown", "user_unknown"}
        assert statics.find(of.domain, TODAY, user) is None


def test_those_that_are_late_for_review_come_first_and_are_counted(roll: Roll) -> None:
    _add(roll, "a")
    _add(roll, "b", review=date(2026, 3, 1))
    _add(roll, "c", review=date(2026, 3, 2))
    _add(roll, "d", review=date(2027, 3, 2))
    assert [one[0][0] for one in _listed(roll)] == ["b", "a", "c", "d"]
    assert statics.summed(roll.domain, TODAY) == statics.StaticSum(4, 1, date(2026, 3, 2))
    found = statics.by_address(roll.domain, TODAY, roll.address("c"))
    assert found is not None
    assert found.review == date(2026, 3, 2)
    assert statics.by_address(roll.domain, TODAY, roll.address("z")) is None


def test_a_list_adds_and_changes_whole_and_says_what_it_would_do(roll: Roll, acting: Acting) -> None:
    _add(roll, "kept", note="Stays", owner="Tom")
    moving = _add(roll, "first", "second")
    given = [
        (2, Static(roll.address("kept"))),
        (3, Static(roll.address("second"), (roll.address("third"),), note="Turned round")),
        (4, Static(roll.address("first"))),
    ]
    prepared = edit.prepare(roll.domain, given)
    assert (len(prepared.added), len(prepared.changed), prepared.unchanged) == (1, 1, 1)
    assert edit.add_statics(roll.domain, given, acting, digest=prepared.digest).digest == prepared.digest
    assert _listed(roll) == [
        (roll.address("first"),),
        (roll.address("kept"),),
        (roll.address("second"), roll.address("third")),
    ]
    renamed = statics.by_address(roll.domain, TODAY, roll.address("first"))
    assert renamed is not None
    assert renamed.id == moving
    assert noted(acting) == [("statics.imported", "brightwater.example")]
    assert edit.prepare(roll.domain, given).unchanged == 3


def test_a_list_that_is_about_a_renamed_one_keeps_it(roll: Roll) -> None:
    user = _add(roll, "old", note="All staff")
    given = [(2, Static(roll.address("new"), (roll.address("old"),)))]
    edit.add_statics(roll.domain, given, ACTING)
    found = statics.find(roll.domain, TODAY, user)
    assert found is not None
    assert (found.address, found.aliases, found.note) == (roll.address("new"), (roll.address("old"),), "All staff")


def test_a_list_with_one_bad_line_changes_nothing_and_names_every_bad_line(
    roll: Roll, other: Roll, acting: Acting
) -> None:
    other.has(("zoe", other.state("zoe", "zoe")))
    roll.has(("ann", roll.state("ann", "ann")))
    good = (2, Static(roll.address("good")))
    cases = {
        "Line 3: “x” is not an address": Static("x"),
        "Line 3: good@brightwater.example stands in line 2 already": Static(roll.address("b"), (roll.address("good"),)),
        "Line 3: ann@brightwater.example belongs to another user": Static(roll.address("ann")),
        "Line 3: zoe@coldharbour.example is not in brightwater.example": Static(other.address("zoe")),
    }
    for said, bad in cases.items():
        with pytest.raises(BadList) as problem:
            edit.add_statics(roll.domain, [good, (3, bad)], acting)
        assert said in problem.value.message
    assert not noted(acting)
    assert _listed(roll) == []


def test_a_list_that_would_do_something_else_than_was_shown_does_nothing(roll: Roll, acting: Acting) -> None:
    given = [(2, Static(roll.address("all"), note="New"))]
    shown = edit.prepare(roll.domain, given)
    _add(roll, "all")
    with pytest.raises(Refused) as problem:
        edit.add_statics(roll.domain, given, acting, digest=shown.digest)
    assert problem.value.code == "list_moved_on"
    assert not noted(acting)


def test_a_removed_domain_takes_its_static_addresses_along(roll: Roll) -> None:
    _add(roll, "all", note="All staff")
    edit.remove_domain(roll.domain, ACTING)
    assert not StaticNote.objects.exists()
