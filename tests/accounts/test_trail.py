"""The audit trail is read by those who administer what it tells of, and leaves as a file that does nothing."""

import csv
import io
import json

import pytest

from mailroll.accounts import trail, trail_files
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.directory.models import Organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> tuple[Organization, Organization, Organization]:
    top = Organization.objects.create(name="Top")
    return top, Organization.objects.create(name="A", parent=top), Organization.objects.create(name="B", parent=top)


def _operator(name: str, place: Organization, role: Role) -> Operator:
    made = Operator.objects.create_user(f"{name}@example.com")
    Membership.objects.create(operator=made, organization=place, role=role.value)
    return made


def _entry(action: str, subject: str, place: Organization | None = None, actor: str = "cli:root") -> None:
    AuditEntry.objects.create(
        actor=actor, action=action, subject=subject, organization=place.id if place else None, details={}
    )


def _seen(operator: Operator) -> list[str]:
    return [entry.subject for entry in trail.visible(operator)]


def test_each_sees_what_they_administer(tree: tuple[Organization, Organization, Organization]) -> None:
    top, one, two = tree
    for place in tree:
        _entry("domain.added", f"{place.name}.example".lower(), place)
    assert _seen(_operator("boss", top, Role.ADMINISTRATOR)) == ["b.example", "a.example", "top.example"]
    assert _seen(_operator("local", one, Role.ADMINISTRATOR)) == ["a.example"]
    assert _seen(_operator("technician", two, Role.TECHNICIAN)) == []
    assert _seen(Operator.objects.create_user("nobody@example.com")) == []


def test_what_people_do_to_their_own_account_is_seen_where_they_work(
    tree: tuple[Organization, Organization, Organization],
) -> None:
    top, one, two = tree
    boss = _operator("boss", top, Role.ADMINISTRATOR)
    locals_ = [_operator("jo", one, Role.ADMINISTRATOR), _operator("eve", two, Role.ADMINISTRATOR)]
    for email in ("boss@example.com", "jo@example.com", "eve@example.com"):
        _entry("operator.signed_in", email)
    _entry("connect.refused", "jo@example.com")
    assert _seen(boss) == ["eve@example.com", "jo@example.com", "boss@example.com"]
    assert [_seen(one) for one in locals_] == [["jo@example.com"], ["eve@example.com"]]


def test_entries_are_narrowed_by_subject_and_by_text(tree: tuple[Organization, Organization, Organization]) -> None:
    top, *_ = tree
    boss = _operator("boss", top, Role.ADMINISTRATOR)
    _entry("user.pinned", "tom@a.example", top, "operator:priya@example.com")
    _entry("run.released", "a.example", top)
    entries = trail.visible(boss)
    assert [one.action for one in trail.narrowed(entries, about="directory")] == ["user.pinned"]
    assert [one.action for one in trail.narrowed(entries, about="runs", text="A.EXAMPLE")] == ["run.released"]
    assert [one.action for one in trail.narrowed(entries, text="priya")] == ["user.pinned"]
    assert trail.narrowed(entries, about="nonsense").count() == 2


def test_pages_go_back_to_the_first_entry(tree: tuple[Organization, Organization, Organization]) -> None:
    top, *_ = tree
    boss = _operator("boss", top, Role.ADMINISTRATOR)
    for number in range(120):
        _entry("domain.added", f"d{number}.example", top)
    seen: list[str] = []
    before: int | None = None
    for size in (50, 50, 20):
        page = trail.page(trail.visible(boss), before)
        assert len(page.entries) == size
        seen += [entry.subject for entry in page.entries]
        before = page.older
    assert before is None
    assert seen == [f"d{number}.example" for number in reversed(range(120))]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n@x"])
def test_no_cell_of_the_file_is_a_formula(text: str) -> None:
    place = Organization.objects.create(name=text)
    AuditEntry.objects.create(
        actor=text, action="user.added", subject=text, organization=place.id, details={"name": text}, agent=text
    )
    head, row = csv.reader(
        io.StringIO("".join(trail_files.as_csv(AuditEntry.objects.all(), trail.Audience(None))), newline="")
    )
    assert head == ["time", "who", "action", "subject", "organization", "details", "address", "browser"]
    assert row[1] == row[3] == row[4] == row[7] == f"'{text}"
    assert not any(cell.lstrip(" \n").startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_a_line_of_the_file_for_programs_is_an_entry_whole_whatever_it_holds() -> None:
    place = Organization.objects.create(name="Ünï\u2028\n")
    details = {"before": "a\nb", "after": ["\u2029", 1, None, True]}
    AuditEntry.objects.create(actor="cli:root", action="x.y", subject="s", organization=place.id, details=details)
    (line,) = "".join(trail_files.as_json_lines(AuditEntry.objects.all(), trail.Audience(None))).split("\n")[:-1]
    told = json.loads(line)
    assert (told["organization_name"], told["details"], told["client"]) == (place.name, details, "")
    assert told["organization"] == str(place.id)


def test_a_file_has_every_entry_once_in_its_order_and_none_that_came_after_it_began(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trail_files, "_PART", 3)
    made = [AuditEntry.objects.create(actor="cli:root", action="x.y", subject=str(number)) for number in range(10)]
    lines = trail_files.as_json_lines(AuditEntry.objects.all(), trail.Audience(None))
    first = next(lines)
    AuditEntry.objects.create(actor="cli:root", action="x.y", subject="later")
    assert [json.loads(line)["id"] for line in (first, *lines)] == [one.id for one in made]
    AuditEntry.objects.filter(subject="later").delete()
    rows = list(trail_files.as_csv(AuditEntry.objects.all(), trail.Audience(None)))[1:]
    assert [row.split(",")[3] for row in rows] == [str(number) for number in reversed(range(10))]


def test_what_was_searched_for_is_told_to_no_other_customer_whose_trail_is_in_the_file(
    tree: tuple[Organization, Organization, Organization],
) -> None:
    _, one, two = tree
    trail_files.note_export(Acting("operator:x@example.com"), [one, two], format="csv", text="ann@a.example")
    told = AuditEntry.objects.filter(action="audit.exported").order_by("id")
    assert [entry.details for entry in told] == [{"format": "csv"}] * 2
    trail_files.note_export(Acting("operator:x@example.com"), [one], format="csv", text="ann@a.example")
    assert told.all()[2].details == {"format": "csv", "text": "ann@a.example"}
