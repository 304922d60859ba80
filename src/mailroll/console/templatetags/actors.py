"""Who did something, in words: the reader is “you”, an operator goes by name, a program by what it is."""

from typing import Any

from django.template import Context, Library

from mailroll.accounts.models import Operator

register = Library()


@register.simple_tag(takes_context=True)
def who(context: Context, actor: str) -> str:
    """Say an actor such as `operator:jo@example.com`, `cli:root` or `schedule`."""
    return said(actor, context.get("person"))


def said(actor: str, reader: Any) -> str:
    sort, _, name = actor.partition(":")
    match sort:
        case "operator" if isinstance(reader, Operator) and reader.email == name:
            return "you"
        case "operator":
            found = Operator.objects.filter(email=name).first()
            return (found.name if found else "") or name
        case "cli":
            return f"{name}, on the command line"
        case "schedule":
            return "the automatic sync"
        case _:
            return actor
