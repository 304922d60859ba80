"""Addresses of alerts."""

from django.urls import URLPattern, path

from mailroll.console.alerts import rules, views

_RULES = "alerts/rules/<uuid:organization>/"

urlpatterns: list[URLPattern] = [
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/export/", views.export, name="alerts-export"),
    path("alerts/rules/", rules.start, name="alert-rules-start"),
    path(_RULES, rules.rules, name="alert-rules"),
    path(f"{_RULES}inherit/", rules.inherit, name="alert-rules-inherit"),
    path(f"{_RULES}digest/", rules.settle_digest, name="alert-digest"),
    path(f"{_RULES}channels/add/", rules.add, name="alert-channel-add"),
    path(f"{_RULES}channels/<uuid:channel>/edit/", rules.edit, name="alert-channel-edit"),
    path(f"{_RULES}channels/<uuid:channel>/test/", rules.test, name="alert-channel-test"),
    path(f"{_RULES}channels/<uuid:channel>/remove/", rules.remove, name="alert-channel-remove"),
    path("alerts/<uuid:alert>/", views.alert, name="alert"),
    path("alerts/<uuid:alert>/snooze/", views.snooze, name="alert-snooze"),
    path("alerts/<uuid:alert>/acknowledge/", views.acknowledge, name="alert-acknowledge"),
    path("alerts/<uuid:alert>/reopen/", views.reopen, name="alert-reopen"),
]
