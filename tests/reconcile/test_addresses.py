"""Addresses have one canonical form, and whatever text arrives gets it or a reason, never an exception."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailroll.reconcile.addresses import (
    ADDRESS_MAX,
    DOMAIN_MAX,
    LOCAL_MAX,
    Address,
    AddressFault,
    DomainFault,
    DomainName,
    ProxyAddress,
    ProxyRole,
    canonical,
    domain_of,
    in_order,
    is_onmicrosoft,
    mail_domain,
    u_labels,
)
from mailroll.reconcile.addresses import (
    given as given_address,
)

_PIECES = st.sampled_from(
    [
        *("a", "B", "@", ".", "d.example", "D.EXAMPLE", "*", " ", "\t", "\0", "\x7f", '"', "\\", "(", ",", "-", "xn--"),
        *("\u212a", "\u017f", "\u0130", "\u0131", "\uff20", "\uff0e", "\u3002", "ß", "ẞ", "ς", "Σ", "\ud800"),
        *("e\u0301", "é", "É", "\u200b", "\u00a0", "\u202e", "\U0001f4e7", "l" * 63, "münchen", "xn--mnchen-3ya"),
    ]
)
texts = st.one_of(
    st.text(st.characters(exclude_categories=[])),
    st.lists(_PIECES, max_size=8).map("".join),
    st.tuples(st.lists(_PIECES, max_size=3).map("".join), st.lists(_PIECES, max_size=4).map("".join)).map("@".join),
)


@given(texts)
@example("\u212a@d.example")
@example("a@\u017fd.example")
@example("a" * 65 + "@d.example")
def test_any_text_has_a_canonical_form_or_a_reason(text: str) -> None:
    first = canonical(text)
    if isinstance(first, AddressFault):
        return
    assert canonical(first) == first
    local, _, domain = first.rpartition("@")
    assert 0 < len(local.encode()) <= LOCAL_MAX
    assert 0 < len(domain) <= DOMAIN_MAX
    assert len(first.encode()) <= ADDRESS_MAX
    assert domain.isascii()
    assert first.isprintable()
    assert not set(first) & set(' *"(),:;<>[\\]')
    assert local == "".join(one.lower() if one.isascii() else one for one in text.rpartition("@")[0])
    assert mail_domain(domain) in (domain, DomainFault.ONMICROSOFT)


@given(texts, texts)
def test_two_texts_are_one_address_only_by_ascii_case_and_the_domain_s_two_forms(one: str, other: str) -> None:
    first, second = canonical(one), canonical(other)
    if first == second and not isinstance(first, AddressFault):
        ours, theirs = one.rpartition("@")[0], other.rpartition("@")[0]
        assert len(ours) == len(theirs)
        assert all(
            a == b or (a.isascii() and b.isascii() and a.lower() == b.lower())
            for a, b in zip(ours, theirs, strict=True)
        )
        assert mail_domain(one.rpartition("@")[2]) == mail_domain(other.rpartition("@")[2])


@given(texts)
def test_any_text_is_a_mail_domain_or_has_a_reason(text: str) -> None:
    first = mail_domain(text)
    if not isinstance(first, DomainFault):
        assert mail_domain(first) == first
        assert mail_domain(f" {first.upper()}. ") == first
        assert canonical(f"a@{first}") == f"a@{first}"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Ann@D.Example", "ann@d.example"),
        ("o'neil+x=y/z@d.example", "o'neil+x=y/z@d.example"),
        ("..dots.@d.example", "..dots.@d.example"),
        ("a\uff20b@d.example", "a\uff20b@d.example"),
        ("Ärger@d.example", "Ärger@d.example"),
        ("ärger@d.example", "ärger@d.example"),
        ("a@Straße.example", "a@xn--strae-oqa.example"),
        ("a@STRASSE.example", "a@strasse.example"),
        ("a@ẞ.example", "a@xn--zca.example"),
        ("a@MÜNCHEN.example", "a@xn--mnchen-3ya.example"),
        ("a@XN--MNCHEN-3YA.example", "a@xn--mnchen-3ya.example"),
        ("\u212aim@d.example", "\u212aim@d.example"),
        ("\u017fam@d.example", "\u017fam@d.example"),
        ("\u0130@d.example", "\u0130@d.example"),
        ("a" * 64 + "@d.example", "a" * 64 + "@d.example"),
        ("é" * 32 + "@d.example", "é" * 32 + "@d.example"),
    ],
)
def test_these_are_addresses(text: str, form: str) -> None:
    assert canonical(text) == form


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", AddressFault.SYNTAX),
        ("ann", AddressFault.SYNTAX),
        ("@d.example", AddressFault.SYNTAX),
        ("a\uff20d.example", AddressFault.SYNTAX),
        ("a b@d.example", AddressFault.SYNTAX),
        ("a\0@d.example", AddressFault.SYNTAX),
        ("a\n@d.example", AddressFault.SYNTAX),
        ("\ud800@d.example", AddressFault.SYNTAX),
        ("é\ud800@d.example", AddressFault.SYNTAX),
        ("é @d.example", AddressFault.SYNTAX),
        ("é<x>@d.example", AddressFault.SYNTAX),
        ('"a b"@d.example', AddressFault.SYNTAX),
        ("\u200ba@d.example", AddressFault.SYNTAX),
        ("*@d.example", AddressFault.WILDCARD),
        ("sales-*@d.example", AddressFault.WILDCARD),
        ("a@*.example", AddressFault.WILDCARD),
        ("a@d", AddressFault.DOMAIN),
        ("a@d.example.", AddressFault.DOMAIN),
        ("a@d..example", AddressFault.DOMAIN),
        ("a@-d.example", AddressFault.DOMAIN),
        ("a@[192.0.2.1]", AddressFault.DOMAIN),
        ("a@192.0.2.1", AddressFault.DOMAIN),
        ("a@d\u3002example", AddressFault.DOMAIN),
        ("a@é\u3002example", AddressFault.DOMAIN),
        ("a@\u212a.example", AddressFault.DOMAIN),
        ("a@\u017f.example", AddressFault.DOMAIN),
        ("a@\u0130.example", AddressFault.DOMAIN),
        ("a@\uff44.example", AddressFault.DOMAIN),
        ("a@d\0.example", AddressFault.DOMAIN),
        ("a@\ud800.example", AddressFault.DOMAIN),
        ("a@xn--zzzzzzzzz.example", AddressFault.DOMAIN),
        ("a@e\u0301.example", AddressFault.DOMAIN),
        ("a@" + "l" * 64 + ".example", AddressFault.DOMAIN),
        ("a@" + "é" * 60 + ".example", AddressFault.DOMAIN),
        ("a@" + ".".join(["l" * 63] * 4), AddressFault.DOMAIN),
        ("a@é." + ".".join(["l" * 62] * 4), AddressFault.DOMAIN),
        ("a" * 65 + "@d.example", AddressFault.TOO_LONG),
        ("é" * 33 + "@d.example", AddressFault.TOO_LONG),
        ("a" * 64 + "@" + ".".join(["l" * 63] * 3), AddressFault.TOO_LONG),
    ],
)
def test_these_are_not_addresses_and_this_is_why(text: str, fault: AddressFault) -> None:
    assert canonical(text) is fault


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (" D.Example. ", "d.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("*.example", DomainFault.WILDCARD),
        ("example", DomainFault.SYNTAX),
        ("a_b.example", DomainFault.SYNTAX),
        ("t.onmicrosoft.com", DomainFault.ONMICROSOFT),
        ("t.mail.onmicrosoft.com", DomainFault.ONMICROSOFT),
        ("t.onmicrosoft.us", DomainFault.ONMICROSOFT),
        ("t.partner.onmschina.cn", DomainFault.ONMICROSOFT),
        ("T.Partner.Mail.onmschina.cn", DomainFault.ONMICROSOFT),
        ("t.emea.microsoftonline.com", DomainFault.ONMICROSOFT),
    ],
)
def test_a_domain_of_the_console_is_a_public_name_of_the_customer_s_own(text: str, form: str) -> None:
    assert mail_domain(text) == form


def test_a_name_that_only_resembles_microsoft_s_is_the_customer_s() -> None:
    assert not is_onmicrosoft("notonmicrosoft.example")
    assert not is_onmicrosoft("notonmschina.cn")


@pytest.mark.parametrize(
    ("raw", "role", "text"),
    [
        ("SMTP:Ann@d.example", ProxyRole.PRIMARY, "Ann@d.example"),
        ("smtp:a@d.example", ProxyRole.ALIAS, "a@d.example"),
        ("Smtp:a@d.example", ProxyRole.ALIAS, "a@d.example"),
        ("SMTP: a@d.example ", ProxyRole.PRIMARY, "a@d.example"),
        ("SMTP:", ProxyRole.PRIMARY, ""),
        ("smtp:a:b@d.example", ProxyRole.ALIAS, "a:b@d.example"),
        ("\u017fMTP:a@d.example", ProxyRole.OTHER, "\u017fMTP:a@d.example"),
        ("SIP:a@d.example", ProxyRole.OTHER, "SIP:a@d.example"),
        ("X500:/o=x/cn=a@d.example", ProxyRole.OTHER, "X500:/o=x/cn=a@d.example"),
        ("EUM:a@d.example", ProxyRole.OTHER, "EUM:a@d.example"),
        ("SPO:SPO_1@SPO_2", ProxyRole.OTHER, "SPO:SPO_1@SPO_2"),
        ("a@d.example", ProxyRole.OTHER, "a@d.example"),
        ("", ProxyRole.OTHER, ""),
    ],
)
def test_only_smtp_entries_receive_mail_and_capitals_mark_the_primary(raw: str, role: ProxyRole, text: str) -> None:
    assert ProxyAddress.parse(raw) == ProxyAddress(role, text)


def test_addresses_have_one_order_and_no_repetition() -> None:
    one, two = Address("a@d.example"), Address("b@d.example")
    assert in_order([two, one, two]) == (one, two)
    assert domain_of(one) == "d.example"


@pytest.mark.parametrize(
    "copied",
    [
        "bob@d.example",
        " <bob@d.example> ",
        "Bob <bob@d.example>",
        "smtp:bob@d.example",
        "SMTP: Bob@D.example",
        "mailto:bob@d.example",
        "<mailto:bob@d.example>",
        "\u00a0bob@d.example\u200b",
    ],
)
def test_an_address_is_taken_as_people_copy_it(copied: str) -> None:
    assert given_address(copied) == "bob@d.example"


def test_an_address_as_copied_makes_no_two_people_one() -> None:
    assert given_address("\u212aarl@d.example") != given_address("karl@d.example")
    for other in ("sip:bob@d.example", "bob", "<>", "smtp:", "bo\ufffdb@d.example"):
        assert isinstance(given_address(other), AddressFault)


def test_the_blanks_around_a_domain_are_not_seen() -> None:
    assert mail_domain("\ufeffd.example\u00a0") == "d.example"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("d.example", ""),
        ("xn--mnchen-3ya.example", "münchen.example"),
        ("sub.xn--mnchen-3ya.example", "sub.münchen.example"),
    ],
)
def test_a_name_is_shown_in_u_labels_where_it_has_any(name: str, shown: str) -> None:
    assert u_labels(DomainName(name)) == shown
