"""Users as a CSV file in the Console: taken along, and brought as a run."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mailroll.directory import edit
from mailroll.directory.sheets import users as sheet
from mailroll.sync.models import Run, RunState
from tests.console.pages import buttons, words
from tests.sync.world import DOMAIN, Customer


def _bring(client: Client, text: str, **more: str) -> Any:
    file = SimpleUploadedFile("users.csv", text.encode())
    return client.post(reverse("console:users-import", args=[DOMAIN]), {"file": file, **more}, follow=True)


def _add(customer: Customer, *names: str) -> None:
    for name in names:
        edit.add_user(customer.domain, f"{name}@{DOMAIN}", customer.acting, display_name=name.title())


def test_an_export_is_a_file_that_changes_nothing_when_it_comes_back(customer: Customer, owner: Client) -> None:
    customer.sync()
    _add(customer, "fax")
    answer = owner.get(reverse("console:users-export", args=[DOMAIN]))
    assert answer.streaming
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.getvalue().decode()
    assert text.startswith(f"\ufeff{','.join(sheet.COLUMNS)}")
    assert f"fax@{DOMAIN},,Fax,user,yes,Main,,no,no," in text
    back = _bring(owner, text, missing="retires")
    assert "The file says what is in the list already." in words(back)
    skipped = owner.get(back.redirect_chain[-1][0], {"action": "skipped"})
    assert "Kept by a source; change it there" in words(skipped)


def test_a_file_is_a_run_that_a_person_looks_through_and_saves(
    customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    customer.sync()
    _add(customer, "fax", "old")
    text = f"address,display_name,kind,group\nfax@{DOMAIN},Fax,room,Machines\nnew@{DOMAIN},New,,\np1@{DOMAIN},X,,\n"
    shown = _bring(owner, text, missing="stays")
    page = words(shown)
    assert f"Import: {DOMAIN}" in page
    assert "A file, compared" in page
    assert "The file has this user and the list does not." in page
    skipped = words(owner.get(shown.redirect_chain[-1][0], {"action": "skipped"}))
    assert f"p1@{DOMAIN}" in skipped
    assert "It is kept by the source “Office 365”; change it there." in skipped
    assert "Read again" not in buttons(shown)
    assert not any(one.startswith(("Exempt", "Pin")) for one in buttons(shown))
    run = Run.objects.get(trigger="import")
    assert run.state == RunState.PLANNED
    asked = owner.post(reverse("console:run-apply", args=[DOMAIN, run.id]))
    answered()
    assert "Applied" in words(owner.get(asked.headers["Location"]))
    assert customer.user(f"new@{DOMAIN}").owner_id is None
    assert customer.user(f"fax@{DOMAIN}").group.name == "Machines"
    user = words(owner.get(reverse("console:user", args=[DOMAIN, customer.user(f"new@{DOMAIN}").id])))
    assert "File imported by" in user
    assert "you, Import" in words(owner.get(reverse("console:runs", args=[DOMAIN])))


def test_a_file_that_would_retire_too_many_is_held(
    customer: Customer, owner: Client, answered: Callable[[], UUID]
) -> None:
    customer.sync()
    _add(customer, *"abcdef")
    shown = _bring(owner, f"address\na@{DOMAIN}\n", missing="retires")
    assert "5 of 6 users would be removed" in words(shown)
    run = Run.objects.get(trigger="import")
    asked = owner.post(reverse("console:run-apply", args=[DOMAIN, run.id]))
    answered()
    held = owner.get(asked.headers["Location"])
    assert "Held: 5 of 6 users would be removed" in words(held)
    assert "Not in the file" in words(held)
    assert len(customer.roll()) == 18


def test_an_address_that_another_has_stays_there_and_the_run_says_so(customer: Customer, owner: Client) -> None:
    customer.sync()
    shown = _bring(owner, f"address,aliases\nnew@{DOMAIN},p1@{DOMAIN}\n")
    assert "Show them" in words(shown)
    skipped = owner.get(shown.redirect_chain[-1][0], {"action": "skipped"})
    assert f"p1@{DOMAIN} has this address" in words(skipped)
    static = edit.Static(f"lists@{DOMAIN}")
    kept = edit.add_static(customer.domain, static, customer.acting)
    assert "Owner, note and review" in words(owner.get(reverse("console:user", args=[DOMAIN, kept])))


def test_a_bad_file_is_told_line_by_line_and_makes_no_run(customer: Customer, owner: Client) -> None:
    answer = _bring(owner, f"address,kind\nbob,user\nann@{DOMAIN},boss\nx@elsewhere.example,\n")
    page = words(answer)
    assert answer.status_code == 422
    assert "3 lines are wrong." in page
    assert "2 “bob” is not an address" in page
    assert "3 “boss” is no kind" in page
    assert "“mail” is no column" in words(_bring(owner, "mail\nx\n"))
    assert not Run.objects.exists()
