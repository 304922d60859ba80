"""Addresses of connecting."""

from django.urls import URLPattern, path

from mailroll.console.connect import connections, editor, guest, shared, travel

_SOURCE = "domains/<str:domain>/user-sync/sources/<uuid:source>/"

urlpatterns: list[URLPattern] = [
    path(_SOURCE, editor.source, name="source"),
    path(f"{_SOURCE}connecting/<uuid:attempt>/", travel.connecting, name="connecting"),
    path(f"{_SOURCE}registration/", editor.register, name="source-register"),
    path(f"{_SOURCE}certificate/", editor.certificate, name="source-certificate"),
    path(f"{_SOURCE}certificate/mailroll.pem", editor.certificate_file, name="source-certificate-file"),
    path(f"{_SOURCE}link/", editor.link, name="source-link"),
    path(f"{_SOURCE}use/", shared.use, name="source-use"),
    path("domains/<str:domain>/user-sync/sources/use/", shared.add, name="source-share"),
    path(f"{_SOURCE}check/", editor.check, name="source-check"),
    path(f"{_SOURCE}disconnect/", editor.disconnect, name="source-disconnect"),
    path("connect/start/<str:token>/", travel.start, name="connect-start"),
    path("connect/callback/", travel.callback, name="connect-callback"),
    path("connect/hand-over/<str:token>/", travel.hand_over, name="connect-hand-over"),
    path("connect/attempts/<uuid:attempt>/", guest.attempted, name="consent-attempt"),
    path("consent/<str:token>/", guest.asked, name="consent-link"),
    path("consent/<str:token>/go/", guest.go, name="consent-go"),
    path("consent/<str:token>/decline/", guest.decline, name="consent-decline"),
    path("connections/", connections.listing, name="connections"),
    path("connections/<uuid:connection>/", connections.page, name="connection"),
]
