"""Addresses of runs."""

from django.urls import URLPattern, path

from mailroll.console.runs import decisions, export, history, views

_RUNS = "domains/<str:domain>/runs/"
_RUN = f"{_RUNS}<uuid:run>/"

urlpatterns: list[URLPattern] = [
    path(_RUNS, history.history, name="runs"),
    path(_RUN, views.run, name="run"),
    path(f"{_RUN}changes.csv", export.export, name="run-export"),
    path(f"{_RUN}progress/", views.progress, name="run-progress"),
    path(f"{_RUN}cancel/", decisions.cancel, name="run-cancel"),
    path(f"{_RUN}apply/", decisions.apply, name="run-apply"),
    path(f"{_RUN}discard/", decisions.discard, name="run-discard"),
    path(f"{_RUN}release/", decisions.release, name="run-release"),
    path(f"{_RUN}mark/", decisions.mark, name="run-mark"),
]
