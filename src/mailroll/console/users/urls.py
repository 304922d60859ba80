"""Addresses of users."""

from django.urls import URLPattern, path

from mailroll.console.users import buttons, restoration, sheets, views

_USER = "domains/<str:domain>/users/<uuid:user>/"

urlpatterns: list[URLPattern] = [
    path("domains/<str:domain>/users/", views.listed, name="users"),
    path("domains/<str:domain>/users/add/", views.add, name="user-add"),
    path("domains/<str:domain>/users/export/", sheets.export, name="users-export"),
    path("domains/<str:domain>/users/import/", sheets.bring, name="users-import"),
    path("domains/<str:domain>/users/restore/", restoration.restore_many, name="users-restore"),
    path(_USER, views.user, name="user"),
    path(f"{_USER}pin/", buttons.pin, name="user-pin"),
    path(f"{_USER}unkeep/", buttons.unkeep, name="user-unkeep"),
    path(f"{_USER}exempt/", buttons.exempt, name="user-exempt"),
    path(f"{_USER}kind/", buttons.kind, name="user-kind"),
    path(f"{_USER}group/", buttons.group, name="user-group"),
    path(f"{_USER}name/", buttons.name, name="user-name"),
    path(f"{_USER}aliases/", buttons.aliases, name="user-aliases"),
    path(f"{_USER}restore/", buttons.restore, name="user-restore"),
    path(f"{_USER}remove/", buttons.remove, name="user-remove"),
]
