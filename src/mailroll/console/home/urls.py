"""Addresses of home."""

from django.urls import URLPattern, URLResolver, path

from mailroll.console.home import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("theme/", views.theme, name="theme"),
    path("components/", views.components, name="components"),
    path("domains/add/", views.domain_add, name="domain-add"),
    path("domains/<str:domain>/", views.domain, name="domain"),
]
