"""Each check of `mailroll doctor`, brought to its fault by a cause of its own, and what it says where all is well."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography.fernet import Fernet
from django.conf import settings as django_settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from mailroll.audit import clock
from mailroll.connectors import registry
from mailroll.directory.models import Domain
from mailroll.gateway.models import Asker, ListeningPlace, MissingRows
from mailroll.insight.doctor import address, clocks, database, disk, examination, gateway, keys, mail, workers
from mailroll.insight.doctor import settings as own_settings
from mailroll.insight.doctor.circumstances import AdminRequest, Circumstances
from mailroll.insight.doctor.diagnosis import Condition, Diagnosis, good
from mailroll.insight.doctor.examination import Asks, Check
from mailroll.settings import Settings
from mailroll.settings.mail import Mail, MailTransport
from mailroll.sync.locks import domain_lock
from mailroll.sync.models import RunRequest, Trigger
from mailroll.sync.runs import ask, make
from tests.alerts.receivers import MailServer
from tests.connections.test_letters import Postbox
from tests.gateway.roles import administrator, role
from tests.sync.world import Customer

GOOD, WARNS, FAILS, UNASKED = Condition
URL = "https://console.example.com"


def given(brought: AdminRequest | None = None, **changed: Any) -> Circumstances:
    own: Settings = replace(django_settings.MAILROLL, **changed)
    return Circumstances(own, {}, brought=brought)


@contextmanager
def closed_port() -> Iterator[int]:
    """A port that nobody listens at, and that nobody else gets meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


@contextmanager
def answering(status: int = 200, body: bytes = b"", date: datetime | None = None) -> Iterator[str]:
    """A web server that answers everything alike, at the time that it is told."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(status)
            if date is not None:
                self.send_header("Date", format_datetime(date.astimezone(UTC), usegmt=True))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def mail_server(password: bytes = b"right") -> Iterator[tuple[Postbox, Mail]]:
    """A mail server that lets one user in."""

    def admit(_server: object, _session: object, _envelope: object, _mechanism: str, data: object) -> AuthResult:
        # Not handled: the server itself says 535.
        right = isinstance(data, LoginPassword) and data.password == password
        return AuthResult(success=right, handled=False)

    box = Postbox()
    running = MailServer(box, hostname="127.0.0.1", port=0, authenticator=admit, auth_require_tls=False)
    running.start()
    try:
        yield box, Mail(MailTransport.PLAIN, "127.0.0.1", running.port, "mailroll", "right")
    finally:
        running.stop()


def test_settings_that_nothing_reads_and_files_that_are_not_there(tmp_path: Path) -> None:
    assert own_settings.examine(given()).condition is GOOD
    misspelt = own_settings.examine(replace(given(), environ={"MAILROLL_SMPT_URL": "x", "HOME": "/"}))
    assert (misspelt.condition, misspelt.fix) == (WARNS, "Write MAILROLL_SMTP_URL in place of MAILROLL_SMPT_URL.")
    gone = own_settings.examine(given(m365_secret_file=tmp_path / "secret"))
    assert gone.condition is FAILS
    assert gone.found == f"MAILROLL_M365_SECRET_FILE names {tmp_path / 'secret'}: that file cannot be read."


def test_keys_that_are_missing_open_to_others_or_none(tmp_path: Path) -> None:
    own: dict[str, Any] = {"secret_keys": (), "data_dir": tmp_path}
    assert keys.examine(given(**own)).condition is WARNS
    assert list(tmp_path.iterdir()) == []
    file = tmp_path / "secret.key"
    file.write_text(Fernet.generate_key().decode())
    file.chmod(0o600)
    assert keys.examine(given(**own)).condition is GOOD
    file.chmod(0o644)
    assert "chmod 600" in keys.examine(given(**own)).fix
    assert keys.examine(given(secret_keys=("nonsense",))).condition is FAILS


def test_stored_secrets_that_another_key_sealed(customer: Customer, tmp_path: Path) -> None:
    assert keys.examine_secrets(given()) == good("1 stored secret opens.")
    other = Fernet.generate_key().decode()
    lost = keys.examine_secrets(given(secret_keys=(other,)))
    assert (lost.condition, lost.found) == (
        FAILS, "1 of 1 stored secrets that were tried do not open: 1 of connections."
    )  # fmt: skip
    # The earlier key behind it is what the fix says, and it helps.
    assert keys.examine_secrets(given(secret_keys=(other, *django_settings.MAILROLL.secret_keys))).condition is GOOD
    assert keys.examine_secrets(given(secret_keys=(), data_dir=tmp_path)).condition is FAILS
    customer.source.delete()
    customer.connection.delete()
    assert keys.examine_secrets(given(secret_keys=(other,))) == good("No secret is stored.")


def test_a_database_of_the_right_kind(transactional_db: None) -> None:
    found = database.examine(given(database_url=None))
    assert (found.condition, found.fix) == (GOOD, "")
    assert "PostgreSQL" in found.found


def test_tables_of_an_earlier_and_of_a_later_version(transactional_db: None) -> None:
    assert database.examine_migrations(given()).condition is GOOD
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("sync", "0001_initial")
    try:
        missing = database.examine_migrations(given())
    finally:
        recorder.record_applied("sync", "0001_initial")
    assert (missing.condition, missing.fix) == (FAILS, "mailroll database migrate")
    assert missing.found.startswith("1 migration is missing, sync.0001_initial first")
    for app in ("sync", "alerts"):
        recorder.record_applied(app, "9999_of_tomorrow")
        try:
            later = database.examine_migrations(given())
        finally:
            recorder.record_unapplied(app, "9999_of_tomorrow")
        assert later.found == f"The tables are of a later version, which made {app}.9999_of_tomorrow."


@pytest.mark.parametrize(
    ("off", "condition", "said"),
    [
        (timedelta(), GOOD, "agrees with"),
        (timedelta(minutes=-1), WARNS, "60 seconds behind"),
        (timedelta(hours=3), FAILS, "3 hours ahead of"),
    ],
)
def test_a_clock_that_is_off(transactional_db: None, off: timedelta, condition: Condition, said: str) -> None:
    wrong = replace(given(), clock=lambda: datetime.now(UTC) + off)
    found = clocks.examine_database(wrong)
    assert found.condition is condition
    assert said in found.found
    with answering(404, date=datetime.now(UTC)) as origin:
        asked = clocks.examine_microsoft(replace(wrong, settings=given(custom_login_url=origin).settings))
    assert asked.condition is condition
    assert said in asked.found


def test_microsoft_that_tells_another_time_or_none_or_is_out_of_reach() -> None:
    with answering(date=datetime(2020, 1, 1, tzinfo=UTC)) as origin:
        assert clocks.examine_microsoft(given(custom_login_url=origin)).condition is FAILS
    with answering() as origin:
        assert clocks.examine_microsoft(given(custom_login_url=origin)).found.endswith("answered without a time.")
    # Its name is not found here, as on a machine without a network.
    assert registry.sign_in_host("global") == "https://login.microsoftonline.com"
    away = clocks.examine_microsoft(given(custom_login_url=None))
    assert (away.condition, away.found) == (
        UNASKED, "login.microsoftonline.com could not be asked for the time (gaierror)."
    )  # fmt: skip


def test_workers_that_live_or_have_stopped(transactional_db: None) -> None:
    assert workers.examine(given()).condition is FAILS
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
        assert workers.examine(given()) == good("1 worker was seen within 1 minute; 0 jobs wait.")
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - '61 seconds'::interval")
    assert workers.examine(given()).fix == "Start one: mailroll worker, or mailroll serve."


def test_a_worker_that_is_silent_over_a_run_is_named_with_its_domain(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = RunRequest.objects.get(id=ask.for_run(customer.domain, Trigger.MANUAL, customer.acting))
    with connection.cursor() as cursor, domain_lock.alone(customer.domain.id, customer.time()):
        make.begin(customer.domain, Trigger.MANUAL, request.id, customer.acting)
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM procrastinate_workers)"
        )
        # A session that has asked nothing for a minute, as this one has not for a moment.
        assert workers.examine(given()).condition is GOOD
        monkeypatch.setattr(domain_lock, "SILENT", timedelta())
        frozen = workers.examine(given())
        assert frozen.condition is WARNS
        assert f"keeps {customer.domain.name} from being synced: process {os.getpid()} on " in frozen.found
        assert "pg_terminate_backend(" in frozen.fix
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() + '1 minute'::interval")
        assert workers.examine(given()).condition is GOOD, "its worker lives, whatever its session asks"
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - '1 hour'::interval")
        assert workers.examine(given()).condition is FAILS
    assert domain_lock.silent_holders() == []


def test_mail_that_leaves_and_mail_that_does_not() -> None:
    assert mail.examine(given(mail=None)).condition is WARNS
    assert mail.examine(given(mail=Mail(MailTransport.STDERR))).condition is WARNS
    with mail_server() as (box, way):
        place = f"127.0.0.1:{way.port}"
        asked = given(mail=way, mail_from="roll@northgate.example")
        assert mail.examine(asked) == good(f"{place} took the sign-in.")
        assert box.taken == []
        sent = mail.examine(replace(asked, letter="jo@northgate.example"))
        assert (sent.condition, len(box.taken)) == (GOOD, 1)
        assert "most servers refuse" in mail.examine(given(mail=way, mail_from="mailroll@localhost")).found
        wrong = mail.examine(given(mail=replace(way, password="never-shown")))
        assert wrong.found == f"{place} refuses the user or the password (535)."
        assert "never-shown" not in repr(wrong)
        no_tls = mail.examine(given(mail=replace(way, transport=MailTransport.STARTTLS)))
        assert (no_tls.condition, no_tls.found) == (FAILS, f"{place} offers no TLS, or no way to sign in.")
        no_line = mail.examine(given(mail=replace(way, transport=MailTransport.TLS)))
        assert (no_line.condition, no_line.found.startswith("No safe line")) == (FAILS, True)
    with closed_port() as port:
        refused = mail.examine(given(mail=replace(way, port=port)))
    assert (refused.condition, "Connection refused" in refused.found) == (FAILS, True)


@pytest.mark.parametrize(
    ("url", "brought", "said"),
    [
        (URL, AdminRequest("console.example.com", secure=True, peer="203.0.113.9", named=("203.0.113.9",)), ""),
        ("http://localhost:8000", AdminRequest("localhost:8000", secure=False, peer="127.0.0.1"), ""),
        (
            URL,
            AdminRequest("console.example.com", secure=False, peer="10.0.0.7", named=("203.0.113.9",)),
            "10.0.0.7, which",
        ),
        (URL, AdminRequest("console.example.com", secure=False, peer="10.0.0.7"), "does not say that it was HTTPS"),
        (URL, AdminRequest("console.example.com", secure=False, peer="10.0.0.7", as_https=True), "and is not believed"),
        (URL, AdminRequest("old.example.com", secure=True, peer="203.0.113.9"), "You came by old.example.com, and"),
        (URL, AdminRequest("console.example.com:8443", secure=True, peer="203.0.113.9"), "console.example.com:8443"),
    ],
)
def test_what_a_request_brings_is_held_against_the_address(url: str, brought: AdminRequest, said: str) -> None:
    found = address.examine(given(brought, url=url))
    assert found.condition is (WARNS if said else GOOD)
    assert said in found.found


def test_the_address_leads_to_the_console() -> None:
    assert address.examine(given(url=None)).condition is WARNS
    with answering(200, b"alive\n") as url:
        assert address.examine(given(url=url)) == good(f"The Console answers at {url}.")
    with answering(404, b"nginx") as url:
        other = address.examine(given(url=url))
    assert (other.condition, other.found) == (FAILS, f"At {url} something else answers (404), not the Console.")
    with closed_port() as port:
        assert address.examine(given(url=f"http://127.0.0.1:{port}")).condition is UNASKED


def test_a_gateway_server_that_told_where_it_answers_and_does_not(customer: Customer) -> None:
    never = gateway.examine_servers(given())
    assert isinstance(never, Diagnosis)
    assert (never.condition, "No gateway has asked yet" in never.found) == (WARNS, True)
    Asker.objects.create(domain=customer.domain, kind="pgsql", last_at=clock.now())
    asked = gateway.examine_servers(given())
    assert isinstance(asked, Diagnosis)
    assert asked.condition is GOOD
    with answering(401) as url:
        told = ListeningPlace.objects.create(machine=socket.gethostname(), place=url, told_at=clock.now())
        ask = gateway.examine_servers(given())
        assert not isinstance(ask, Diagnosis)
        assert ask() == good("1 server answers.")
    gone = ask()
    assert (gone.condition, gone.found) == (FAILS, f"{told.place} told lately that it answers, and does not.")
    ListeningPlace.objects.update(machine="elsewhere", place="socketmap:unix:/run/mailroll.sock")
    elsewhere = gateway.examine_servers(given())
    assert isinstance(elsewhere, Diagnosis)
    assert elsewhere.condition is UNASKED


def test_lists_that_are_old_and_rows_that_were_lost(customer: Customer) -> None:
    unread = gateway.examine_lists(given())
    assert (unread.condition, customer.domain.name in unread.fix) == (WARNS, True)
    Domain.objects.update(read_at=clock.now())
    assert gateway.examine_lists(given()) == good("1 list that is read is young enough.")
    Domain.objects.update(read_at=clock.now() - timedelta(hours=73))
    assert gateway.examine_lists(given()).condition is WARNS
    MissingRows.objects.create(domain_id=customer.domain.id, name="gone.example", count=3, sample=["a@gone.example"])
    assert gateway.examine_lists(given()).found.startswith("Servers go on accepting 3 addresses of gone.example")


def test_a_role_of_a_mail_server_that_lacks_something(transactional_db: None) -> None:
    assert gateway.examine_roles(given()).condition is GOOD
    with role() as name, administrator() as database:
        database.execute(f'CREATE ROLE "{name}"')
        database.execute(f'GRANT EXECUTE ON FUNCTION gateway.access(text) TO "{name}"')
        found = gateway.examine_roles(given())
        assert (found.condition, found.fix) == (WARNS, f"mailroll gateway grant --role {name}")


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    there = given(data_dir=tmp_path / "not" / "made" / "yet")
    assert disk.examine(there, least=0, enough=0).condition is GOOD
    assert disk.examine(there, least=0, enough=2**80).condition is WARNS
    assert disk.examine(there, least=2**80).condition is FAILS


def test_one_check_that_breaks_or_hangs_hides_no_other(transactional_db: None) -> None:
    over = threading.Event()

    def hang(_: Circumstances) -> Diagnosis:
        over.wait()
        return good("Too late.")

    def crash(_: Circumstances) -> Diagnosis:
        raise RuntimeError("postgresql://user:secret@host")

    def ask_badly(_: Circumstances) -> Diagnosis:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM nothing_like_that")
        return good("Not reached.")

    checks = (
        Check("hangs", "Hangs", hang, Asks.OTHERS),
        Check("asks", "Asks", ask_badly),
        Check("crashes", "Crashes", crash, Asks.NOBODY),
        Check("workers", "Workers", workers.examine),
    )
    found = examination.examine(given(), checks, within=0.01)
    over.set()
    assert [one.code for one in found] == ["hangs", "asks", "crashes", "workers"]
    assert [one.diagnosis.condition for one in found] == [UNASKED, UNASKED, UNASKED, FAILS]
    assert "secret" not in repr(found)
    # What bounded its statements is as it was.
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
