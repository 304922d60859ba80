"""The Gateway tab: what gateways are told, what they asked, and the switch that stops removals."""

import re
from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql
from pytest_django import Settings

from mailroll.accounts.models import Membership, Role
from mailroll.audit import clock
from mailroll.audit.models import AuditEntry
from mailroll.console.gateway.chart import DAYS, HEIGHT, WORDS, draw
from mailroll.directory import edit
from mailroll.directory.models import Address, Domain, Organization, Pause, Serving
from mailroll.directory.sheets.statics import lines
from mailroll.gateway import missing_rights
from mailroll.gateway.demand import WOULD_REFUSE
from mailroll.gateway.models import AnswerCount, Asker, RefusedAddress
from mailroll.gateway.recipes import RECIPES
from tests.console.pages import words
from tests.console.people import People
from tests.gateway.roles import administrator, role
from tests.sync.world import DOMAIN, Customer

URL = f"/domains/{DOMAIN}/gateway/"


def test_a_gateway_that_never_asked_is_said_and_the_way_leads_here(customer: Customer, owner: Client) -> None:
    assert "No gateway has asked yet." in words(owner.get(URL))
    assert f'href="{URL}"' in owner.get(reverse("console:user-sync", args=[DOMAIN])).content.decode()
    customer.sync()
    assert "No gateway has asked for this list yet." in words(owner.get(reverse("console:user-sync", args=[DOMAIN])))
    Asker.objects.create(domain=customer.domain, kind="socketmap", last_at=customer.time())
    assert "No gateway has asked" not in words(owner.get(reverse("console:user-sync", args=[DOMAIN])))
    assert "Postfix, by socketmap" in words(owner.get(URL))


def test_a_gateway_that_asks_postgresql_has_asked_and_is_not_counted(customer: Customer, owner: Client) -> None:
    customer.sync()
    assert "not counted" not in words(owner.get(URL))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO gateway.noted VALUES (%s, now())", [customer.domain.id])
    page = words(owner.get(URL))
    assert "No gateway has asked" not in page + words(owner.get(reverse("console:user-sync", args=[DOMAIN])))
    assert "Questions to PostgreSQL are noted once a minute, and not counted." in page
    edit.set_serving(customer.domain, edit.ServingWay(Serving.WATCH, plus_tags=True, stale_hours=72), customer.acting)
    assert "the list would have refused 0 times, questions to PostgreSQL left out." in words(owner.get(URL))


def test_a_role_of_an_earlier_version_is_told_with_what_mends_it(customer: Customer, owner: Client) -> None:
    with role() as name, administrator() as database:
        named = sql.Identifier(name)
        database.execute(sql.SQL("CREATE ROLE {} LOGIN").format(named))
        database.execute(sql.SQL("GRANT EXECUTE ON FUNCTION gateway.access(text) TO {}").format(named))
        database.execute(sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(named))
        page = words(owner.get(URL))
        assert f"The database role {name} may not use gateway.lookup(text), gateway.relay_domain(text)" in page
        assert "begins its transactions as read-only, so nobody sees here that it asks." in page
        assert f"Run this where Mailroll runs: mailroll gateway grant --role {name}" in page
        missing_rights.grant_again()
        assert "may not use" not in words(owner.get(URL))
    assert "The database role" not in words(owner.get(URL))


def test_answers_are_told_by_share(customer: Customer, owner: Client) -> None:
    Asker.objects.create(domain=customer.domain, kind="http", name="gw1", last_at=customer.time())
    today = clock.now().astimezone(UTC).date()
    for answer, count in (("accept", 884), ("unknown", 116)):
        AnswerCount.objects.create(domain=customer.domain, day=today, answer=answer, count=count)
    page = words(owner.get(URL))
    assert "Maps over HTTP, “gw1”" in page
    assert "1,000 questions today, 1,000 in 14 days" in page
    assert "Accepted 88.4 %" in page
    assert "Unknown, 550 11.6 %" in page


@pytest.mark.parametrize(
    ("serving", "said"),
    [
        (Serving.PASS, f"Every address of {DOMAIN} is accepted. Pass through is on"),
        (Serving.WATCH, "Watch only."),
    ],
)
def test_the_way_of_serving_is_set_and_said(customer: Customer, owner: Client, serving: Serving, said: str) -> None:
    sent = {"serving": serving.value, "stale_hours": "24"}
    page = words(owner.post(f"{URL}serving/", sent, follow=True))
    assert said in page
    assert edit.ServingWay.of(Domain.objects.get(name=DOMAIN)) == edit.ServingWay(
        serving, plus_tags=False, stale_hours=24
    )


def test_what_cannot_be_set_is_said_and_nothing_changes(customer: Customer, owner: Client) -> None:
    for sent in ({}, {"serving": "all", "stale_hours": "72"}, {"serving": "watch", "stale_hours": "x"}):
        answer = owner.post(f"{URL}serving/", sent)
        assert (answer.status_code, "Choose how gateways are served" in words(answer)) == (422, True), sent
    answer = owner.post(f"{URL}serving/", {"serving": "watch", "stale_hours": "0"})
    assert (answer.status_code, "from 1 to 720 hours" in words(answer)) == (422, True)
    assert edit.ServingWay.of(Domain.objects.get(name=DOMAIN)) == edit.ServingWay(
        Serving.SERVE, plus_tags=True, stale_hours=72
    )


def test_whom_a_watched_domain_would_refuse_is_listed(customer: Customer, owner: Client) -> None:
    edit.set_serving(customer.domain, edit.ServingWay(Serving.WATCH, plus_tags=True, stale_hours=72), customer.acting)
    now = customer.time()
    sample = {"watched": True, "first_at": now, "last_at": now, "count": 9}
    RefusedAddress.objects.create(domain=customer.domain, address=f"accounts@{DOMAIN}", **sample)
    today = clock.now().astimezone(UTC).date()
    AnswerCount.objects.create(domain=customer.domain, day=today, answer=WOULD_REFUSE, count=14)
    page = owner.get(URL)
    assert "would have refused 14 times" in words(page)
    assert f"accounts@{DOMAIN} 9" in words(page)


def test_an_old_list_is_said(customer: Customer, owner: Client) -> None:
    Domain.objects.filter(name=DOMAIN).update(read_at=customer.time() - timedelta(hours=73))
    assert "The list is old." in words(owner.get(URL))


def test_removals_are_paused_and_resumed(customer: Customer, owner: Client) -> None:
    refused = owner.post(f"{URL}pause/", {"level": "domain", "reason": " "})
    assert (refused.status_code, "A pause needs a reason" in words(refused)) == (422, True)
    assert owner.post(f"{URL}pause/", {"reason": "x"}).status_code == 422
    paused = words(owner.post(f"{URL}pause/", {"level": "domain", "reason": "The tenant moves"}, follow=True))
    assert "Paused for this domain since" in paused
    assert "The tenant moves" in paused
    resumed = words(owner.post(f"{URL}resume/", {"level": "domain"}, follow=True))
    assert "Paused for this domain" not in resumed
    assert "wider pause" not in resumed


def test_an_organization_and_the_installation_are_paused_by_who_may(
    customer: Customer, people: People, owner: Client
) -> None:
    organization = customer.domain.organization
    key, words_ = str(organization.id), f"{organization.name} and all below it, 1 domain"
    assert words_ in words(owner.get(URL))
    done = words(owner.post(f"{URL}pause/", {"level": key, "reason": "A merger"}, follow=True))
    assert f"Removals of {words_} are paused." in done
    assert f"Paused for {words_} since" in done
    assert "A merger" in done
    assert Pause.objects.get().organization == organization
    assert f"Paused for {words_}" in words(people.client("technician").get(URL))
    viewer = words(people.client("viewer").get(URL))
    assert "Paused for this organization since" in viewer
    assert "A merger" not in viewer
    assert "Resume removals" not in viewer
    owner.post(f"{URL}pause/", {"level": "domain", "reason": "Here too"})
    still = words(owner.post(f"{URL}resume/", {"level": "domain"}, follow=True))
    assert "A wider pause still stops them here." in still
    owner.post(f"{URL}resume/", {"level": key})
    assert not Pause.objects.exists()


def test_who_has_a_role_in_one_organization_pauses_no_other(customer: Customer, owner: Client) -> None:
    assert "this whole installation" not in words(owner.get(URL))
    assert owner.post(f"{URL}pause/", {"level": "everywhere", "reason": "x"}).status_code == 422
    edit.pause_removals(None, "Not theirs", customer.acting)
    assert owner.post(f"{URL}resume/", {"level": "everywhere"}).status_code == 404
    assert Pause.objects.exists()


def test_who_has_a_role_in_every_organization_pauses_the_installation(
    customer: Customer, people: People, owner: Client
) -> None:
    for one in Organization.objects.exclude(id=customer.domain.organization_id):
        Membership.objects.create(operator=people.owner, organization=one, role=Role.TECHNICIAN)
    # Nothing is accepted or removed of one that nobody proved.
    edit.add_domain(customer.domain.organization, "unproved.example", customer.acting, proved=False)
    shown = words(owner.get(URL))
    assert "this whole installation, 1 domain" in shown
    assert "2 domains" not in shown
    done = words(owner.post(f"{URL}pause/", {"level": "everywhere", "reason": "Maintenance"}, follow=True))
    assert "Paused for this whole installation, 1 domain since" in done
    assert "Paused everywhere" in words(people.client("technician").get(URL))
    owner.post(f"{URL}resume/", {"level": "everywhere"})
    assert not Pause.objects.exists()


def test_a_pause_from_above_keeps_its_reason_to_itself(customer: Customer, owner: Client) -> None:
    edit.pause_removals(None, "Customer Coldharbour is under attack", customer.acting)
    page = words(owner.get(URL))
    assert "Paused everywhere" in page
    assert "Coldharbour" not in page
    assert "Resume removals" not in page


def _database(settings: Settings, url: str | None) -> None:
    settings.MAILROLL = replace(configured.MAILROLL, database_url=url)


def test_every_kind_of_configuration_is_shown_with_its_files(
    customer: Customer, owner: Client, settings: Settings
) -> None:
    _database(settings, "postgresql://mailroll:hunter2@db.northgate.example:5433/roll")
    for kind in RECIPES:
        _is_shown_with_its_files(owner, kind)


def _is_shown_with_its_files(owner: Client, kind: str) -> None:
    answer = owner.get(f"{URL}?kind={kind}")
    page, html = words(answer), answer.content.decode()
    assert f'<a href="?kind={kind}#configuration" aria-current="true">{RECIPES[kind].title}</a>' in html
    assert html.count('data-copy="c-file-') == len(RECIPES[kind].files)
    assert "hunter2" not in html
    assert ("mailroll gateway verify brightwater.example --" in page) is (kind not in {"exim-lsearch", "slapd"})
    if kind.startswith("postfix-pgsql"):
        assert "hosts = db.northgate.example:5433 user = mailroll_gateway password = PASSWORD dbname = roll" in page


def test_a_database_behind_a_socket_is_asked_over_the_loopback(
    customer: Customer, owner: Client, settings: Settings
) -> None:
    for url in ("postgresql:///roll", "postgresql:///roll?host=/run/postgresql"):
        _database(settings, url)
        page = words(owner.get(URL))
        assert "hosts = 127.0.0.1:5432 user = mailroll_gateway password = PASSWORD dbname = roll" in page, url


def test_no_mail_server_is_sent_to_the_embedded_database(customer: Customer, owner: Client, settings: Settings) -> None:
    _database(settings, None)
    assert "needs a PostgreSQL of yours" in words(owner.get(f"{URL}?kind=postfix-pgsql"))
    assert "hosts =" not in words(owner.get(f"{URL}?kind=what-is-not-there"))
    assert "texthash:" in words(owner.get(f"{URL}?kind=postfix-texthash"))


def test_alias_domains_are_named_with_the_configuration(customer: Customer, owner: Client, settings: Settings) -> None:
    _database(settings, "postgresql://db.northgate.example/roll")
    edit.add_domain_alias(customer.domain, f"alias.{DOMAIN}", customer.acting, proved=True)
    assert f"answers for {DOMAIN}, alias.{DOMAIN} and every other domain" in words(owner.get(URL))


def test_viewers_see_no_hosts(customer: Customer, people: People, settings: Settings) -> None:
    _database(settings, "postgresql://db.northgate.example/roll")
    for who, seen in (("viewer", False), ("technician", True), ("owner", True)):
        assert ("db.northgate.example" in words(people.client(who).get(URL))) is seen, who


days = st.dictionaries(
    st.dates(),
    st.dictionaries(st.sampled_from(list(WORDS)), st.integers(0, 10**12)),
    max_size=20,
)


@given(days, st.dates())
def test_a_chart_stays_within_its_frame(counted: dict[date, dict[str, int]], today: date) -> None:
    chart = draw(counted, today)
    for part in chart.parts:
        assert 0 <= part.x <= chart.width - part.width
        assert 0 <= part.y <= HEIGHT
    assert all(share.count for share in chart.shares)
    assert chart.days == DAYS


def test_a_file_of_the_comparison_is_looked_through_and_taken_by_one_click(
    customer: Customer, people: People, owner: Client
) -> None:
    page = owner.get(URL)
    assert f"mailroll gateway compare /var/log/mail.log --domain {DOMAIN} --csv > missed.csv" in words(page)
    assert "Look through it" not in words(people.client("viewer").get(URL))
    wanted = edit.Static(f"all-staff@{DOMAIN}", (), "Priya", "2 messages in a mail log", date(2027, 3, 1))
    file = SimpleUploadedFile("missed.csv", "".join(lines([wanted])).encode())
    shown = owner.post(reverse("console:static-import", args=[DOMAIN]), {"file": file}, follow=True)
    assert f"all-staff@{DOMAIN}" in words(shown)
    digest = re.search(r'name="digest" value="([^"]+)"', shown.content.decode())
    assert digest is not None
    owner.post(shown.redirect_chain[-1][0], {"digest": digest[1]})
    assert Address.objects.filter(address=f"all-staff@{DOMAIN}").exists()
    assert AuditEntry.objects.filter(action__startswith="static").exists()
