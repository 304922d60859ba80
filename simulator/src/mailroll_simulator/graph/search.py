"""The parser of $search: quoted clauses as in "displayName:ann", joined by AND and OR."""

import re
from collections.abc import Callable, Mapping

from mailroll_simulator.errors import GraphError, bad_request, unsupported_query
from mailroll_simulator.objects import DirectoryObject
from mailroll_simulator.schema import ObjectType
from mailroll_simulator.values import Json

Test = Callable[[DirectoryObject], bool]

# Names are searched word by word; everything else by how it starts.
_WORDS = frozenset(("displayName", "description"))
_STARTS: Mapping[str, frozenset[str]] = {
    "user": frozenset("givenName mail mailNickname proxyAddresses surname userPrincipalName".split()),
    "group": frozenset(("mail", "mailNickname", "proxyAddresses")),
    "orgContact": frozenset("givenName mail mailNickname proxyAddresses surname".split()),
}
_TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(AND|OR)\b|(\S))')


def parse(text: str, kind: ObjectType) -> Test:
    """Read a search; a GraphError as Graph answers one that it does not take. AND binds tighter than OR."""
    either: list[list[Test]] = [[]]
    awaited = True
    for clause, joint in _tokens(text):
        if (joint is None) is not awaited:
            raise _syntax_error(text)
        if joint is None:
            either[-1].append(_clause(clause, kind))
        elif joint == "OR":
            either.append([])
        awaited = joint is not None
    if awaited:
        raise _syntax_error(text)
    return lambda item: any(all(test(item) for test in every) for every in either)


def _tokens(text: str) -> list[tuple[str, str | None]]:
    found = []
    for match in _TOKEN.finditer(text):
        quoted, joint, stray = match.groups()
        if stray is not None:
            raise _syntax_error(text)
        found.append((re.sub(r"\\(.)", r"\1", quoted or ""), joint))
    return found


def _clause(clause: str, kind: ObjectType) -> Test:
    name, colon, wanted = clause.partition(":")
    if not colon:
        raise unsupported_query('A clause of $search names its property, as in "displayName:ann".')
    if name not in kind.properties:
        raise bad_request(f"Could not find a property named '{name}' on type 'microsoft.graph.{kind.name}'.")
    if name not in _WORDS | _STARTS[kind.name]:
        raise unsupported_query(f"Searching by '{name}' is not supported for resource '{kind.name.capitalize()}'.")
    sought = wanted.casefold().split() if name in _WORDS else [wanted.casefold()]

    def test(item: DirectoryObject) -> bool:
        has = [one.casefold() for one in _texts(item.properties.get(name))]
        if name in _WORDS:
            has = [word for one in has for word in re.split(r"[\W_]+", one)]
        return all(any(one.startswith(start) for one in has) for start in sought)

    return test


def _texts(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []


def _syntax_error(text: str) -> GraphError:
    return bad_request(f"Syntax error in '{text}' of $search.")
