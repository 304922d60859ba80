"""Users from a file: what they make of those made by hand, and what they leave alone."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from mailroll.reconcile import storage
from mailroll.reconcile.addresses import Address, in_order
from mailroll.reconcile.explain import sentence
from mailroll.reconcile.imports import ImportRow, Missing, UserFile, propose, tie, worded
from mailroll.reconcile.known import UNSET
from mailroll.reconcile.model import BILLABLE_KINDS, Current, ExternalId, Kind, RollUser, State
from mailroll.reconcile.pipeline import Proposal, Terms
from mailroll.reconcile.plan import Action
from mailroll.reconcile.reasons import ReasonCode
from mailroll.reconcile.split import split
from tests.reconcile.outcome import advance
from tests.reconcile.world import DIRECTORY, FIRST, LIMITS, NAMESPACE, SCOPE, address, oid

OWNERS = {FIRST.id: "Office 365"}


def _user(name: str, *addresses: str, **other: Any) -> RollUser:
    """A user made by hand, unless told otherwise."""
    marks = {key: other.pop(key) for key in ("pinned", "exempt") if key in other}
    held = [address(one) for one in addresses]
    state = State(None, None, name, Kind.USER, True, "Main", held[0], in_order(held[1:]))
    return _row_of(uuid5(NAMESPACE, name), replace(state, **other), **marks)


def _row_of(key: UUID, state: State, *, pinned: bool = False, exempt: bool = False) -> RollUser:
    digest = storage.content_hash(state, pinned=pinned, exempt=exempt, kind_by_hand=False)
    return RollUser(key, state, digest, pinned, exempt)


def _current(*users: RollUser, elsewhere: Iterable[str] = ()) -> Current:
    ordered = tuple(sorted(users, key=lambda user: user.id))
    return Current(ordered, OWNERS, {address(one): "another domain" for one in elsewhere})


def _row(line: int, primary: str, aliases: Iterable[str] | None = None, **other: Any) -> ImportRow:
    return ImportRow(line, address(primary), UNSET if aliases is None else tuple(map(address, aliases)), **other)


def _import(current: Current, *rows: ImportRow, missing: Missing = Missing.STAYS) -> Proposal:
    brought = UserFile(rows, missing, "Main", lambda one: uuid5(NAMESPACE, f"new {one}"))
    return propose(brought, current, SCOPE, Terms(1, LIMITS), lambda _: current.elsewhere)


def _after(current: Current, proposal: Proposal) -> dict[str, State]:
    done = advance(current, proposal.plan)
    return {user.state.display_name or str(user.state.primary): user.state for user in done.users}


def _skipped(proposal: Proposal) -> list[tuple[str | None, ReasonCode]]:
    return [(skip.address, skip.reason.code) for skip in proposal.skips]


def test_a_new_row_makes_a_user_by_hand_in_main_unless_it_says_otherwise() -> None:
    bare = _row(2, "a@d.example")
    full = _row(3, "b@d.example", ["c@d.example"], display_name="Bob", kind=Kind.ROOM, group="Rooms")
    proposal = _import(_current(), bare, full)
    made = _after(_current(), proposal)
    assert made["a@d.example"] == State(None, None, "", Kind.USER, True, "Main", address("a@d.example"), ())
    assert (made["Bob"].kind, made["Bob"].billable, made["Bob"].group) == (Kind.ROOM, False, "Rooms")
    assert made["Bob"].aliases == (address("c@d.example"),)
    assert [change.reasons[0].code for change in proposal.plan.changes] == [ReasonCode.IN_FILE] * 2
    assert "file" in sentence(proposal.plan.changes[0].reasons[0], DIRECTORY)


def test_a_row_changes_what_it_says_and_leaves_what_it_does_not() -> None:
    current = _current(_user("Ann", "ann@d.example", "a@d.example", group="Sales"))
    named = _after(current, _import(current, _row(2, "ann@d.example", display_name="Anne")))
    assert named["Anne"] == replace(current.users[0].state, display_name="Anne")
    moved = _after(current, _import(current, _row(2, "a@d.example", kind=Kind.SHARED)))["Ann"]
    assert (moved.primary, moved.aliases) == ("a@d.example", ("ann@d.example",))
    assert (moved.kind, moved.billable, moved.group) == (Kind.SHARED, False, "Sales")
    bare = _after(current, _import(current, _row(2, "new@d.example", ["ann@d.example"])))["Ann"]
    assert bare.addresses == ("new@d.example", "ann@d.example")


def test_rows_about_users_that_others_keep_are_left_out_with_the_reason() -> None:
    current = _current(
        _user("Ann", "ann@d.example", owner=FIRST.id, external_id=oid("Ann")),
        _user("Fax", "fax@d.example", kind=Kind.STATIC, billable=False),
        _user("Eve", "eve@d.example", exempt=True),
        _user("Old", "old@d.example", owner=UUID(int=7), external_id=oid("Old")),
    )
    rows = [_row(line, f"{name}@d.example", display_name="X") for line, name in enumerate(("ann", "fax", "eve", "old"))]
    proposal = _import(current, *rows, _row(9, "z@d.example", retired=True))
    assert proposal.plan.changes == ()
    assert proposal.findings == ()
    assert _skipped(proposal) == [
        ("ann@d.example", ReasonCode.KEPT_BY_SOURCE),
        ("fax@d.example", ReasonCode.KEPT_AS_STATIC),
        ("eve@d.example", ReasonCode.EXEMPT),
        ("old@d.example", ReasonCode.KEPT_BY_SOURCE),
        ("z@d.example", ReasonCode.RETIRED_IN_FILE),
    ]
    said = [sentence(skip.reason, DIRECTORY) for skip in proposal.skips]
    assert said[0] == "It is kept by the source “Office 365”; change it there."
    assert "“another source”" in said[3]


def test_who_has_an_address_keeps_it() -> None:
    current = _current(
        _user("Ann", "ann@d.example", "a@d.example", owner=FIRST.id, external_id=oid("Ann")), elsewhere=["e@d.example"]
    )
    proposal = _import(
        current,
        _row(2, "bob@d.example", ["a@d.example", "b@d.example", "e@d.example"]),
        _row(3, "e2@d.example"),
    )
    assert _after(current, proposal)["bob@d.example"].aliases == ("b@d.example",)
    assert _skipped(proposal) == [
        ("a@d.example", ReasonCode.CONFLICT),
        ("e@d.example", ReasonCode.CONFLICT_ELSEWHERE),
    ]
    assert "ann@d.example has this address" in sentence(next(iter(proposal.skips)).reason, DIRECTORY)
    assert [finding.code for finding in proposal.reading_findings] == ["conflicts"]
    whole = _import(current, _row(2, "a@d.example", ["b@d.example"]))
    assert whole.plan.changes == ()
    assert _skipped(whole) == [("a@d.example", ReasonCode.CONFLICT)]


def test_a_row_that_is_left_out_keeps_its_addresses_from_the_others() -> None:
    current = _current(
        _user("Ann", "ann@d.example", "x@d.example"),
        _user("Bob", "bob@d.example", owner=FIRST.id, external_id=oid("Bob")),
        _user("Carl", "carl@d.example", "b2@d.example", owner=FIRST.id, external_id=oid("Carl")),
    )
    # Ann cannot become b2, so she stays as she is, and nobody else gets x.
    proposal = _import(current, _row(2, "b2@d.example", ["ann@d.example"]), _row(3, "n@d.example", ["x@d.example"]))
    (made,) = proposal.plan.changes
    assert made.after is not None
    assert made.after.addresses == ("n@d.example",)
    assert _skipped(proposal) == [("b2@d.example", ReasonCode.CONFLICT), ("x@d.example", ReasonCode.CONFLICT)]


def test_addresses_pass_from_one_row_to_another() -> None:
    current = _current(_user("Ann", "ann@d.example", "x@d.example"), _user("Bob", "bob@d.example"))
    proposal = _import(current, _row(2, "ann@d.example", []), _row(3, "bob@d.example", ["x@d.example"]))
    after = _after(current, proposal)
    assert (after["Ann"].addresses, after["Bob"].aliases) == (("ann@d.example",), ("x@d.example",))
    (ann,) = (change for change in proposal.plan.changes if change.address == "ann@d.example")
    assert ReasonCode.ALIAS_MOVED in {reason.code for reason in ann.reasons}
    kept = _import(current, _row(2, "ann@d.example"), _row(3, "bob@d.example", ["x@d.example"]))
    assert kept.plan.changes == ()
    assert _skipped(kept) == [("x@d.example", ReasonCode.CONFLICT)]


def test_what_a_file_lacks_stays_unless_it_was_to_replace() -> None:
    current = _current(
        _user("Ann", "ann@d.example"),
        _user("Bob", "bob@d.example"),
        _user("Eve", "eve@d.example", exempt=True),
        _user("Pat", "pat@d.example", pinned=True),
        _user("Ron", "ron@d.example", kept=True),
        _user("Fax", "fax@d.example", kind=Kind.STATIC, billable=False),
        _user("Old", "old@d.example", retired=True, billable=False),
        _user("Man", "man@d.example", owner=FIRST.id, external_id=oid("Man")),
    )
    assert _import(current, _row(2, "ann@d.example")).plan.changes == ()
    proposal = _import(current, _row(2, "ann@d.example"), missing=Missing.RETIRES)
    (gone,) = proposal.plan.changes
    assert (gone.action, gone.address) == (Action.RETIRE, "bob@d.example")
    assert [reason.code for reason in gone.reasons] == [ReasonCode.NOT_IN_FILE]
    assert sorted(_skipped(proposal)) == [
        ("pat@d.example", ReasonCode.PINNED_AGAINST_FILE),
        ("ron@d.example", ReasonCode.KEPT_AGAINST_FILE),
    ]
    assert proposal.plan_findings == ()
    named = _import(current, _row(2, "ann@d.example"), _row(3, "bob@d.example", retired=True), missing=Missing.RETIRES)
    assert named.plan.changes == ()


def test_a_retiring_user_passes_its_address_on_and_a_retired_one_comes_back() -> None:
    current = _current(
        _user("Ann", "ann@d.example"),
        _user("Bob", "bob@d.example", "b@d.example"),
        _user("Old", "old@d.example", "o@d.example", retired=True, billable=False, former=(address("f@d.example"),)),
        _user("Gone", "gone@d.example", retired=True, billable=False),
    )
    rows = (_row(2, "ann@d.example", ["b@d.example", "gone@d.example"]), _row(3, "old@d.example"))
    proposal = _import(current, *rows, missing=Missing.RETIRES)
    after = _after(current, proposal)
    assert after["Ann"].aliases == ("b@d.example", "gone@d.example")
    assert (after["Bob"].retired, after["Bob"].addresses, after["Bob"].former) == (
        True,
        ("bob@d.example",),
        ("b@d.example",),
    )
    assert (after["Old"].retired, after["Old"].billable, after["Old"].former) == (False, True, ())
    assert after["Gone"].addresses == ()
    (back,) = (change for change in proposal.plan.changes if change.action is Action.RESTORE)
    assert back.reasons[0].code is ReasonCode.BACK_IN_FILE


def test_an_import_is_measured_by_the_users_that_were_made_by_hand() -> None:
    by_hand = [_user(f"U{number}", f"u{number}@d.example") for number in range(10)]
    managed = [
        _user(f"M{number}", f"m{number}@d.example", owner=FIRST.id, external_id=oid(f"M{number}"))
        for number in range(90)
    ]
    current = _current(*by_hand, *managed)
    rows = [_row(number, f"u{number}@d.example") for number in range(6)]
    held = _import(current, *rows, missing=Missing.RETIRES)
    assert {finding.code for finding in held.plan_findings} == {"removal_limit", "address_limit"}
    assert dict(held.plan_findings[0].facts) == {"users": "4", "total": "10", "limit": "3"}
    nobody = _import(current, _row(2, "new@d.example"), missing=Missing.RETIRES)
    assert "hand_made_would_go" in {finding.code for finding in nobody.plan_findings}
    fine = _import(current, *rows, _row(7, "u6@d.example"), missing=Missing.RETIRES)
    assert fine.plan_findings == ()


def test_the_parts_of_a_held_import_speak_of_the_file_too() -> None:
    current = _current(_user("Ann", "ann@d.example", "x@d.example"))
    proposal = _import(current, _row(2, "bob@d.example", ["x@d.example"]), missing=Missing.RETIRES)
    now, later = map(worded, split(proposal.plan))
    assert next(reason.code for change in now.changes for reason in change.reasons) is ReasonCode.IN_FILE
    assert {change.action for change in later.changes} == {Action.RETIRE, Action.UPDATE}


def test_each_row_is_about_one_user() -> None:
    one, two = UUID(int=1), UUID(int=2)
    a, b, c, d = map(Address, "abcd")
    primaries, holders = {a: one, b: two}, {a: one, b: two, c: one}
    assert tie([(a,), (b, c)], primaries, holders) == (one, two)
    assert tie([(c,), (a,)], primaries, holders) == (None, one)
    assert tie([(c,), (d, b)], primaries, holders) == (one, two)
    assert tie([(d, a), (a, b)], primaries, holders) == (None, one)


_LOCALS = st.sampled_from([f"{letter}@d.example" for letter in "abcdefgh"])


@st.composite
def _rolls(draw: st.DrawFn) -> Current:
    """Any roll of a few users who share no address."""
    parts = draw(st.lists(_LOCALS, unique=True, min_size=1))
    users: list[RollUser] = []
    while parts:
        many = draw(st.integers(1, len(parts)))
        held, parts = parts[:many], parts[many:]
        name, managed = f"U{len(users)}", draw(st.booleans())
        kind = draw(st.sampled_from([Kind.USER, Kind.ROOM, Kind.STATIC]))
        retired = draw(st.booleans())
        user = _user(
            name,
            *held,
            kind=kind,
            billable=not retired and kind in BILLABLE_KINDS and draw(st.booleans()),
            retired=retired,
            group=draw(st.sampled_from(["Main", "Sales"])),
            owner=FIRST.id if managed else None,
            external_id=ExternalId(oid(name)) if managed else None,
            pinned=draw(st.booleans()),
            exempt=draw(st.booleans()),
        )
        users.append(user)
    return _current(*users)


def _exported(current: Current) -> tuple[ImportRow, ...]:
    return tuple(
        ImportRow(line, state.primary, state.aliases, state.display_name, state.kind, state.group, state.retired)
        for line, state in enumerate((user.state for user in current.users), 2)
        if state.primary is not None
    )


@given(_rolls(), st.sampled_from(Missing))
def test_importing_an_export_changes_nothing(current: Current, missing: Missing) -> None:
    proposal = _import(current, *_exported(current), missing=missing)
    assert proposal.plan.changes == ()
    assert proposal.findings == ()


@st.composite
def _files(draw: st.DrawFn) -> tuple[ImportRow, ...]:
    parts = draw(st.lists(_LOCALS, unique=True))
    rows: list[ImportRow] = []
    while parts:
        many = draw(st.integers(1, len(parts)))
        held, parts = parts[:many], parts[many:]
        aliases = draw(st.sampled_from([held[1:], None])) if many == 1 else held[1:]
        kind = draw(st.sampled_from([UNSET, Kind.USER, Kind.ROOM]))
        rows.append(_row(len(rows) + 2, held[0], aliases, kind=kind, retired=draw(st.booleans())))
    return tuple(rows)


@given(_rolls(), _files(), st.sampled_from(Missing))
def test_a_file_never_touches_what_others_keep_and_every_address_has_one_user(
    current: Current, rows: tuple[ImportRow, ...], missing: Missing
) -> None:
    proposal = _import(current, *rows, missing=missing)
    after = advance(current, proposal.plan)
    lost = {change.user: change.lost for change in proposal.plan.changes}
    for user in current.users:
        static = user.state.kind is Kind.STATIC and not user.state.retired
        if user.state.owner is not None or static or user.exempt:
            # What a retired user has only ends, and whoever is given it takes it over.
            assert user in after.users or (user.state.retired and lost[user.id])
    held = [one for user in after.users for one in user.state.addresses]
    assert len(held) == len(set(held))
    assert all(user.state.primary is not None for user in after.users if not user.state.retired)
    if missing is Missing.STAYS:
        assert Action.RETIRE not in {change.action for change in proposal.plan.changes}
    # Once it is applied, the same file has nothing left to do.
    assert _import(after, *rows, missing=missing).plan.changes == ()
