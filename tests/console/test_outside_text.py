"""Text from outside is shown so that it turns no word around, and is kept as it is."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from mailroll.console.middleware.outside_text import harmless
from mailroll.directory import edit
from tests.sync.world import DOMAIN, Customer

pytestmark = pytest.mark.django_db


def test_a_name_that_turns_text_around_is_seen_to_do_so_on_every_page(customer: Customer, owner: Client) -> None:
    customer.tenant.add_user("Ann\u202egpj.exe", local="ann")
    customer.tenant.display_name = "Brightwater\u202e"
    customer.sync()
    page = owner.get(f"/domains/{DOMAIN}/users/").content.decode()
    assert "Ann\ufffdgpj.exe" in page
    for path in (f"/domains/{DOMAIN}/", f"/domains/{DOMAIN}/users/", f"/domains/{DOMAIN}/sync/"):
        assert "\u202e" not in owner.get(path).content.decode()


def test_what_a_field_holds_goes_back_as_it_is() -> None:
    def page(_: HttpRequest) -> HttpResponse:
        return HttpResponse(
            '<p title="a\u202eb">a\u202eb</p><input value="a\u202eb"><textarea>a\u2067b</textarea><b>\u05d0\u200f</b>'
        )

    answer = harmless(page)(HttpRequest()).content.decode()
    assert answer == (
        '<p title="a\ufffdb">a\ufffdb</p><input value="a\u202eb"><textarea>a\u2067b</textarea><b>\u05d0\u200f</b>'
    )


def test_a_file_of_users_has_names_as_they_are(customer: Customer, owner: Client) -> None:
    edit.add_user(customer.domain, f"ann@{DOMAIN}", customer.acting, display_name="a\u202eb")
    answer = owner.get(f"/domains/{DOMAIN}/users/export/")
    assert "a\u202eb".encode() in answer.getvalue()
