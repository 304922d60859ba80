"""Addresses of people and roles, of one's own account, and of the audit log."""

from django.urls import URLPattern, path

from mailroll.console.people import invitation, people, profile, trail

urlpatterns: list[URLPattern] = [
    path("settings/people/", people.listed, name="people"),
    path("settings/people/export/", people.export, name="people-export"),
    path("settings/people/invite/", people.invite, name="person-invite"),
    path("settings/people/<uuid:operator>/", people.person, name="person"),
    path("settings/people/<uuid:operator>/factors/", people.take_factors, name="person-factors"),
    path("settings/people/<uuid:operator>/on/", people.switch_on, name="person-on"),
    path("settings/people/<int:membership>/role/", people.role, name="person-role"),
    path("settings/people/<int:membership>/remove/", people.remove, name="person-remove"),
    path("settings/people/invitations/<uuid:invitation>/withdraw/", people.withdraw, name="invitation-withdraw"),
    path("settings/people/invitations/<uuid:invitation>/again/", people.send_again, name="invitation-again"),
    path("settings/profile/", profile.profile, name="profile"),
    path("account/invitation/", invitation.welcome, name="invitation"),
    path("account/invitation/<str:token>/", invitation.link, name="invitation-link"),
    path("audit/", trail.log, name="audit"),
    path("audit/export/", trail.export, name="audit-export"),
]
