"""Addresses of static addresses."""

from django.urls import URLPattern, path

from mailroll.console.statics import files, views

_TAB = "domains/<str:domain>/static/"

urlpatterns: list[URLPattern] = [
    path("help/dynamic-lists/", views.dynamic_lists, name="help-dynamic-lists"),
    path(_TAB, views.listed, name="statics"),
    path(f"{_TAB}add/", views.add, name="static-add"),
    path(f"{_TAB}import/", files.bring, name="static-import"),
    path(f"{_TAB}import/<uuid:upload>/", files.uploaded_file, name="static-upload"),
    path(f"{_TAB}<uuid:user>/", views.change, name="static-change"),
    path(f"{_TAB}<uuid:user>/remove/", views.remove, name="static-remove"),
]
