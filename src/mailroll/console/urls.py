"""The Console's addresses: each subject keeps its own, this page only joins them."""

from django.urls import URLPattern, URLResolver

from mailroll.console.alerts.urls import urlpatterns as alerts
from mailroll.console.connect.urls import urlpatterns as connect
from mailroll.console.filters.urls import urlpatterns as filters
from mailroll.console.first_run.urls import urlpatterns as first_run
from mailroll.console.gateway.urls import urlpatterns as gateway
from mailroll.console.groups.urls import urlpatterns as groups
from mailroll.console.home.urls import urlpatterns as home
from mailroll.console.lookup.urls import urlpatterns as lookup
from mailroll.console.people.urls import urlpatterns as people
from mailroll.console.runs.urls import urlpatterns as runs
from mailroll.console.settings.urls import urlpatterns as settings
from mailroll.console.statics.urls import urlpatterns as statics
from mailroll.console.sync.urls import urlpatterns as sync
from mailroll.console.users.urls import urlpatterns as users

app_name = "console"

urlpatterns: list[URLPattern | URLResolver] = [
    *alerts,
    *connect,
    *filters,
    *first_run,
    *gateway,
    *groups,
    *home,
    *lookup,
    *sync,
    *runs,
    *people,
    *settings,
    *statics,
    *users,
]
