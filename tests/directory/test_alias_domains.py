"""Alias domains: other names that mail of a domain comes under, each held by one domain of the installation."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection, transaction

from mailroll.audit.actor import Acting
from mailroll.directory import edit, queries
from mailroll.directory.models import Domain, DomainAlias
from mailroll.reconcile.addresses import Address, DomainName
from mailroll.reconcile.errors import BadInput, MailrollError, Refused
from tests.directory.rolls import ACTING, Roll, noted

ALIAS = "brightwater.test"


def _names(domain: Domain) -> set[str]:
    return set(queries.accepted(domain))


@pytest.mark.django_db
def test_a_domain_accepts_its_name_and_those_of_its_alias_domains(roll: Roll, acting: Acting) -> None:
    assert edit.add_domain_alias(roll.domain, " Bücher.Example. ", acting, proved=True) == "xn--bcher-kva.example"
    assert _names(roll.domain) == {"brightwater.example", "xn--bcher-kva.example"}
    assert queries.accepting(DomainName("xn--bcher-kva.example")) == roll.domain
    assert queries.accepting(DomainName("brightwater.example")) == roll.domain
    assert queries.accepting(DomainName("elsewhere.example")) is None
    edit.remove_domain_alias(roll.domain, "Bücher.Example", acting)
    assert _names(roll.domain) == {"brightwater.example"}
    assert [action for action, _ in noted(acting)] == ["domain.alias_added", "domain.alias_removed"]


@pytest.mark.django_db
def test_plans_made_before_an_alias_domain_came_or_went_can_no_longer_be_applied(roll: Roll, acting: Acting) -> None:
    revisions = [roll.domain.revision]
    for change in (edit.add_domain_alias, edit.remove_domain_alias):
        change(roll.domain, ALIAS, acting)
        roll.domain.refresh_from_db()
        revisions.append(roll.domain.revision)
    assert revisions == [revisions[0], revisions[0] + 1, revisions[0] + 2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "domain_malformed"),
        ("jo@example.com", "domain_malformed"),
        ("*.example.com", "domain_wildcard"),
        ("brightwater.onmicrosoft.com", "domain_onmicrosoft"),
        ("BRIGHTWATER.example", "alias_itself"),
        ("coldharbour.example", "domain_exists"),
        ("taken.test", "alias_exists"),
    ],
)
def test_what_can_be_no_alias_domain_is_refused(name: str, code: str, roll: Roll, other: Roll, acting: Acting) -> None:
    edit.add_domain_alias(roll.domain, "taken.test", ACTING)
    with pytest.raises(MailrollError) as problem:
        edit.add_domain_alias(roll.domain, name, acting)
    assert problem.value.code == code
    assert problem.value.help
    assert not noted(acting)


@pytest.mark.django_db
def test_a_name_that_is_taken_is_refused_in_the_same_words_whoever_has_it_and_as_what(roll: Roll, other: Roll) -> None:
    edit.add_domain_alias(roll.domain, ALIAS, ACTING, proved=True)
    said = set()
    ways: list[tuple[str, Callable[[], object]]] = [
        (ALIAS, lambda: edit.add_domain(other.domain.organization, ALIAS, ACTING)),
        (ALIAS, lambda: edit.add_domain(roll.domain.organization, ALIAS, ACTING)),
        (ALIAS, lambda: edit.add_domain_alias(other.domain, ALIAS, ACTING, proved=True)),
        (roll.domain.name, lambda: edit.add_domain_alias(other.domain, roll.domain.name, ACTING)),
    ]
    for name, take in ways:
        with pytest.raises(Refused) as problem:
            take()
        said.add(str(problem.value).replace(name, "NAME"))
    assert len(said) == 1


@pytest.mark.django_db
def test_an_alias_domain_belongs_to_whoever_proved_it_first(roll: Roll, other: Roll, acting: Acting) -> None:
    mine, theirs = roll.domain, other.domain
    for domain in (mine, theirs):
        edit.add_domain_alias(domain, ALIAS, ACTING)
    assert ALIAS not in _names(mine) | _names(theirs)
    assert queries.accepting(DomainName(ALIAS)) == mine
    edit.prove_aliases(theirs, [DomainName(ALIAS), DomainName("elsewhere.test")], acting)
    assert (ALIAS in _names(mine), ALIAS in _names(theirs)) == (False, True)
    assert queries.accepting(DomainName(ALIAS)) == theirs
    assert [action for action, _ in noted(acting)] == ["domain.alias_proved"]
    for _ in range(2):
        edit.prove_aliases(mine, [DomainName(ALIAS)], acting)
        edit.prove_aliases(theirs, [DomainName(ALIAS)], acting)
    assert ALIAS not in _names(mine)
    edit.remove_domain_alias(theirs, ALIAS, ACTING)
    edit.prove_aliases(mine, [DomainName(ALIAS)], acting)
    assert ALIAS in _names(mine)
    assert not DomainAlias.objects.filter(claimed_at__isnull=False).exists()


@pytest.mark.django_db
def test_a_name_that_became_a_domain_is_proved_as_nobody_s_alias_domain(roll: Roll, other: Roll) -> None:
    edit.add_domain_alias(roll.domain, ALIAS, ACTING)
    edit.add_domain(other.domain.organization, ALIAS, ACTING)
    edit.prove_aliases(roll.domain, [DomainName(ALIAS)], ACTING)
    assert ALIAS not in _names(roll.domain)


@pytest.mark.django_db
def test_an_alias_domain_that_is_not_there_cannot_be_removed(roll: Roll, acting: Acting) -> None:
    with pytest.raises(BadInput) as problem:
        edit.remove_domain_alias(roll.domain, ALIAS, acting)
    assert problem.value.code == "alias_unknown"


@pytest.mark.django_db
def test_a_person_gives_users_addresses_in_alias_domains_and_those_keep_the_alias_domain(
    roll: Roll, acting: Acting
) -> None:
    with pytest.raises(edit.Malformed) as problem:
        edit.add_user(roll.domain, f"fax@{ALIAS}", acting)
    assert str(problem.value).startswith(f"fax@{ALIAS} is not in brightwater.example.")
    edit.add_domain_alias(roll.domain, ALIAS, ACTING)
    with pytest.raises(edit.Malformed) as problem:
        edit.add_user(roll.domain, f"fax@{ALIAS}", acting)
    assert str(problem.value).startswith("No tenant of brightwater.example has proved its alias domain")
    edit.prove_aliases(roll.domain, [DomainName(ALIAS)], ACTING)
    fax = edit.add_user(roll.domain, f"fax@{ALIAS}", acting, aliases=[f"telefax@{ALIAS}"])
    scan = edit.add_user(roll.domain, "scan@brightwater.example", acting)
    edit.add_alias(roll.domain, scan, f"scan@{ALIAS}", acting)
    with pytest.raises(edit.Malformed) as problem:
        edit.add_alias(roll.domain, scan, "scan@elsewhere.example", acting)
    assert "nor in one of its alias domains" in str(problem.value)
    with pytest.raises(Refused) as held:
        edit.remove_domain_alias(roll.domain, ALIAS, acting)
    assert held.value.code == "alias_in_use"
    assert held.value.message.startswith("2 users made by hand have addresses")
    edit.remove_user(roll.domain, fax, acting)
    edit.remove_alias(roll.domain, scan, f"scan@{ALIAS}", acting)
    edit.remove_domain_alias(roll.domain, ALIAS, acting)
    assert _names(roll.domain) == {"brightwater.example"}


@pytest.mark.django_db
def test_users_of_sources_do_not_keep_an_alias_domain(roll: Roll, acting: Acting) -> None:
    roll.has(("ann", replace(roll.state("ann", "ann"), aliases=(Address(f"ann@{ALIAS}"),))))
    edit.add_domain_alias(roll.domain, ALIAS, acting)
    edit.remove_domain_alias(roll.domain, ALIAS, acting)
    assert not DomainAlias.objects.exists()


@pytest.mark.django_db
def test_a_domain_leaves_with_its_alias_domains_and_exemptions(roll: Roll, other: Roll, acting: Acting) -> None:
    edit.add_domain_alias(roll.domain, ALIAS, acting)
    for _ in range(2):
        edit.exempt_object(roll.domain, "tenant:object", acting, display_name="Ann", address="ann@brightwater.example")
    roll.owner.delete()
    edit.remove_domain(roll.domain, acting)
    assert edit.add_domain_alias(other.domain, ALIAS, acting) == ALIAS


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["domain", "alias"])
def test_of_two_customers_who_want_one_name_the_second_waits_and_is_refused(
    first: str, roll: Roll, other: Roll
) -> None:
    """The first one's transaction stays open until the second one waits for it."""
    ways: dict[str, Callable[[], object]] = {
        "domain": lambda: edit.add_domain(other.domain.organization, ALIAS, ACTING),
        "alias": lambda: edit.add_domain_alias(roll.domain, ALIAS, ACTING, proved=True),
    }
    waiting, outcome = threading.Event(), list[str]()

    def also() -> None:
        try:
            ways["alias" if first == "domain" else "domain"]()
            outcome.append("done")
        except Refused as refused:
            outcome.append(refused.code)
        finally:
            waiting.set()
            connection.close()

    second = threading.Thread(target=also)

    def hold() -> None:
        """Keep what the first one wrote from being seen by anybody until the second waits for it."""
        second.start()
        with connection.cursor() as cursor:
            for _attempt in range(30_000):
                # Those of this database: others of the server are of tests that run beside this one.
                cursor.execute(
                    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
                    " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
                )
                if cursor.fetchone() == (1,):
                    return
                waiting.wait(0.01)
        pytest.fail("the second one did not wait")

    with transaction.atomic():
        ways[first]()
        hold()
    second.join()
    assert outcome == ["domain_exists"]
    assert Domain.objects.filter(name=ALIAS).count() + DomainAlias.objects.filter(name=ALIAS).count() == 1
