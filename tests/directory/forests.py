"""Organizations in any order above and below each other, for tests of what counts for all that are around one."""

from uuid import UUID, uuid5

from hypothesis import strategies as st

from mailroll.directory.models import Organization

_SPACE = UUID("6f1f9a34-7b7d-4c3c-9d7e-0d6a6f1c2b11")
Parents = list[int | None]


@st.composite
def parents(draw: st.DrawFn, *, rings: bool) -> Parents:
    """The parent of each of some organizations by its place; with `rings`, some may stand above each other."""
    number = draw(st.integers(1, 6))
    drawn = [draw(st.none() | st.integers(0, number - 1)) for _ in range(number)]
    # Without rings only those that stand before one are above it.
    return [
        parent if parent is not None and (parent < place or (rings and parent != place)) else None
        for place, parent in enumerate(drawn)
    ]


def make(above: Parents) -> list[Organization]:
    keys = [uuid5(_SPACE, str(number)) for number in range(len(above))]
    made = Organization.objects.bulk_create([Organization(id=key, name=str(key)) for key in keys])
    for place, parent in zip(made, above, strict=True):
        place.parent_id = None if parent is None else keys[parent]
    Organization.objects.bulk_update(made, ["parent"])
    return made


def line(above: Parents, place: int) -> set[int]:
    """A place and all above it."""
    found: set[int] = set()
    at: int | None = place
    while at is not None and at not in found:
        found.add(at)
        at = above[at]
    return found
