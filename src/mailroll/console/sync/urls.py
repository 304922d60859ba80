"""Addresses of the User Sync tab."""

from django.urls import URLPattern, path

from mailroll.console.sync import sources, views

_TAB = "domains/<str:domain>/user-sync/"
_SOURCE = f"{_TAB}sources/<uuid:source>/"

urlpatterns: list[URLPattern] = [
    path(_TAB, views.tab, name="user-sync"),
    path(f"{_TAB}automatic/", views.automatic, name="automatic"),
    path(f"{_TAB}interval/", views.interval, name="interval"),
    path(f"{_TAB}preview/", views.preview, name="preview"),
    path(f"{_TAB}sync/", views.sync, name="sync"),
    path(f"{_TAB}sources/add/", sources.add, name="source-add"),
    path(f"{_SOURCE}destination/", sources.destination, name="source-destination"),
    path(f"{_SOURCE}order/", sources.order, name="source-order"),
    path(f"{_SOURCE}enabled/", sources.enabled, name="source-enabled"),
    path(f"{_SOURCE}name/", sources.name, name="source-name"),
    path(f"{_SOURCE}remove/", sources.remove, name="source-remove"),
]
