"""What is around every page: its policy, its host, its theme, and the pages for what went wrong."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from mailroll.config import web
from mailroll.console.middleware.headers import CONTENT_SECURITY_POLICY
from mailroll.console.scope import DOORS
from tests.console.pages import words
from tests.console.people import People


def test_every_answer_carries_the_policy(owner: Client) -> None:
    for path in ("/", "/no/such/page/"):
        response = owner.get(path)
        assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response.headers["Referrer-Policy"] == "same-origin"


def test_the_policy_has_no_hole() -> None:
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'; ")
    for hole in ("unsafe", "data:", "http", "*"):
        assert hole not in CONTENT_SECURITY_POLICY


def test_pages_are_kept_by_no_cache(owner: Client) -> None:
    assert owner.get("/").headers["Cache-Control"] == "no-store"


def test_a_host_that_is_not_ours_is_told_the_right_one(people: People) -> None:
    response = Client().get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 421
    assert "Go to http://localhost:8000." in words(response)


def test_what_is_not_there_and_what_is_not_allowed_look_the_same(people: People) -> None:
    viewer = people.client("viewer")
    missing, refused = viewer.get("/domains/nowhere.example/"), viewer.get("/domains/add/")
    assert (missing.status_code, refused.status_code) == (404, 403)
    assert missing.content == refused.content
    assert "There is nothing here for you. Perhaps the link is old" in words(missing)


def test_a_form_of_others_changes_nothing(people: People) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.owner)
    response = strict.post("/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "Nothing was changed." in words(response)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_stays(owner: Client, theme: str) -> None:
    response = owner.post("/theme/", {"theme": theme, "back": "/domains/add/"})
    assert response.headers["Location"] == "/domains/add/"
    assert f'data-theme="{theme}"' in owner.get("/").content.decode()
    owner.post("/theme/", {"theme": ""})
    assert "data-theme" not in owner.get("/").content.decode()


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_the_way_back_leads_to_no_other_host(owner: Client, back: str) -> None:
    assert owner.post("/theme/", {"theme": "dark", "back": back}).headers["Location"] == "/"


def test_every_view_stands_behind_a_door() -> None:
    def views(patterns: list[URLPattern | URLResolver]) -> list[URLPattern]:
        found: list[URLPattern] = []
        for one in patterns:
            found += views(one.url_patterns) if isinstance(one, URLResolver) else [one]
        return found

    assert [one.name for one in views(get_resolver().url_patterns) if not hasattr(one.callback, DOORS)] == []


def test_with_an_address_of_https_no_other_host_can_set_a_cookie_of_ours() -> None:
    safe = replace(settings.MAILROLL, url="https://console.example")
    assert [web.cookie(name, safe) for name in ("theme", "zone")] == ["__Host-mailroll_theme", "__Host-mailroll_zone"]
    given = (settings.THEME_COOKIE_NAME, settings.ZONE_COOKIE_NAME)
    assert given == (web.cookie("theme", settings.MAILROLL), web.cookie("zone", settings.MAILROLL))
