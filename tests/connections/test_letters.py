"""Every letter of ours, brought to a real SMTP server: nothing that others wrote speaks for us or can be clicked."""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from hypothesis import given
from hypothesis import strategies as st
from linkify_it import LinkifyIt
from pytest_django import Settings

import mailroll
from mailroll.accounts import adapters, invitations, mail
from mailroll.accounts.letters import Letter, Quoted, defused
from mailroll.accounts.models import Invitation, Operator, Role
from mailroll.connections.consent import letters
from mailroll.connections.models import ConsentLink
from mailroll.directory.models import Domain, Organization
from mailroll.settings import Mail
from mailroll.settings.mail import MailTransport
from tests.alerts.receivers import MailServer

AT = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
OURS = "https://console.example.com/consent/t0ken/"
HOME = "http://console.example.com"
"""What a program may make of the Console's own host, which stands in sentences of ours."""
TO = "bob@firm.example"

HOSTILE = {
    "a page": "your account is locked, see http://evil.example/login",
    "a page in capitals": "HTTPS://EVIL.EXAMPLE/LOGIN",
    "www": "www.evil.example",
    "a bare name": "evil.com",
    "a name in a sentence": "Firm Ltd. Go to evil.com now",
    "an address": "ann@evil.com",
    "no scheme": "//evil.com/login",
    "wide forms": "ｈｔｔｐ：／／ｗｗｗ．ｅｖｉｌ．ｃｏｍ",
    "a Japanese full stop": "evil。com and evil｡com",
    "a stop and nothing seen": "evil.\u200bcom, evil\u200b.com, evil.\u2060com, ev\u00adil.com",
    "a folder of Windows": "\\\\evil.com\\share",
    "numbers": "http://203.0.113.7:8080/ and 203.0.113.7",
    "a number": "http://3405803783/",
    "a script": "javascript:alert(1) <a href='https://evil.com'>here</a> <script>evil()</script>",
    "another header": "evil\r\nBcc: all@evil.com\r\nSubject: your account is locked\r\n\r\nhttp://evil.com",
    "another line": "evil\nSent by: the police\u2028Sent by: your bank\x85Sent by: us\x0bSent by: you",
    "turned around": "\u202emoc.live//:ptth\u202c \u2066evil\u2069 \u200fevil",
    "controls": "evil\x00\x07\x1b[2J\x7f",
    "half a sign": "evil \ud800",
    "another alphabet": "M\u0456crosoft.evil",
    "ten thousand": "evil " * 2000,
    "one word of ten thousand": "evil." * 2000,
    "a template": "{{ link }} {% evil %} %(link)s {link}",
}


class Postbox:
    """A mailbox on an SMTP server of this machine."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the hook's name
        self.taken.append(envelope)
        return "250 taken"

    def only(self) -> EmailMessage:
        """Return the one letter that came, as it was sent, and forget it."""
        (envelope,) = self.taken
        self.taken.clear()
        assert envelope.rcpt_tos == [TO]
        assert isinstance(envelope.content, bytes)
        read = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        return read


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    running = MailServer(box, hostname="127.0.0.1", port=0)
    running.start()
    yield box, running.port
    running.stop()


@pytest.fixture
def postbox(server: tuple[Postbox, int], settings: Settings) -> Postbox:
    box, port = server
    box.taken.clear()
    settings.MAILROLL = replace(
        settings.MAILROLL, mail=Mail(MailTransport.PLAIN, "127.0.0.1", port), url="https://console.example.com"
    )
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    return box


def _operator(name: str) -> Operator:
    return Operator(name=name, email=TO)


def _link(name: str) -> ConsentLink:
    return ConsentLink(domain=Domain(name=name), created_by=_operator(name), expires_at=AT)


def _asking(name: str) -> Letter:
    place = Organization(name=name)
    return letters.asking(_link(name), TO, by=_operator(name), of=place, address=OURS)


def _invitation(name: str) -> Letter:
    offer = Invitation(
        email=TO,
        organization=Organization(name=name),
        role=Role.VIEWER,
        invited_by=_operator(name),
        expires_at=AT,
    )
    return invitations.letter(offer, OURS)


LETTERS: dict[str, Callable[[str], Letter]] = {
    "invitation": _invitation,
    "consent": _asking,
    "outcome": lambda name: letters.outcome(_link(name), "connected", "A consent.", Quoted("What happened", name, 600)),
    "reset": lambda _: adapters._reset(TO, OURS),
    "unknown": lambda _: adapters._unknown(TO),
    "changed": lambda _: mail.changed(TO, "your password was changed."),
}


@functools.cache
def _generous() -> LinkifyIt:
    return LinkifyIt().add("tel:", {"validate": r"^\+?\d+"}).tlds("evil", keep_old=True).tlds("example", keep_old=True)


def _clickable(text: str) -> list[str]:
    """What a program that is generous about links makes one of, also in the plain form of every sign."""
    plain = unicodedata.normalize("NFKC", text).replace("。", ".")
    bare = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    found = {one.url for version in (text, plain, bare) for one in _generous().match(version) or ()}
    return sorted(found | set(re.findall(r"\\\\\w\S*", text)))


def _parts(message: EmailMessage) -> tuple[str, str]:
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    assert isinstance(plain, EmailMessage)
    assert isinstance(rich, EmailMessage)
    return str(plain.get_content()), str(rich.get_content())


def _shown(html: str) -> str:
    """What a person reads of HTML, a line for each row and paragraph."""
    body = html.partition("<body>")[2]
    rows = re.sub(r"</th><td>", " ", re.sub(r"\s*\n\s*", " ", body))
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(?:p|tr)>", "\n", rows)))


@pytest.mark.parametrize("kind", list(LETTERS))
def test_what_others_wrote_stands_on_a_line_of_its_own_and_is_no_link(postbox: Postbox, kind: str) -> None:
    calm = LETTERS[kind]("calm")
    for name in HOSTILE.values():
        letter = LETTERS[kind](name)
        assert mail.send(letter)
        came = postbox.only()
        assert [came[header] for header in ("Subject", "To", "Bcc")] == [f"Mailroll: {calm.subject}", TO, None]
        assert {header.lower() for header in came} == {
            *("content-type", "mime-version", "subject", "from", "to", "date", "message-id"),
            *({"x-peer", "x-mailfrom", "x-rcptto"} & {header.lower() for header in came}),
        }
        plain, rich = _parts(came)
        for text in (plain, _shown(rich)):
            assert text.split("\n")[0].strip() == calm.opening
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            assert len(lines) == len([line for line in calm.text.splitlines() if line.strip()])
            labels = tuple(f"{one.label}: " for one in letter.quoted)
            assert all(line.startswith(labels) for line in lines if "evil" in line.lower())
            assert max(map(len, lines)) < 700
            assert set(_clickable(text)) - {HOME} == ({OURS} if letter.link else set())
        assert re.findall(r'href="([^"]*)"', rich) == ([OURS] if letter.link else [])
        assert "<script" not in rich


@pytest.mark.parametrize("kind", list(LETTERS))
def test_both_forms_of_a_letter_say_the_same(postbox: Postbox, kind: str) -> None:
    assert mail.send(LETTERS[kind]("Müller & Söhne <GmbH>"))
    plain, rich = _parts(postbox.only())
    read = [[" ".join(line.split()) for line in text.splitlines() if line.strip()] for text in (plain, _shown(rich))]
    assert read[0] == read[1]


@given(st.text(st.sampled_from("evil.com:/\\@。．｡www \u200b\u2060\u00ad\n\r") | st.characters(), max_size=60))
def test_of_no_text_a_link_is_left(text: str) -> None:
    harmless = defused(text)
    assert len(harmless) <= 100
    assert len(harmless.splitlines()) <= 1
    assert [one for one in _clickable(harmless) if "." in one or "//" in one] == []


def test_an_ordinary_name_stays_as_it_is() -> None:
    for name in ("Northgate IT", "Müller & Söhne GmbH", "J. R. Smith, Ltd.", "日本水道", "شرکت آب\u200cرسانی", "R/D"):
        assert Quoted("Of", name).harmless == name


@pytest.mark.parametrize(("name", "mixed"), [("M\u0456crosoft", True), ("Жук Ltd", False), ("Ω Group", False)])
def test_a_word_of_several_alphabets_is_told(name: str, mixed: bool) -> None:
    assert Quoted("Of", name).harmless.endswith(" (letters of several alphabets)") is mixed


def test_a_server_that_is_away_is_no_error(settings: Settings) -> None:
    # Port 1 is of TCPMUX, which nobody serves: the connection is refused at once.
    settings.MAILROLL = replace(settings.MAILROLL, mail=Mail(MailTransport.PLAIN, "127.0.0.1", 1))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert not mail.send(_asking("Firm"))


def test_nothing_leaves_but_letters() -> None:
    """A message that is put together elsewhere has none of this."""
    root = Path(mailroll.__file__).parent
    senders = {str(path.relative_to(root)) for path in root.rglob("*.py") if "core.mail" in path.read_text("utf-8")}
    # The doctor looks whether a letter leaves at all, to whoever asked for it.
    assert senders == {"accounts/letters.py", "accounts/mail.py", "config/web.py", "insight/doctor/mail.py"}
