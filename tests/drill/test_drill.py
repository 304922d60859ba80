"""The drill: from nothing to restored, as docs/how-to/drill.md tells it, told step by step with what was seen.

What is typed is read from that page. Real are the wheels, the browser, Caddy, Postfix, SMTP and HTTP; Microsoft 365 is
the simulator, from its own wheel.
"""

import base64
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Final

import psycopg
import requests
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Locator, Page, expect

from mailroll.gateway.recipes import EXAMPLE, render
from tests.alerts.receivers import Desk, Mailbox, desk, mailbox
from tests.cli.demonstration import nothing_runs_of
from tests.console.browser import steps
from tests.console.browser.conftest import DESKTOP, PATIENCE, opened_browser
from tests.console.people import PASSWORD
from tests.drill.stand import BLOCKS, Stand, stand
from tests.gateways_real.servers import postfix, processes, web
from tests.gateways_real.servers.postfix import Postfix
from tests.gateways_real.servers.smtp import said
from tests.migrations import reconnection
from tests.migrations.test_dump import DUMP, KEY
from tests.packaging import test_dist as wheels
from tests.ports import reserved_port
from tests.sync import world

DOMAIN: Final = "coldharbour.example"
KNOWN, DRIVER, JOINER, NOBODY = (
    f"{name}@{DOMAIN}" for name in ("sadia.rahman", "alan.sturgess", "ines.calloway", "nobody")
)
ACCEPTED, REFUSED, LATER = "250 2.1.5", "550 5.1.1", "451 4.3.5"


class Drill:
    """All who take part: the stand, who takes letters and posts, and later the browser and the mail server."""

    link: str
    page: Page
    mail_server: Postfix
    recovery_codes: list[str]
    webhook_secret: str

    def __init__(self, place: Stand, box: Mailbox, hook: Desk, started: ExitStack) -> None:
        self.place, self.box, self.hook, self.started = place, box, hook, started
        self.machine = started.enter_context(ExitStack())
        """What runs on the machine that will be gone."""
        self.microsoft = started.enter_context(requests.Session())
        self.microsoft.trust_env = False

    def at_microsoft(self, method: str, path: str, **body: Any) -> None:
        url = f"{self.place.document('where.json')['control_url']}/{path}"
        self.microsoft.request(method, url, json=body, timeout=processes.PATIENCE).raise_for_status()

    def answers(self, *wanted: str) -> bool:
        return self.place.run("ask").split() == list(wanted)

    def replies(self, **codes: str) -> bool:
        """Whether Postfix says these codes, by the name of a constant of this module."""
        wanted = {globals()[name]: code for name, code in codes.items()}
        return said(self.mail_server.port, *wanted) == wanted


def test_from_nothing_to_restored(root: Path) -> None:
    with mailbox() as box, desk() as hook, stand(root, box.port) as place, ExitStack() as started:
        drill = Drill(place, box, hook, started)
        for number, step in enumerate(STEPS, 1):
            try:
                print(f"{number}. {step(drill)}", flush=True)
            except BaseException:
                print(f"{number}. Here it failed: {step.__name__}", flush=True)
                raise
    assert place.taken == set(BLOCKS), "the page tells to type what the drill does not"
    assert nothing_runs_of(str(place.folder))


def install(drill: Drill) -> str:
    place = drill.place
    wheels.run("make", "dist", f"DIST={place.folder}/dist")
    wheels.keep_versions(f"{place.folder}/versions.txt")
    environment = f"export UV_PYTHON={sys.executable} UV_CONSTRAINT=versions.txt\n"
    place.type("install", environment + place.text("install"))
    (module,) = place.type("module", "mailroll/bin/python -c 'import mailroll; print(mailroll.__file__)'").splitlines()
    assert module.startswith(f"{place.folder}/mailroll/lib/"), module
    return "Mailroll and the simulated Microsoft 365 were installed from their wheels, each in an empty environment."


def begin_microsoft(drill: Drill) -> str:
    place = drill.place
    place.start(drill.started, "microsoft", lambda _: (place.folder / "where.json").exists())
    # Who is added is listed at once: nothing here is to depend on how fast this machine is.
    drill.at_microsoft("PATCH", f"tenants/{DOMAIN}", late=0, index_late=0)
    place.run("settings")
    place.begin_terminals_with("shell")
    (tenant,) = place.document("where.json")["tenants"]
    return f"{tenant['display_name']} is there, and has consented to nothing."


def serve(drill: Drill) -> str:
    place = drill.place
    log = place.start(drill.machine, "serve", lambda said: f"{place.url}/start/" in said)
    drill.link = next(line.strip() for line in log.splitlines() if "/start/" in line)
    return "mailroll serve made its database, and printed the link that makes the first account."


def put_caddy_in_front(drill: Drill) -> str:
    authority = _caddy(drill, drill.place.ports)
    options = f"--ignore-certificate-errors-spki-list={_fingerprint(authority.with_name('intermediate.crt'))}"
    browser = drill.started.enter_context(opened_browser(options))
    context = browser.new_context(base_url=drill.place.url, viewport=DESKTOP, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    drill.started.callback(context.close)
    drill.page = context.new_page()
    return "Caddy speaks TLS in front of it, with an authority of its own; database, tables and worker are ready."


def begin_as_first_operator(drill: Drill) -> str:
    page = drill.page
    page.goto(drill.link)
    steps.introduce(page, PASSWORD, PASSWORD)
    expect(page.get_by_text("A role of yours asks for a second factor.")).to_be_visible()
    drill.recovery_codes = steps.set_up_app(page)
    steps.add_first_domain(page, DOMAIN)
    return f"Priya Raman of Northgate IT has an account with a second factor, and has added {DOMAIN}."


def connect(drill: Drill) -> str:
    page = drill.page
    page.goto(f"/domains/{DOMAIN}/user-sync/")
    steps.choose_office_365(page)
    page.get_by_role("link", name="Connect Office 365").click()
    _confirm(page, page.locator("input[name=other_account]"))
    (tenant,) = drill.place.document("where.json")["tenants"]
    account = tenant["accounts"][0]
    steps.sign_in_at_microsoft(page, account["name"], account["password"])
    steps.accept(page)
    told = page.get_by_text(re.compile(r"\d+ mailboxes of coldharbour\.example can be read")).first.inner_text()
    read = re.search(r"\d+ mailboxes of coldharbour\.example can be read", told)
    assert read is not None
    return f"An administrator has consented: {read[0]}."


def sync(drill: Drill) -> str:
    page = drill.page
    steps.back_to_user_sync(page, DOMAIN)
    steps.preview(page)
    expect(page.get_by_text("Within all limits.")).to_be_visible()
    steps.back_to_user_sync(page, DOMAIN)
    steps.sync(page)
    expect(page.get_by_text("Applied").first).to_be_visible()
    page.goto(f"/domains/{DOMAIN}/user-sync/")
    steps.switch_on(page)
    # Else a run of its own might come between, within the hour and at a time that nobody knows.
    drill.place.run("seldom")
    return (
        f"A preview was looked at, automatic sync is on, and Sync & Save has put {_people(drill)} users into the list."
    )


def add_webhook(drill: Drill) -> str:
    page = drill.page
    page.goto("/alerts/")
    page.get_by_role("link", name="Rules and channels").click()
    page.get_by_role("link", name="Add a channel").click()
    field = page.get_by_label("What it is")
    _confirm(page, field)
    field.select_option("webhook")
    page.get_by_label("Address", exact=True).fill(drill.hook.url())
    page.get_by_label("Name", exact=True).fill("Desk")
    page.get_by_role("button", name="Add channel").click()
    drill.webhook_secret = page.locator("#secret").inner_text()
    page.get_by_role("link", name="Tick what is told there").click()
    page.get_by_role("row", name=re.compile("^Removals wait")).get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="Save rules").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    return "Alerts about held removals go by mail and to a signed webhook."


def ask_as_mail_server(drill: Drill) -> str:
    place = drill.place
    place.run("token")
    _gateway(drill)
    (recipe,) = render("postfix-socketmap", EXAMPLE)
    folder = place.folder / "postfix"
    folder.mkdir()
    text = recipe.text
    for told, here in place.places.items():
        text = text.replace(told, here)
    drill.mail_server = drill.started.enter_context(postfix.started(postfix.configure(place.root, folder, text, {})))
    processes.wait(lambda: drill.answers("accept", "accept", "unknown", "unknown"), "the gateway knows the list")
    assert drill.replies(KNOWN=ACCEPTED, DRIVER=ACCEPTED, JOINER=REFUSED, NOBODY=REFUSED)
    return "Postfix asks: the people of Coldharbour are accepted, a stranger is refused with 550."


def delete_many(drill: Drill) -> str:
    place, before = drill.place, _people(drill)
    place.run("delete")
    place.run("sync", code=3)
    told = re.search(r"(\d+) removals wait for you", place.run("alerts"))
    assert told is not None
    assert _people(drill) == before
    processes.wait(
        lambda: any(told[0] in _text(letter.original_content) for letter in drill.box.taken), "a letter tells it"
    )
    processes.wait(lambda: drill.hook.posts, "the webhook tells it")
    post = drill.hook.posts[0]
    assert post.is_signed_with(drill.webhook_secret)
    (event,) = json.loads(post.body)["data"]["events"]
    assert (event["cause"], event["title"], event["domains"]) == ("removals_wait", told[0], [DOMAIN])
    assert drill.replies(KNOWN=ACCEPTED, DRIVER=ACCEPTED, NOBODY=REFUSED)
    return f"{told[1]} of {before} would be removed: held. Mail and webhook said so, and their mail is accepted."


def back_up(drill: Drill) -> str:
    (first, *_) = drill.place.run("backup").splitlines()
    drill.place.run("joiner")
    return f"Backed up: {first.partition(': ')[2]} Somebody has joined since."


def restore_elsewhere(drill: Drill) -> str:
    place = drill.place
    drill.machine.close()
    place.begin_terminals_with("elsewhere")
    place.run("restore")
    console = reserved_port()
    place.places["--port 8001"] = f"--port {console}"
    place.start(drill.started, "serve-elsewhere", lambda said: "Working on" in said)
    _caddy(drill, replace(place.ports, console=console))
    return "That machine is gone. Restored into another folder: the same list, and every credential opens."


def ask_what_was_restored(drill: Drill) -> str:
    _gateway(drill)
    processes.wait(lambda: drill.answers("accept", "accept", "cannot_say", "cannot_say"), "the gateway knows the list")
    # An smtpd keeps what it could not find out about an address: smtpd_resolve.c. A new one asks again.
    assert drill.mail_server.run("postfix", "reload").returncode == 0
    processes.wait(
        lambda: drill.replies(KNOWN=ACCEPTED, DRIVER=ACCEPTED, JOINER=LATER, NOBODY=LATER), "Postfix asks again"
    )
    return "Who is in the list is accepted, who is not is put off with 451: who has joined since is not refused."


def sync_what_was_restored(drill: Drill) -> str:
    page = drill.page
    steps.sign_in(page, PASSWORD)
    page.get_by_label("Code from your app, or a recovery code").fill(drill.recovery_codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Domains", level=1)).to_be_visible()
    page.goto(f"/domains/{DOMAIN}/user-sync/")
    expect(page.get_by_role("switch", name="Enable Automatic User Sync")).not_to_be_checked()
    expect(page.get_by_text("This domain was restored from a backup")).to_be_visible()
    steps.preview(page)
    steps.sync(page)
    expect(page.get_by_text("Applied").first).to_be_visible()
    processes.wait(lambda: drill.answers("accept", "accept", "accept", "unknown"), "the gateway knows the list")
    processes.wait(
        lambda: drill.replies(KNOWN=ACCEPTED, DRIVER=ACCEPTED, JOINER=ACCEPTED, NOBODY=REFUSED), "Postfix asks again"
    )
    return "A recovery code let in, automatic sync was off. Since a sync the joiner is accepted, a stranger is refused."


def upgrade(drill: Drill) -> str:
    """Of the database that `tests/migrations/README.md` tells of."""
    place = drill.place
    place.begin_terminals_with("before")
    _older_database(place)
    place.run("upgrade")
    tenant = _tenant_of_then(drill)
    where = place.document("where.json")
    values = {name: where[name] for name in ("login_url", "graph_url", "ca_file")} | where["app"]
    program = shutil.copy(reconnection.__file__, place.folder)
    place.type("reconnect", f"mailroll/bin/python {program} '{json.dumps(values | {'tenant': tenant})}'")
    # Whom people had added to that tenant is not in this one: as far as they are many, they wait for a person.
    synced = place.run("sync-upgraded", code=3)
    held = re.search(rf"Applied: {world.DOMAIN}\n.*HELD \(removals\): (\d+) of", synced, re.DOTALL)
    assert held is not None, synced
    return f"A database of an earlier version is up to date, every secret opens, and a sync holds {held[1]} removals."


STEPS: Final[tuple[Callable[[Drill], str], ...]] = (
    install, begin_microsoft, serve, put_caddy_in_front, begin_as_first_operator, connect, sync, add_webhook,
    ask_as_mail_server, delete_many, back_up, restore_elsewhere, ask_what_was_restored, sync_what_was_restored, upgrade,
)  # fmt: skip


def _caddy(drill: Drill, ports: web.Ports) -> Path:
    """Start Caddy, wait until it leads to an installation that is ready, and return its authority's certificate."""
    place = drill.place
    authority = drill.machine.enter_context(web.caddy(place.root, place.folder, place.text("caddy"), ports))
    processes.wait(authority.exists, "Caddy has an authority")
    shutil.copy(authority, place.folder / "root.crt")
    processes.wait(lambda: place.works("reach"), "the Console is ready behind Caddy")
    return authority


def _fingerprint(certificate: Path) -> str:
    """Name its key as Chromium takes it: whatever else is not certified stays an error."""
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    return base64.b64encode(
        hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    ).decode()


def _gateway(drill: Drill) -> None:
    drill.place.start(drill.machine, "gateway", lambda said: said.count("Answering on ") == 2)


def _people(drill: Drill) -> int:
    return len(json.loads(drill.place.type("users", f"mailroll users {DOMAIN} --json")))


def _confirm(page: Page, wanted: Locator) -> None:
    """Type the password once more where it is asked for: a sign-in holds for five minutes."""
    asked = page.get_by_role("heading", name="Confirm that it is you")
    expect(asked.or_(wanted).first).to_be_visible()
    if asked.is_visible():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()


def _text(letter: bytes | str | None) -> str:
    assert isinstance(letter, bytes)
    body = message_from_bytes(letter, policy=policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def _older_database(place: Stand) -> None:
    start = "from mailroll import embedded; print(embedded.ensure(Path('before').absolute()).address.dsn)"
    dsn = place.type("before", f'mailroll/bin/python -c "from pathlib import Path; {start}"').strip()
    with psycopg.connect(dsn, autocommit=True) as database:
        database.execute(DUMP.read_text(encoding="utf-8").encode())
    key = place.folder / "before/secret.key"
    key.touch(mode=0o600)
    key.write_text(f"{KEY}\n", encoding="ascii")


def _tenant_of_then(drill: Drill) -> str:
    """Have the tenant that the dump was filled from, with the same ids, and its consent."""
    tenant = world.tenant()
    drill.at_microsoft(
        "POST", "tenants", display_name=tenant.display_name, initial_domain=tenant.initial_domain, id=tenant.id
    )
    drill.at_microsoft("PUT", f"tenants/{tenant.id}/domains/{world.DOMAIN}", default=True)
    for user in tenant.users:
        local, _, domain = user.upn.partition("@")
        name = user.properties["displayName"]
        drill.at_microsoft(
            "POST", f"tenants/{tenant.id}/users", display_name=name, local=local, domain=domain, id=user.id
        )
    app = drill.place.document("where.json")["app"]["client_id"]
    drill.at_microsoft("PUT", f"tenants/{tenant.id}/apps/{app}")
    return tenant.id
