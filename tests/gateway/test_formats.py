"""Forms of the list: read back, each takes exactly the addresses that are not refused one by one."""

from datetime import timedelta
from unicodedata import normalize

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroll.directory.models import Address, Serving
from mailroll.gateway.answers import Answer, answer
from mailroll.gateway.formats import FORMS
from mailroll.gateway.recipients import StoredRoll
from mailroll.gateway.stored_lists import StoredListing, StoredMoment
from tests.directory.rolls import NOON
from tests.gateway.conftest import ALIAS, NAME, SHOWN, Shelf
from tests.gateway.readers import accepted, entries
from tests.gateway.test_answers import HOUR, fill, lives

LOCALS = ["bob", "ann", "bob+news", "postmaster", "o'neil", "zoë", "zoË", "#bob", "a#b", "/bob", "=1+1", "\u212aen"]
ADDRESSES = [f"{local}@{name}" for local in LOCALS for name in (NAME, ALIAS)]
QUESTIONS = [f"{local}@{name}" for local in [*LOCALS, "nobody"] for name in (NAME, SHOWN, ALIAS)]
MOMENT = StoredMoment(NOON, StoredRoll())
NOT_REFUSED = {Answer.ACCEPT, Answer.LATER, Answer.CANNOT_SAY}


def written(form: str) -> dict[str, str]:
    return {part.name: "".join(part.write(MOMENT, MOMENT.domains())) for part in FORMS[form].parts}


def takes(form: str, keys: set[str], address: str) -> bool:
    """Whether a reader finds an address, or its domain. LDAP folds every letter."""
    if form == "ldif":
        keys, address = {_folded(key) for key in keys}, _folded(address)
    return address in keys or f"@{address.rpartition('@')[2]}" in keys


def _folded(text: str) -> str:
    return normalize("NFKC", text).casefold()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.dictionaries(st.sampled_from(ADDRESSES), lives, max_size=6),
    st.sets(st.sampled_from(ADDRESSES), max_size=2),
    st.sampled_from(Serving),
    st.tuples(st.booleans(), st.none() | st.sampled_from([-100 * HOUR, -72 * HOUR, -HOUR, timedelta(), HOUR])),
)
def test_forms_take_exactly_whom_single_answers_do_not_refuse(
    shelf: Shelf,
    has: dict[str, tuple[timedelta | None, timedelta | None]],
    waiting: set[str],
    serving: Serving,
    reading: tuple[bool, timedelta | None],
) -> None:
    shelf.clear()
    for address, life in has.items():
        shelf.has(address, *life)
    for address in waiting:
        shelf.awaits(address)
    source, read = reading
    read_at = None if read is None else NOON + read
    shelf.set(serving=serving, has_source=source, read_at=read_at, plus_tags=False)
    verdicts = {question: answer(question, StoredRoll(), NOON).answer for question in QUESTIONS}
    for form in FORMS:
        keys = accepted(form, written(form))
        if form == "texthash":
            # It has no way to name these: the names they are under are open, and nobody is refused there.
            unnamed = {one for one, said in verdicts.items() if one.startswith("#") and said in NOT_REFUSED}
            opened = {one.rpartition("@")[2] for one in unnamed}
        else:
            opened = set()
        for question, said in verdicts.items():
            if form == "ldif" and not question.isascii():
                # Two addresses may be one to LDAP, which is then the safe way about.
                assert takes(form, keys, question) or said not in NOT_REFUSED
                continue
            expected = said in NOT_REFUSED or question.rpartition("@")[2] in opened
            assert takes(form, keys, question) is expected, (form, question)


@pytest.mark.parametrize("form", FORMS)
def test_every_list_has_postmaster_in_each_spelling(shelf: Shelf, form: str) -> None:
    fill(shelf)
    keys = accepted(form, written(form))
    assert {f"postmaster@{name}" for name in (NAME, SHOWN, ALIAS)} <= keys
    assert {f"bob@{NAME}", f"bob@{SHOWN}", f"left@{NAME}", f"joiner@{SHOWN}"} <= keys
    assert not {f"gone@{NAME}", f"@{NAME}"} & keys


@pytest.mark.parametrize("form", FORMS)
def test_a_list_of_nobody_takes_everybody(shelf: Shelf, form: str) -> None:
    assert {f"@{NAME}", f"@{SHOWN}", f"@{ALIAS}"} <= accepted(form, written(form))


@pytest.mark.parametrize("form", FORMS)
def test_a_domain_that_was_never_read_takes_everybody(shelf: Shelf, form: str) -> None:
    fill(shelf)
    shelf.set(has_source=True, read_at=None)
    assert f"@{NAME}" in accepted(form, written(form))
    shelf.set(read_at=NOON)
    assert f"@{NAME}" not in accepted(form, written(form))


@pytest.mark.parametrize("form", FORMS)
def test_the_same_roll_is_written_alike(shelf: Shelf, form: str) -> None:
    fill(shelf)
    assert written(form) == written(form)


def test_an_address_of_another_domain_is_in_no_list(shelf: Shelf) -> None:
    """A name that is no longer the domain's takes its addresses with it."""
    fill(shelf)
    shelf.has("left.behind@elsewhere.example")
    assert "left.behind@elsewhere.example" not in accepted("texthash", written("texthash"))


def test_ldif_has_an_entry_for_each_user_and_no_uid_twice(shelf: Shelf) -> None:
    for address in (f"zoë@{NAME}", f"zoË@{NAME}", f"bob@{NAME}", f"a+b#c=d@{ALIAS}", f"bob@{ALIAS}"):
        shelf.has(address)
    Address.objects.filter(address=f"bob@{ALIAS}").update(is_primary=True)
    shelf.awaits(f"ken@{NAME}")
    shelf.awaits(f"\u212aen@{NAME}")
    shelf.awaits(f"a+b@{NAME}")
    found = entries(written("ldif")["recipients.ldif"])
    people = [entry for entry in found if "uid" in entry]
    assert len({entry["dn"][0] for entry in found}) == len(found)
    assert len({_folded(entry["uid"][0]) for entry in people}) == len(people)
    chief = next(entry for entry in people if entry["uid"] == [f"bob@{ALIAS}"])
    assert chief["mail"] == [f"bob@{ALIAS}"]
    assert chief["proxyAddresses"][0] == f"SMTP:bob@{ALIAS}"
    assert {f"smtp:bob@{NAME}", f"smtp:bob@{SHOWN}", f"smtp:a+b#c=d@{ALIAS}"} <= set(chief["proxyAddresses"])
    folded = [_folded(value) for value in chief["proxyAddresses"]]
    assert len(set(folded)) == len(folded)
    assert r"uid=a\2Bb@xn--bcher-kva.example,ou=recipients,dc=mailroll" in {entry["dn"][0] for entry in people}


def test_ldif_says_of_each_name_whether_its_list_counts(shelf: Shelf) -> None:
    fill(shelf)

    def listed() -> dict[str, str]:
        found = entries(written("ldif")["recipients.ldif"])
        return {
            name: entry["mailrollListed"][0] for entry in found if "mailrollListed" in entry for name in entry["cn"]
        }

    assert listed() == dict.fromkeys((NAME, SHOWN, ALIAS), "TRUE")
    shelf.set(serving=Serving.WATCH)
    assert listed() == dict.fromkeys((NAME, SHOWN, ALIAS), "FALSE")


def test_rspamd_is_told_no_domain_whose_list_does_not_count(shelf: Shelf) -> None:
    fill(shelf)
    assert written("rspamd")["domains.map"] == f"{NAME}\n{SHOWN}\n{ALIAS}\n"
    shelf.set(serving=Serving.PASS)
    assert written("rspamd")["domains.map"] == ""
    assert written("texthash")["relay_domains"] == f"{NAME} OK\n{SHOWN} OK\n{ALIAS} OK\n"


@pytest.mark.django_db(transaction=True)
def test_a_moment_stays_what_it_was(shelf: Shelf) -> None:
    """Somebody who goes while a list is written is in it to its end."""
    fill(shelf)

    other = connections.create_connection("default")
    try:
        with StoredListing(lambda: NOON).moment() as moment:
            (domain,) = moment.domains()
            with other.cursor() as cursor:
                cursor.execute("DELETE FROM directory_address")
            assert len(list(moment.entries(domain))) == 6
        with StoredListing(lambda: NOON).moment() as moment:
            (domain,) = moment.domains()
            assert domain.served.empty
    finally:
        other.close()
