"""Addresses of groups."""

from django.urls import URLPattern, path

from mailroll.console.groups import views

urlpatterns: list[URLPattern] = [
    path("domains/<str:domain>/groups/", views.listed, name="groups"),
    path("domains/<str:domain>/groups/add/", views.add, name="group-add"),
    path("domains/<str:domain>/groups/<int:group>/rename/", views.rename, name="group-rename"),
    path("domains/<str:domain>/groups/<int:group>/remove/", views.remove, name="group-remove"),
]
