"""Names that nobody can have as a domain or an alias domain; those that only look like them are free."""

import pytest

from mailroll.audit.actor import Acting
from mailroll.directory import edit
from mailroll.directory.models import Domain, Organization
from mailroll.reconcile.errors import BadInput

ACTING = Acting("test:priya")


@pytest.fixture
def organization(db: None) -> Organization:
    return edit.add_organization("Brightwater Joinery", ACTING)


@pytest.mark.parametrize("name", ["co.uk", "CO.UK.", "com.au", "kawasaki.jp", "xn--55qx5d.cn", "公司.cn"])
def test_a_name_that_others_register_under_is_no_domain(organization: Organization, name: str) -> None:
    with pytest.raises(BadInput) as refused:
        edit.add_domain(organization, name, ACTING)
    assert refused.value.code == "domain_public_suffix"
    assert not Domain.objects.exists()


@pytest.mark.parametrize("name", ["microsoft.com", "Outlook.com", "hotmail.co.uk", "x.outlook.com", "live.de"])
def test_a_name_of_microsoft_is_no_domain(organization: Organization, name: str) -> None:
    with pytest.raises(BadInput) as refused:
        edit.add_domain(organization, name, ACTING)
    assert refused.value.code == "domain_of_microsoft"


@pytest.mark.parametrize("name", ["co.uk", "outlook.com"])
def test_neither_is_an_alias_domain(organization: Organization, name: str) -> None:
    domain = edit.add_domain(organization, "brightwater.example", ACTING)
    for proved in (False, True):
        with pytest.raises(BadInput):
            edit.add_domain_alias(domain, name, ACTING, proved=proved)


@pytest.mark.parametrize(
    "name", ["brightwater.co.uk", "notmicrosoft.com", "outlook.example", "github.io", "live.example"]
)
def test_what_only_looks_like_one_is_free(organization: Organization, name: str) -> None:
    assert edit.add_domain(organization, name, ACTING).name == name
