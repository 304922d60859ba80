"""Links of a list: to the same page with other choices, and to its other pages."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.http import QueryDict
from django.template import Context, Library, defaulttags
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.utils.html import conditional_escape

from mailroll.console.addresses import address
from mailroll.console.tables import Chip

register = Library()


class AddressNode(URLNode):
    """Django's `url`, but that the pattern of a page is looked for once, and not for each line of a list."""

    def render(self, context: Context) -> str:
        if self.kwargs or self.asvar:
            return super().render(context)
        values = [value.resolve(context) for value in self.args]
        text = address(self.view_name.resolve(context), *values)
        return conditional_escape(text) if context.autoescape else text


@register.tag
def url(parser: Parser, token: Token) -> AddressNode:
    node = defaulttags.url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """The address of the same page with other choices; an empty one is left out."""
    query_dict: QueryDict = context["request"].GET
    choices = {name: query_dict[name] for name in query_dict} | {name: str(value) for name, value in changes.items()}
    return "?" + urlencode({name: value for name, value in choices.items() if value})


@register.inclusion_tag("console/chips.html", takes_context=True)
def chips(  # noqa: PLR0917 - said in a template
    context: Context, label: str, name: str, choices: Iterable[Chip], look: str = "", at: str = ""
) -> dict[str, Any]:
    """Choices of a list as links, which lead to its first page; `at` is the id where a script looks for them."""
    first = {"page": "", "before": ""}
    links = [(chip, query(context, **{**first, name: chip.value})) for chip in choices]
    return {"label": label, "links": links, "look": look, "at": at}


@register.inclusion_tag("console/pages.html", takes_context=True)
def pages(context: Context, page: "Page[Any]", at: str = "") -> dict[str, Any]:
    """Which part of a list stands on the page, and the ways to the rest; `at` is where on the page they lead."""
    before = query(context, page=page.previous_page_number()) if page.has_previous() else ""
    after = query(context, page=page.next_page_number()) if page.has_next() else ""
    return {"page": page, "before": before, "after": after, "at": at}
