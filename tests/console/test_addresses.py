"""Addresses are those that Django gives, for whatever stands in them."""

from uuid import uuid4

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse

from mailroll.console.addresses import address

PLACES = ("brightwater.example", "a:b.example", "b\u00fccher.example", "{0}", "%2F", "value-1", "q?a=b&c#d", " ")


@pytest.mark.parametrize("text", PLACES)
def test_an_address_is_what_django_makes_of_it(text: str) -> None:
    key = uuid4()
    for _ in range(2):
        assert address("console:run", text, key) == reverse("console:run", args=[text, key])
    assert address("console:domain", text) == reverse("console:domain", args=[text])


@pytest.mark.parametrize("number", [0, 7, 10**11, 10**11 + 1, 2**63 - 1])
def test_a_number_is_a_part_of_an_address(number: int) -> None:
    for text in (*PLACES, str(10**11 + 1)):
        expected = reverse("console:group-rename", args=[text, number])
        assert address("console:group-rename", text, number) == expected


def test_an_id_or_a_number_may_be_text() -> None:
    key = str(uuid4())
    assert address("console:run", "a.example", key) == reverse("console:run", args=["a.example", key])
    assert address("console:group-rename", "a.example", "7") == reverse("console:group-rename", args=["a.example", "7"])


@pytest.mark.parametrize("odd", [-1, True, 1.5])
def test_what_is_no_number_of_an_address_is_left_to_django(odd: object) -> None:
    with pytest.raises(NoReverseMatch):
        address("console:group-rename", "brightwater.example", odd)


def test_a_text_that_is_no_id_is_left_to_django() -> None:
    with pytest.raises(NoReverseMatch):
        address("console:run", "a.example", "no id")


@pytest.mark.parametrize("text", ["", "a/b"])
def test_what_is_no_part_of_an_address_is_refused(text: str) -> None:
    with pytest.raises(NoReverseMatch):
        address("console:domain", text)


def test_a_page_that_nobody_knows_is_refused() -> None:
    with pytest.raises(NoReverseMatch):
        address("console:nowhere")


def test_a_link_of_a_page_is_no_markup() -> None:
    link = Template("{% url 'console:domain' name %}").render(Context({"name": "a'b&c"}))
    assert link == "/domains/a&#x27;b&amp;c/"
