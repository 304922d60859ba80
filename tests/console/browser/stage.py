"""A provider with customers in the states that screens tell apart, made by the use cases themselves."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.test import Client
from playwright._impl._api_structures import SetCookieParam

from mailroll.accounts import refusals
from mailroll.accounts.models import Membership, Operator, Role
from mailroll.alerts import attention, evaluation, rules
from mailroll.alerts.causes import AlertCause, Severity
from mailroll.alerts.channels import storage
from mailroll.alerts.models import Alert, AlertChannel, ChannelKind
from mailroll.audit import origin
from mailroll.audit.actor import Acting
from mailroll.audit.notes import Subject
from mailroll.audit.repetitions import note_repeated
from mailroll.connections import check, new_domains, sources
from mailroll.connections.consent import departure, links, refusal
from mailroll.connections.models import AttemptStep, ConsentAttempt, Source
from mailroll.connectors import registry
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization, Serving
from mailroll.gateway.answers import Answer
from mailroll.gateway.demand import WOULD_REFUSE
from mailroll.gateway.models import AnswerCount, Asker, RefusedAddress
from mailroll.reconcile.model import Kind
from mailroll.sync.models import Run, RunRequest
from mailroll.sync.progress import never
from mailroll.sync.runs import answer as answers
from tests.console.browser.apart import apart
from tests.console.people import People, confirm, hire
from tests.sync.world import Customer


@dataclass(frozen=True)
class Stage:
    """Where the Console is, who uses it, and what there is to look at."""

    url: str
    customer: Customer
    people: People
    preview: Run
    held: Run
    unconnected: Domain
    second: Domain
    waiting: Source
    newcomer: Operator
    provider: Operator
    connecting: Source
    link: str
    refused: ConsentAttempt
    asking: ConsentAttempt

    def cookie(self, who: str, *, confirmed: bool = True) -> SetCookieParam:
        """The session of somebody who is signed in, and has confirmed that it is them."""
        client = Client()
        beside = {"nobody": self.newcomer, "provider": self.provider}
        client.force_login(beside[who] if who in beside else getattr(self.people, who))
        if confirmed:
            confirm(client)
        name = settings.SESSION_COOKIE_NAME
        return {"name": name, "value": client.cookies[name].value, "url": self.url}


def answer() -> None:
    """Do what a worker would, with all that was asked for."""

    def carry_out() -> None:
        for request in RunRequest.objects.filter(outcome=""):
            answers.answer(request.id, never)

    apart(carry_out)


def _by_hand(customer: Customer) -> None:
    """What people did in the roll: a user of their own, a group, a pin, a move."""
    acting, domain = Acting("operator:priya@northgate.example", customer.time), customer.domain
    edit.add_group(domain, "Clinical", acting)
    edit.add_user(
        domain,
        f"fax@{domain.name}",
        acting,
        aliases=[f"door.phone@{domain.name}"],
        display_name="Fax and door phone",
        kind=Kind.STATIC,
    )
    lists = edit.Static(
        f"all@{domain.name}",
        (f"everybody.at.brightwater@{domain.name}",),
        "Tom Ellery",
        "Dynamic list of all staff",
        date(2026, 3, 1),
    )
    edit.add_static(domain, lists, acting)
    moved = customer.user(f"p7@{domain.name}").id
    edit.move_user(domain, moved, "Clinical", acting)
    edit.pin(domain, moved, acting)


def _several_domains(customer: Customer) -> Domain:
    """A tenant with more domains than one: an alias domain, one that is not here, and one that waits for its source."""
    for name in ("brightwater.test", "brightwater-freight.example", "brightwater-shop.example"):
        customer.tenant.add_domain(name)
    edit.add_domain_alias(customer.domain, "brightwater.test", customer.acting)
    check.check(customer.connection, customer.domain, customer.acting)
    acting = Acting("operator:priya@northgate.example", customer.time)
    left_out = f"{customer.tenant.id}:00000000-0000-4000-8000-000000000001"
    address = f"scanner@{customer.domain.name}"
    edit.exempt_object(customer.domain, left_out, acting, display_name="Scanner Test", address=address)
    return edit.add_domain(customer.domain.organization, "brightwater-shop.example", customer.acting)


def _asked(served: Domain, watched: Domain, now: datetime) -> None:
    """What gateways asked: of a domain that is served for two weeks, and of one that is watched."""
    answers = ((Answer.ACCEPT.value, 900), (Answer.UNKNOWN.value, 90), (Answer.LATER.value, 8))
    for ago in range(14):
        for told, count in answers:
            day = now.date() - timedelta(days=ago)
            AnswerCount.objects.create(domain=served, day=day, answer=told, count=count + 37 * (ago % 5))
    Asker.objects.create(domain=served, kind="socketmap", last_at=now)
    AnswerCount.objects.create(domain=watched, day=now.date(), answer=WOULD_REFUSE, count=14)
    Asker.objects.create(domain=watched, kind="http", name="gw1", last_at=now)
    for local, count in (("accounts", 9), ("old.hand", 5)):
        address = f"{local}@{watched.name}"
        RefusedAddress.objects.create(
            domain=watched, address=address, watched=True, first_at=now, last_at=now, count=count
        )
    way = edit.ServingWay(Serving.WATCH, plus_tags=True, stale_hours=72)
    edit.set_serving(watched, way, Acting("operator:priya@northgate.example"))


def _alerted(customer: Customer) -> None:
    """What needs somebody: what has come so far, a secret that ends, and a gateway that is seen to."""
    now = customer.time()
    customer.connection.refresh_from_db()
    customer.connection.credential_ends_at = now + timedelta(days=7)
    customer.connection.save(update_fields=["credential_ends_at"])
    Asker.objects.filter(kind="http").update(last_at=now - timedelta(days=2))
    evaluation.evaluate(now)
    place, acting = customer.domain.organization, Acting("operator:priya@northgate.example", customer.time)
    hook = storage.add(place, ChannelKind.WEBHOOK, "Desk", "https://desk.northgate.example/hooks/x", acting).channel
    failing = storage.add(place, ChannelKind.MAIL, "Night shift", "night@northgate.example", acting).channel
    AlertChannel.objects.filter(id=hook.id).update(last_at=now, last_answer="Answered 202 in 140 ms.")
    AlertChannel.objects.filter(id=failing.id).update(
        last_at=now, last_answer="The mail server did not take the letter.", failures=2
    )
    old = rules.WantedRule(AlertCause.LIST_OLD, Severity.URGENT, 6, True, frozenset({hook.id}))
    rules.save(place, [old], acting)
    silent = Alert.objects.get(cause=AlertCause.GATEWAY_SILENT)
    attention.acknowledge(
        silent,
        "The gateway is moved this week, back on Monday.",
        Acting("operator:tom@northgate.example", customer.time),
    )


def _guessed(people: People) -> None:
    """Somebody tried passwords, from an address as long as they are."""
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
    with origin.within(origin.Origin("2001:db8:85a3:8d3:1319:8a2e:3707:7348", agent)):
        for _ in range(4):
            about = Subject(people.technician.email)
            note_repeated(Acting("visitor"), refusals.FAILED, about, apart="", by="password")


def build(customer: Customer, url: str) -> Stage:
    """1. A first sync  2. more go than may: held  3. a preview that waits  4. a customer that is not connected."""
    people = hire(customer.domain.organization)
    second = _several_domains(customer)
    _guessed(people)
    customer.sync()
    _by_hand(customer)
    leavers = [user for user in customer.tenant.users if user.purpose == "user"][:5]
    for user in leavers:
        customer.tenant.delete_user(user)
    customer.tenant.add_user("Ines Calloway", local="ines.calloway")
    customer.time.pass_(hours=1)
    applied = customer.sync()
    customer.time.pass_(hours=1)
    disputed = [f"fax@{customer.domain.name}", "a.osei@brightwater-freight.example"]
    customer.tenant.add_user("Amara Osei", local="a.osei", aliases=disputed)
    preview = customer.preview()
    held = applied.waits_in
    if held is None:
        raise AssertionError("five removals of twelve were not held")
    surgery = edit.add_organization("Coldharbour Surgery", customer.acting)
    Membership.objects.create(operator=people.owner, organization=surgery, role=Role.ADMINISTRATOR)
    unconnected = edit.add_domain(surgery, "coldharbour.example", customer.acting)
    waiting = sources.choose(unconnected, "microsoft365", customer.acting)
    new_domains.register_domain(surgery, "rookery.example", customer.acting, proved=False)
    newcomer = Operator.objects.create_user("new@northgate.example", name="Nia Newcomer")
    provider = Operator.objects.create_user("root@northgate.example", name="Petra Provider")
    for top in Organization.objects.filter(parent=None):
        Membership.objects.create(operator=provider, organization=top, role=Role.ADMINISTRATOR)
    connecting = sources.choose(
        edit.add_domain(surgery, "brightwater-two.example", customer.acting), "microsoft365", customer.acting
    )
    link = links.address(links.make(connecting, people.owner, Acting("test:setup")))
    _asked(customer.domain, second, customer.time())
    attempts = _attempts(connecting, people.owner, url)
    _alerted(customer)
    return Stage(
        *(url, customer, people, preview, held, unconnected, second, waiting, newcomer, provider, connecting, link),
        *attempts,
    )


def _attempts(source: Source, owner: Operator, url: str) -> tuple[ConsentAttempt, ConsentAttempt]:
    """One that was refused, and one that waits for Microsoft, whose turn to ask is far off."""
    acting, made = Acting("test:setup"), []
    for session in ("one", "two"):
        token = departure.start_token(source, owner, session, acting)
        departure.begin(token, owner, session, url, acting)
        made.append(ConsentAttempt.objects.latest("started_at"))
    refused = refusal.refuse(
        made[0], registry.sign_in_of("microsoft365").not_administrator("reception@brightwater-two.example"), acting
    )
    waiting = made[1]
    waiting.step, waiting.account, waiting.role = (
        AttemptStep.WAITING,
        "it@brightwater-two.example",
        "Global Administrator",
    )
    waiting.accepted_at, waiting.next_try_at = acting.now(), acting.now() + timedelta(days=1)
    waiting.save()
    return refused, waiting
