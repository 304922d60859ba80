"""Static addresses in the Console: by hand, from a file that is looked through first, and the page that says why."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mailroll.audit.models import AuditEntry
from mailroll.console.people.audit_words import deed
from mailroll.directory import edit, statics
from mailroll.directory.edit import Static
from mailroll.directory.models import StaticUpload, User
from mailroll.directory.sheets import reader
from mailroll.insight.why.addresses import explain
from mailroll.reconcile.model import Kind
from mailroll.sync.models import RunSkip
from tests.console.pages import buttons, words
from tests.sync.world import DOMAIN, Customer

THEIRS = '#TYPE Selected.X\r\n"PrimarySmtpAddress","EmailAddresses"\r\n'


def _url(route: str, *more: object) -> str:
    return reverse(f"console:{route}", args=[DOMAIN, *more])


def _bring(client: Client, text: str | bytes) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(_url("static-import"), {"file": SimpleUploadedFile("lists.csv", content)}, follow=True)


def _addresses(customer: Customer) -> list[str]:
    return [one.address for one in statics.everything(customer.domain, customer.time().date())]


def test_a_static_address_is_added_changed_and_removed_by_hand(customer: Customer, owner: Client) -> None:
    assert "None yet." in words(owner.get(_url("statics")))
    given = {"address": f"all@{DOMAIN}", "aliases": f"staff@{DOMAIN}", "note": "All staff", "owner": "Tom"}
    done = owner.post(_url("static-add"), {**given, "review": "2020-03-01"}, follow=True)
    page = words(done)
    assert f"all@{DOMAIN} is in the list. Mail for it is accepted from now on." in page
    assert f"all@{DOMAIN} staff@{DOMAIN} All staff Tom Review was due on 1 Mar 2020" in page
    assert explain(f"staff@{DOMAIN}", customer.time()).accepted
    user = customer.user(f"all@{DOMAIN}").id
    assert f'value="all@{DOMAIN}"' in owner.get(_url("static-change", user)).content.decode()
    owner.post(_url("static-change", user), {**given, "aliases": "", "review": ""})
    assert not explain(f"staff@{DOMAIN}", customer.time()).accepted
    assert "and further" not in words(owner.get(_url("static-remove", user)))
    assert f"all@{DOMAIN} was removed." in words(owner.post(_url("static-remove", user), follow=True))
    told = list(AuditEntry.objects.filter(action__startswith="static.").order_by("id").values_list("action", flat=True))
    assert told == ["static.added", "static.changed", "static.removed"]
    assert deed("static.changed") == "Static address changed"


def test_everything_wrong_with_a_static_address_is_said_beside_its_field(customer: Customer, owner: Client) -> None:
    customer.sync()
    answer = owner.post(_url("static-add"), {"address": f"p1@{DOMAIN}", "aliases": "x", "review": "soon"})
    page = words(answer)
    assert answer.status_code == 422
    assert "“soon” is not a day." in page
    answer = owner.post(_url("static-add"), {"address": f"p1@{DOMAIN}", "aliases": "x"})
    assert "“x” is not an address." in words(answer)
    answer = owner.post(_url("static-add"), {"address": f"p1@{DOMAIN}"})
    assert f"p1@{DOMAIN} belongs to another user of {DOMAIN}." in words(answer)
    assert not User.objects.filter(kind=Kind.STATIC).exists()


def test_a_file_is_shown_first_and_then_takes_effect_as_shown(customer: Customer, owner: Client) -> None:
    cell = f"SMTP:all@{DOMAIN} smtp:staff@{DOMAIN} smtp:all@brightwater.onmicrosoft.com"
    shown = _bring(owner, f'{THEIRS}"all@{DOMAIN}","{cell}"\r\n"it@{DOMAIN}","SMTP:it@{DOMAIN}"\r\n')
    assert "2 to add, 0 to change, 0 as they are. Nothing has been written." in words(shown)
    assert "Save: add 2, change 0" in buttons(shown)
    assert _addresses(customer) == []
    digest = shown.context["prepared"].digest
    done = owner.post(shown.redirect_chain[-1][0], {"do": "take", "digest": digest}, follow=True)
    assert "2 added, 0 changed. Mail for them is accepted." in words(done)
    assert _addresses(customer) == [f"all@{DOMAIN}", f"it@{DOMAIN}"]
    assert not StaticUpload.objects.exists()
    again = owner.post(shown.redirect_chain[-1][0], {"do": "take", "digest": digest}, follow=True)
    assert "This file is no longer here. Bring it again." in words(again)


def test_a_file_that_would_do_something_else_by_now_is_shown_again(customer: Customer, owner: Client) -> None:
    shown = _bring(owner, f"address,note\nall@{DOMAIN},New\n")
    edit.add_static(customer.domain, Static(f"all@{DOMAIN}"), customer.acting)
    answer = owner.post(shown.redirect_chain[-1][0], {"do": "take", "digest": shown.context["prepared"].digest})
    assert answer.status_code == 409
    assert "0 to add, 1 to change" in words(answer)
    assert "have changed since this was shown" in words(answer)


def test_a_bad_file_is_told_line_by_line_and_nothing_of_it_is_kept(customer: Customer, owner: Client) -> None:
    customer.sync()
    text = f"address,note\nall@{DOMAIN},Good\nbob,\np1@elsewhere.example,\n*@{DOMAIN},\n{'x' * 65}@{DOMAIN},\n"
    answer = _bring(owner, text)
    page = words(answer)
    assert answer.status_code == 422
    assert "Nothing was changed. 4 lines are wrong." in page
    for said in ("3 “bob” is not an address", "4 p1@elsewhere.example is not in", "stands for many", "longer than"):
        assert said in page
    assert f"2 p1@{DOMAIN} belongs to another user" in words(_bring(owner, f"address\np1@{DOMAIN}\n"))
    assert "The file is not UTF-8" in words(_bring(owner, b"address\nb\xfc@x\n"))
    assert "Choose a file." in words(owner.post(_url("static-import")))
    assert not StaticUpload.objects.exists()
    assert _addresses(customer) == []


def test_a_file_that_is_too_large_is_not_read(
    customer: Customer, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "BYTES_MAX", 10)
    assert "The file is larger than" in words(_bring(owner, f"address\nall@{DOMAIN}\n"))


def test_of_many_problems_the_first_are_shown_and_the_rest_counted(customer: Customer, owner: Client) -> None:
    page = words(_bring(owner, "address\n" + "x\n" * 1200))
    assert "1,200 lines are wrong." in page
    assert "And 1,000 more." in page


def test_a_sync_leaves_a_static_address_alone_and_tells_of_the_conflict(customer: Customer, owner: Client) -> None:
    edit.add_static(customer.domain, Static(f"p3@{DOMAIN}"), customer.acting)
    customer.source.adopts = True
    customer.source.save()
    run = customer.sync()
    mine = customer.user(f"p3@{DOMAIN}")
    assert (mine.kind, mine.owner_id, mine.external_id) == (Kind.STATIC, None, None)
    (skip,) = RunSkip.objects.filter(run=run, address=f"p3@{DOMAIN}")
    assert skip.reason["code"] == "address_taken"
    assert customer.sync().state == "unchanged"


def test_the_user_sync_tab_counts_them_and_says_when_the_next_review_is(customer: Customer, owner: Client) -> None:
    for local, review in (("a", "2020-01-01"), ("b", "")):
        owner.post(_url("static-add"), {"address": f"{local}@{DOMAIN}", "review": review})
    page = words(owner.get(_url("user-sync")))
    assert "Not delivered by Microsoft 365" in page
    assert "Static addresses 2 Next review 1 due" in page
    assert "Manage static addresses" in page


def test_a_page_explains_what_microsoft_365_does_not_deliver_and_what_to_do(customer: Customer, owner: Client) -> None:
    url = reverse("console:help-dynamic-lists")
    page = words(owner.get(url))
    assert "Get-DynamicDistributionGroup -ResultSize Unlimited | Select-Object PrimarySmtpAddress" in page
    assert "Get-MailPublicFolder" in page
    assert "Microsoft 365 group with dynamic membership" in page
    assert f"Static addresses of {DOMAIN}" in words(owner.get(url, {"domain": DOMAIN}))
    assert url in owner.get(reverse("console:run", args=[DOMAIN, customer.preview().id])).content.decode()
