"""The Console's addresses, subject by subject: the first that fits counts."""

from typing import Final

from django.urls import URLPattern, path

from mailroll.console.alerts import rules as alert_rules
from mailroll.console.alerts import views as alerts
from mailroll.console.connect import connections, editor, guest, travel
from mailroll.console.filters import views as filters
from mailroll.console.first_run import views as first_run
from mailroll.console.gateway import views as gateway
from mailroll.console.groups import views as groups
from mailroll.console.home import views as home
from mailroll.console.lookup import views as lookup
from mailroll.console.people import invitation, people, profile, trail
from mailroll.console.runs import decisions, export, history
from mailroll.console.runs import views as runs
from mailroll.console.settings import domains, installation, sign_in
from mailroll.console.settings import views as settings
from mailroll.console.statics import files as static_files
from mailroll.console.statics import views as statics
from mailroll.console.sync import sources
from mailroll.console.sync import views as sync
from mailroll.console.users import buttons, restoration, sheets
from mailroll.console.users import views as users

app_name = "console"

_RULES: Final = "alerts/rules/<uuid:organization>/"
_ORGANIZATION: Final = "settings/organizations/<uuid:organization>/"
_PEOPLE: Final = "settings/people/"
_DOMAIN: Final = "domains/<str:domain>/"
_SYNC: Final = f"{_DOMAIN}user-sync/"
_SOURCE: Final = f"{_SYNC}sources/<uuid:source>/"
_RUN: Final = f"{_DOMAIN}runs/<uuid:run>/"
_STATIC: Final = f"{_DOMAIN}static/"
_USER: Final = f"{_DOMAIN}users/<uuid:user>/"

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("theme/", home.theme, name="theme"),
    path("start/", first_run.start, name="start"),
    path("start/<str:token>/", first_run.link, name="start-link"),
    path("lookup/", lookup.lookup, name="lookup"),
    path("lookup/answer/", lookup.answer, name="lookup-answer"),
    path("help/dynamic-lists/", statics.dynamic_lists, name="help-dynamic-lists"),
    # connections, and the ways to them
    path("connections/", connections.listing, name="connections"),
    path("connections/<uuid:connection>/", connections.page, name="connection"),
    path("connect/start/<str:token>/", travel.start, name="connect-start"),
    path("connect/callback/", travel.callback, name="connect-callback"),
    path("connect/hand-over/<str:token>/", travel.hand_over, name="connect-hand-over"),
    path("connect/attempts/<uuid:attempt>/", guest.attempted, name="consent-attempt"),
    path("consent/<str:token>/", guest.asked, name="consent-link"),
    path("consent/<str:token>/go/", guest.go, name="consent-go"),
    path("consent/<str:token>/decline/", guest.decline, name="consent-decline"),
    # alerts
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/export/", alerts.export, name="alerts-export"),
    path("alerts/rules/", alert_rules.start, name="alert-rules-start"),
    path(_RULES, alert_rules.rules, name="alert-rules"),
    path(f"{_RULES}inherit/", alert_rules.inherit, name="alert-rules-inherit"),
    path(f"{_RULES}digest/", alert_rules.settle_digest, name="alert-digest"),
    path(f"{_RULES}channels/add/", alert_rules.add, name="alert-channel-add"),
    path(f"{_RULES}channels/<uuid:channel>/edit/", alert_rules.edit, name="alert-channel-edit"),
    path(f"{_RULES}channels/<uuid:channel>/test/", alert_rules.test, name="alert-channel-test"),
    path(f"{_RULES}channels/<uuid:channel>/remove/", alert_rules.remove, name="alert-channel-remove"),
    path("alerts/<uuid:alert>/", alerts.alert, name="alert"),
    path("alerts/<uuid:alert>/snooze/", alerts.snooze, name="alert-snooze"),
    path("alerts/<uuid:alert>/acknowledge/", alerts.acknowledge, name="alert-acknowledge"),
    path("alerts/<uuid:alert>/reopen/", alerts.reopen, name="alert-reopen"),
    # organizations, people, one's own account, the audit log
    path("settings/", settings.settings, name="settings"),
    path("settings/installation/", installation.installation, name="installation"),
    path(_ORGANIZATION, settings.organization, name="organization"),
    path(f"{_ORGANIZATION}activity/", settings.activity, name="organization-activity"),
    path(f"{_ORGANIZATION}sign-in/", sign_in.sign_in, name="organization-sign-in"),
    path(f"{_ORGANIZATION}customers/", settings.add_customer, name="customer-add"),
    path(f"{_ORGANIZATION}export/", settings.export, name="organization-export"),
    path(f"{_ORGANIZATION}erase/", settings.erase, name="organization-erase"),
    path(f"{_ORGANIZATION}remove/", settings.remove, name="organization-remove"),
    path(_PEOPLE, people.listed, name="people"),
    path(f"{_PEOPLE}export/", people.export, name="people-export"),
    path(f"{_PEOPLE}invite/", people.invite, name="person-invite"),
    path(f"{_PEOPLE}<uuid:operator>/", people.person, name="person"),
    path(f"{_PEOPLE}<uuid:operator>/factors/", people.take_factors, name="person-factors"),
    path(f"{_PEOPLE}<uuid:operator>/on/", people.switch_on, name="person-on"),
    path(f"{_PEOPLE}<int:membership>/role/", people.role, name="person-role"),
    path(f"{_PEOPLE}<int:membership>/remove/", people.remove, name="person-remove"),
    path(f"{_PEOPLE}invitations/<uuid:invitation>/withdraw/", people.withdraw, name="invitation-withdraw"),
    path(f"{_PEOPLE}invitations/<uuid:invitation>/again/", people.send_again, name="invitation-again"),
    path("settings/profile/", profile.profile, name="profile"),
    path("account/invitation/", invitation.welcome, name="invitation"),
    path("account/invitation/<str:token>/", invitation.link, name="invitation-link"),
    path("audit/", trail.log, name="audit"),
    path("audit/export/", trail.export, name="audit-export"),
    # a domain: its settings
    path("domains/add/", home.domain_add, name="domain-add"),
    path(_DOMAIN, home.domain, name="domain"),
    path(f"{_DOMAIN}settings/", domains.domain, name="domain-settings"),
    path(f"{_DOMAIN}settings/aliases/", domains.add_alias, name="domain-alias-add"),
    path(f"{_DOMAIN}settings/aliases/remove/", domains.remove_alias, name="domain-alias-remove"),
    path(f"{_DOMAIN}settings/exemptions/end/", domains.end_exemption, name="exemption-end"),
    path(f"{_DOMAIN}proof/", domains.proof, name="domain-proof"),
    path(f"{_DOMAIN}proof/check/", domains.check_proof, name="domain-proof-check"),
    path(f"{_DOMAIN}move/", domains.move, name="domain-move"),
    path(f"{_DOMAIN}remove/", domains.remove, name="domain-remove"),
    # its users and groups
    path(f"{_DOMAIN}users/", users.listed, name="users"),
    path(f"{_DOMAIN}users/add/", users.add, name="user-add"),
    path(f"{_DOMAIN}users/export/", sheets.export, name="users-export"),
    path(f"{_DOMAIN}users/import/", sheets.bring, name="users-import"),
    path(f"{_DOMAIN}users/restore/", restoration.restore_many, name="users-restore"),
    path(_USER, users.user, name="user"),
    path(f"{_USER}pin/", buttons.pin, name="user-pin"),
    path(f"{_USER}unkeep/", buttons.unkeep, name="user-unkeep"),
    path(f"{_USER}exempt/", buttons.exempt, name="user-exempt"),
    path(f"{_USER}kind/", buttons.kind, name="user-kind"),
    path(f"{_USER}group/", buttons.group, name="user-group"),
    path(f"{_USER}name/", buttons.name, name="user-name"),
    path(f"{_USER}aliases/", buttons.aliases, name="user-aliases"),
    path(f"{_USER}restore/", buttons.restore, name="user-restore"),
    path(f"{_USER}remove/", buttons.remove, name="user-remove"),
    path(f"{_DOMAIN}groups/", groups.listed, name="groups"),
    path(f"{_DOMAIN}groups/add/", groups.add, name="group-add"),
    path(f"{_DOMAIN}groups/<int:group>/rename/", groups.rename, name="group-rename"),
    path(f"{_DOMAIN}groups/<int:group>/remove/", groups.remove, name="group-remove"),
    path(f"{_DOMAIN}lookup/accept/", lookup.accept, name="lookup-accept"),
    path(f"{_DOMAIN}lookup/ask/", lookup.ask, name="lookup-ask"),
    path(_STATIC, statics.listed, name="statics"),
    path(f"{_STATIC}add/", statics.add, name="static-add"),
    path(f"{_STATIC}import/", static_files.bring, name="static-import"),
    path(f"{_STATIC}import/<uuid:upload>/", static_files.uploaded_file, name="static-upload"),
    path(f"{_STATIC}<uuid:user>/", statics.change, name="static-change"),
    path(f"{_STATIC}<uuid:user>/remove/", statics.remove, name="static-remove"),
    # its User Sync and sources
    path(_SYNC, sync.tab, name="user-sync"),
    path(f"{_SYNC}automatic/", sync.automatic, name="automatic"),
    path(f"{_SYNC}interval/", sync.interval, name="interval"),
    path(f"{_SYNC}preview/", sync.preview, name="preview"),
    path(f"{_SYNC}sync/", sync.sync, name="sync"),
    path(f"{_SYNC}sources/add/", sources.add, name="source-add"),
    path(f"{_SYNC}sources/use/", editor.add_using, name="source-share"),
    path(_SOURCE, editor.source, name="source"),
    path(f"{_SOURCE}connecting/<uuid:attempt>/", travel.connecting, name="connecting"),
    path(f"{_SOURCE}registration/", editor.register, name="source-register"),
    path(f"{_SOURCE}certificate/", editor.certificate, name="source-certificate"),
    path(f"{_SOURCE}certificate/mailroll.pem", editor.certificate_file, name="source-certificate-file"),
    path(f"{_SOURCE}link/", editor.link, name="source-link"),
    path(f"{_SOURCE}use/", editor.use, name="source-use"),
    path(f"{_SOURCE}check/", editor.check, name="source-check"),
    path(f"{_SOURCE}disconnect/", editor.disconnect, name="source-disconnect"),
    path(f"{_SOURCE}destination/", sources.destination, name="source-destination"),
    path(f"{_SOURCE}order/", sources.order, name="source-order"),
    path(f"{_SOURCE}enabled/", sources.enabled, name="source-enabled"),
    path(f"{_SOURCE}name/", sources.name, name="source-name"),
    path(f"{_SOURCE}remove/", sources.remove, name="source-remove"),
    path(f"{_SOURCE}filters/", filters.editor, name="source-filters"),
    path(f"{_SOURCE}filters/count/", filters.count, name="source-filter-count"),
    path(f"{_SOURCE}filters/export/", filters.export, name="source-filter-export"),
    path(f"{_SOURCE}filters/takes/", filters.takes, name="source-takes"),
    # its gateways
    path(f"{_DOMAIN}gateway/", gateway.tab, name="gateway"),
    path(f"{_DOMAIN}gateway/check/", gateway.check, name="gateway-check"),
    path(f"{_DOMAIN}gateway/serving/", gateway.serving, name="gateway-serving"),
    path(f"{_DOMAIN}gateway/pause/", gateway.pause, name="gateway-pause"),
    path(f"{_DOMAIN}gateway/resume/", gateway.resume, name="gateway-resume"),
    path(f"{_DOMAIN}gateway/tokens/", gateway.make_token, name="gateway-token-make"),
    path(f"{_DOMAIN}gateway/tokens/<uuid:token>/revoke/", gateway.revoke_token, name="gateway-token-revoke"),
    # its runs
    path(f"{_DOMAIN}runs/", history.history, name="runs"),
    path(_RUN, runs.run, name="run"),
    path(f"{_RUN}changes.csv", export.export, name="run-export"),
    path(f"{_RUN}progress/", runs.progress, name="run-progress"),
    path(f"{_RUN}cancel/", decisions.cancel, name="run-cancel"),
    path(f"{_RUN}apply/", decisions.apply, name="run-apply"),
    path(f"{_RUN}discard/", decisions.discard, name="run-discard"),
    path(f"{_RUN}release/", decisions.release, name="run-release"),
    path(f"{_RUN}mark/", decisions.mark, name="run-mark"),
]
