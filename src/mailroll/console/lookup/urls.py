"""Addresses of the look-up."""

from django.urls import URLPattern, path

from mailroll.console.lookup import views

urlpatterns: list[URLPattern] = [
    path("lookup/", views.lookup, name="lookup"),
    path("lookup/answer/", views.answer, name="lookup-answer"),
    path("domains/<str:domain>/lookup/accept/", views.accept, name="lookup-accept"),
    path("domains/<str:domain>/lookup/ask/", views.ask, name="lookup-ask"),
]
