"""Addresses of settings."""

from django.urls import URLPattern, path

from mailroll.console.settings import (
    activity,
    domains,
    erasure,
    export,
    installation,
    move,
    proof,
    removal,
    sign_in,
    views,
)

_ORGANIZATION = "settings/organizations/<uuid:organization>/"

urlpatterns: list[URLPattern] = [
    path("settings/", views.settings, name="settings"),
    path("settings/installation/", installation.installation, name="installation"),
    path(_ORGANIZATION, views.organization, name="organization"),
    path(f"{_ORGANIZATION}activity/", activity.activity, name="organization-activity"),
    path(f"{_ORGANIZATION}sign-in/", sign_in.sign_in, name="organization-sign-in"),
    path(f"{_ORGANIZATION}customers/", views.add_customer, name="customer-add"),
    path(f"{_ORGANIZATION}export/", export.export, name="organization-export"),
    path(f"{_ORGANIZATION}erase/", erasure.erase, name="organization-erase"),
    path(f"{_ORGANIZATION}remove/", removal.organization, name="organization-remove"),
    path("domains/<str:domain>/settings/", domains.domain, name="domain-settings"),
    path("domains/<str:domain>/settings/aliases/", domains.add_alias, name="domain-alias-add"),
    path("domains/<str:domain>/settings/aliases/remove/", domains.remove_alias, name="domain-alias-remove"),
    path("domains/<str:domain>/settings/exemptions/end/", domains.end_exemption, name="exemption-end"),
    path("domains/<str:domain>/proof/", proof.page, name="domain-proof"),
    path("domains/<str:domain>/proof/check/", proof.check, name="domain-proof-check"),
    path("domains/<str:domain>/move/", move.move, name="domain-move"),
    path("domains/<str:domain>/remove/", removal.domain, name="domain-remove"),
]
