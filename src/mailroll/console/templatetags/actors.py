"""Who did something, in words: the reader is “you”, an operator goes by name, a program by what it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.template import Context, Library

from mailroll.accounts.models import Operator

register = Library()


@register.simple_tag(takes_context=True)
def who(context: Context, actor: str) -> str:
    """Say an actor such as `operator:jo@example.com`, `cli:root` or `schedule`.

    A page that says many puts their `names` into its context, so that the database is asked once.
    """
    return said(actor, context.get("person"), context.get("names"))


def names(actors: Iterable[str | None]) -> Mapping[str, str]:
    """The names of those among these actors who are operators, by their addresses."""
    parts = [(actor or "").partition(":") for actor in actors]
    emails = {email for sort, _, email in parts if sort == "operator"}
    return dict(Operator.objects.filter(email__in=emails).values_list("email", "name")) if emails else {}


def said(actor: str, reader: Any, names_by_email: Mapping[str, str] | None = None) -> str:
    sort, _, name = actor.partition(":")
    match sort:
        case "operator" if isinstance(reader, Operator) and reader.email == name:
            return "you"
        case "operator":
            return (names((actor,)) if names_by_email is None else names_by_email).get(name) or name
        case "cli":
            return f"{name}, on the command line"
        case "schedule":
            return "the automatic sync"
        case "dns-proof":
            return "the look for its DNS record"
        case "claim":
            return "another organization"
        case _:
            return actor
