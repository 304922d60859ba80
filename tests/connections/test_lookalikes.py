"""Names that look alike are found, and told where nobody learns by it which domains others have."""

import pytest

from mailroll.audit.actor import Acting
from mailroll.audit.models import AuditEntry
from mailroll.connections import new_domains
from mailroll.connections.lookalikes import find_look_alikes, look_alikes
from mailroll.directory import edit
from mailroll.directory.models import Organization
from mailroll.reconcile.addresses import DomainFault, mail_domain

ACTING = Acting("test:priya")


def _name(text: str) -> str:
    name = mail_domain(text)
    assert not isinstance(name, DomainFault)
    return name


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("birch.example", "b\u0456rch.example"),  # a Cyrillic i
        ("bill.example", "bi1l.example"),
        ("northgate.example", "n0rthgate.example"),
        ("modern.example", "rnodern.example"),
        ("space.example", "\u0455\u0440\u0430\u0441\u0435.example"),  # all of it Cyrillic
        ("omega.example", "\u03bfmega.example"),  # a Greek omicron
    ],
)
def test_names_that_people_take_for_one_another(name: str, other: str) -> None:
    assert look_alikes(_name(name), [_name(other)]) == [_name(other)]
    assert look_alikes(_name(other), [_name(name)]) == [_name(name)]


@pytest.mark.parametrize("other", ["birch.example", "birch.test", "birsch.example", "bürch.example", "b-irch.example"])
def test_names_that_do_not_look_alike(other: str) -> None:
    assert look_alikes("birch.example", [_name(other)]) == []


@pytest.mark.django_db
def test_it_is_noted_at_the_top_alone() -> None:
    top = edit.add_organization("Northgate IT", ACTING)
    first, second = (edit.add_organization(name, ACTING, parent=top) for name in ("Birch Ltd", "Rival Ltd"))
    elsewhere = edit.add_organization("Another provider", ACTING)
    new_domains.register_domain(first, "birch.example", ACTING, proved=True)
    new_domains.register_domain(second, "b\u0456rch.example", ACTING, proved=False)
    new_domains.register_domain(elsewhere, "bir\u0441h.example", ACTING, proved=False)
    (told,) = AuditEntry.objects.filter(action="domain.looks_like")
    assert (told.organization, told.subject) == (top.id, _name("b\u0456rch.example"))
    assert told.details == {"like": ["birch.example"]}
    assert Organization.objects.count() == 4


@pytest.mark.django_db
def test_the_database_finds_those_that_are_found_one_by_one() -> None:
    place = edit.add_organization("Northgate IT", ACTING)
    names = ["modern.example", "rnodern.example", "m0dern.example", "modem.example", "b-i1l.example", "b-ill.example"]
    names += [_name(name) for name in ("modern.ex\u0430mple", "b\u0456rch.example", "birch.example", "bürch.example")]
    for name in names:
        edit.add_domain(place, name, ACTING)
    for name in (*names, "modern.test"):
        assert find_look_alikes(name) == look_alikes(name, names), name
