"""$expand=members of groups: some of the members, and no word that there are more."""

from mailroll_simulator.errors import bad_request, unsupported_query
from mailroll_simulator.graph import members, permissions
from mailroll_simulator.graph.call import Call
from mailroll_simulator.graph.shapes import Mixed, Shape
from mailroll_simulator.objects import DirectoryObject, Group
from mailroll_simulator.schema import object_type
from mailroll_simulator.values import Json

# "typically returns a maximum of 20 items" and no nextLink (query-parameters; microsoft-graph-docs#2632, #15109).
_MOST = 20


class WithMembers(Shape):
    """A group with its first direct members, as far as the app may see them."""

    def __init__(self, call: Call, names: tuple[str, ...] | None) -> None:
        super().__init__(object_type("group"), names)
        kinds = [object_type(name) for name in ("user", "group", "orgContact")]
        self._call = call
        self._members = Mixed(
            {kind.name: Shape(kind, typed=True, readable=call.may(permissions.BY_KIND[kind.name])) for kind in kinds}
        )

    def values(self, item: DirectoryObject) -> dict[str, Json]:
        found = super().values(item)
        if isinstance(item, Group):
            some = [member for _, member in zip(range(_MOST), members.direct(self._call, item), strict=False)]
            found["members"] = [self._members.values(member) for member in some]
        return found


def shape(call: Call, names: tuple[str, ...] | None) -> Shape:
    """Give how groups are written under the request's $expand."""
    text = call.request.option("$expand")
    if text is None:
        return Shape(object_type("group"), names)
    if text != "members":
        raise bad_request(f"Parsing OData Select and Expand failed: '{text}' cannot be expanded in the simulator.")
    if call.request.advanced:
        raise unsupported_query("$expand is not supported together with the advanced query engine.")
    call.need(permissions.MEMBERS)
    return WithMembers(call, names)
