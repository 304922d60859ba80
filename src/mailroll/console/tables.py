"""A list that chips narrow and that is shown a page at a time, the same wherever there is one."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice above a list: what its link sends, its words, how many it leaves, and the mark beside them."""

    value: str
    words: str
    current: bool
    count: int | None = None
    mark: str = ""


def cut_page(matching: int, number: int, size: int) -> tuple["Page[int]", slice]:
    """Return the page of this number, the last where there are fewer, and which part of the list stands on it."""
    page = Paginator(range(matching), size).get_page(number)
    return page, slice((page.number - 1) * size, page.number * size)
