"""Every address of this installation."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("mailroll.console.people.account_urls")),
    path("", include("mailroll.console.urls")),
]

handler400 = "mailroll.console.errors.unreadable"
handler403 = "mailroll.console.errors.not_here"
handler404 = "mailroll.console.errors.not_here"
handler500 = "mailroll.console.errors.broken"
