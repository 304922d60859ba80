"""Addresses of alerts."""

from django.urls import URLPattern, path

from mailroll.console.alerts import views

urlpatterns: list[URLPattern] = [
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/export/", views.export, name="alerts-export"),
    path("alerts/<uuid:alert>/", views.alert, name="alert"),
    path("alerts/<uuid:alert>/snooze/", views.snooze, name="alert-snooze"),
    path("alerts/<uuid:alert>/acknowledge/", views.acknowledge, name="alert-acknowledge"),
    path("alerts/<uuid:alert>/reopen/", views.reopen, name="alert-reopen"),
]
