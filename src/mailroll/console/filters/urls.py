"""Addresses of the editor of filters."""

from django.urls import URLPattern, path

from mailroll.console.filters import takes, views

_FILTERS = "domains/<str:domain>/user-sync/sources/<uuid:source>/filters/"

urlpatterns: list[URLPattern] = [
    path(_FILTERS, views.editor, name="source-filters"),
    path(f"{_FILTERS}count/", views.count, name="source-filter-count"),
    path(f"{_FILTERS}export/", views.export, name="source-filter-export"),
    path(f"{_FILTERS}takes/", takes.takes, name="source-takes"),
]
