"""Addresses of the Gateway tab."""

from django.urls import URLPattern, path

from mailroll.console.gateway import tokens, views

_TAB = "domains/<str:domain>/gateway/"

urlpatterns: list[URLPattern] = [
    path(_TAB, views.tab, name="gateway"),
    path(f"{_TAB}check/", views.check, name="gateway-check"),
    path(f"{_TAB}serving/", views.serving, name="gateway-serving"),
    path(f"{_TAB}pause/", views.pause, name="gateway-pause"),
    path(f"{_TAB}resume/", views.resume, name="gateway-resume"),
    path(f"{_TAB}tokens/", tokens.make, name="gateway-token-make"),
    path(f"{_TAB}tokens/<uuid:token>/revoke/", tokens.revoke, name="gateway-token-revoke"),
]
