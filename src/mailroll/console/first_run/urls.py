"""Addresses of the first run."""

from django.urls import URLPattern, path

from mailroll.console.first_run import views

urlpatterns: list[URLPattern] = [
    path("start/", views.start, name="start"),
    path("start/<str:token>/", views.link, name="start-link"),
]
