"""Names of mail that no customer can have: those that whole countries register under, and those of Microsoft itself."""

from functools import lru_cache
from typing import Final

from publicsuffixlist import PublicSuffixList

from mailroll.reconcile.addresses import DomainName
from mailroll.reconcile.errors import BadInput

# The families of Outlook.com by country, as Microsoft told of them ("Outlook.com gets two-step verification, sign-in by
# alias and new international domains", April 2013).
_HOTMAIL: Final = (
    "at be ca cl co.il co.nz co.th co.uk com com.ar com.au com.br com.gr com.mx com.pe com.tr com.vn cz de dk es fr hu"
    " id ie in it jp kr lv my ph pt sa sg sk"
)
_LIVE: Final = "be co.uk com com.ar com.mx de es eu fr it nl"
_OUTLOOK: Final = (
    "at be cl co.id co.il co.nz co.th com com.ar com.au com.br com.gr com.pe com.tr com.vn cz de dk es fr hu id ie in"
    " it jp kr lv my ph pt sa sg sk"
)
# The hosts of Microsoft 365 ("Microsoft 365 URLs and IP address ranges") and the names of the company.
_OTHERS: Final = (
    "microsoft.com microsoft365.com msn.com office.com office365.com office365.us passport.com windowslive.com"
)
MICROSOFT: Final = frozenset(
    {
        *(f"hotmail.{ending}" for ending in _HOTMAIL.split()),
        *(f"live.{ending}" for ending in _LIVE.split()),
        *(f"outlook.{ending}" for ending in _OUTLOOK.split()),
        *_OTHERS.split(),
    }
)


def refuse_reserved(name: DomainName) -> None:
    """Refuse a name that nobody can prove to be theirs: whoever had it here would keep others from their own."""
    labels = name.split(".")
    if not MICROSOFT.isdisjoint(".".join(labels[place:]) for place in range(len(labels))):
        raise BadInput(
            "domain_of_microsoft",
            f"{name} belongs to Microsoft, and no customer has it.",
            "Add the domain that your people's addresses end in.",
        )
    if _suffixes().is_public(name):
        raise BadInput(
            "domain_public_suffix",
            f"{name} belongs to nobody: others register their domains under it.",
            f"Add the whole name, like example.{name}.",
        )


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    """The list that comes with the package (publicsuffix.org); nothing is fetched.

    Only what registries run: the list's other part has names of companies, which may well have mail of their own.
    """
    return PublicSuffixList(only_icann=True)
