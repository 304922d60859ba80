"""The parser of $filter: as much of OData as the directory takes, and its gate before advanced queries."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailroll_simulator.errors import bad_request, unsupported_query
from mailroll_simulator.graph.filter_rules import RULES, Rules
from mailroll_simulator.objects import DirectoryObject
from mailroll_simulator.schema import ObjectType
from mailroll_simulator.values import Json

_DATE = r"\d{4}-\d\d-\d\dT[\d:.]+Z"
_TOKEN = re.compile(rf"\s*(?:'(?:[^']|'')*'|{_DATE}|[(),:]|[^\s(),:']+)")
_BARE = re.compile(rf"[0-9a-fA-F]{{8}}(?:-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}|{_DATE}")
_MOST_VALUES = 15
_ANY = "/any"

Look = Callable[[str], Json]
Test = Callable[[Look], bool]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was understood, and whether only the advanced engine answers it."""

    test: Callable[[DirectoryObject], bool]
    advanced: str | None  # what in it needs the advanced engine


def parse(text: str, kind: ObjectType) -> Filter:
    """Read a filter; a GraphError as Graph answers one that it does not take."""
    parser = _Parser(text, kind, RULES[kind.name])
    test = parser.whole()

    def passes(item: DirectoryObject) -> bool:
        def look(name: str) -> Json:
            if name == "id":
                return item.id
            outer, _, inner = name.partition("/")
            value = item.properties.get(outer)
            if value is None:
                value = kind.properties[outer].unset
            return value.get(inner) if inner and isinstance(value, Mapping) else value

        return test(look)

    return Filter(passes, parser.advanced)


def _invalid(why: str) -> Exception:
    return bad_request(f"Invalid filter clause: {why}")


class _Parser:
    """Recursive descent; `_variable` and `_collection` are set inside an any()."""

    def __init__(self, text: str, kind: ObjectType, rules: Rules) -> None:
        self._kind = kind
        self._rules = rules
        self._tokens = self._split(text)
        self._place = 0
        self._variable = self._collection = ""
        self.advanced: str | None = None

    def whole(self) -> Test:
        test = self._or()
        if self._peek():
            raise _invalid(f"Syntax error at '{self._peek()}'.")
        return test

    @staticmethod
    def _split(text: str) -> list[str]:
        tokens, place = [], 0
        while text[place:].strip():
            found = _TOKEN.match(text, place)
            if found is None:
                raise _invalid("There is an unterminated string literal.")
            tokens.append(found.group().strip())
            place = found.end()
        return tokens

    def _peek(self, ahead: int = 0) -> str:
        place = self._place + ahead
        return self._tokens[place] if place < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise _invalid("It ends too early.")
        self._place += 1
        return token

    def _expect(self, token: str) -> None:
        found = self._next()
        if found != token:
            raise _invalid(f"'{token}' expected, '{found}' found.")

    def _needs_advanced(self, what: str) -> None:
        self.advanced = self.advanced or what

    # -- the grammar, from the loosest to the tightest

    def _or(self) -> Test:
        left = self._and()
        while self._peek() == "or":
            self._next()
            left = _either(left, self._and())
        return left

    def _and(self) -> Test:
        left = self._unary()
        while self._peek() == "and":
            self._next()
            left = _both(left, self._unary())
        return left

    def _unary(self) -> Test:
        word = self._peek()
        if word == "not":
            self._next()
            self._needs_advanced("not")
            inner = self._unary()
            return lambda look: not inner(look)
        if word == "(":
            self._next()
            inner = self._or()
            self._expect(")")
            return inner
        if self._peek(1) == "(" and not word.endswith(_ANY):
            return self._function()
        if word.endswith(_ANY):
            return self._any()
        return self._comparison()

    def _function(self) -> Test:
        name = self._next()
        if name not in {"startsWith", "startswith", "endsWith", "endswith"}:
            raise unsupported_query(f"Unsupported Query: the function '{name}' is not supported.")
        self._expect("(")
        path = self._path()
        self._expect(",")
        wanted = self._literal()
        self._expect(")")
        if not isinstance(wanted, str):
            raise _invalid(f"No function signature for '{name}' matches the specified arguments.")
        self._check_function(path, name)
        starts = name.lower() == "startswith"

        def test(look: Look) -> bool:
            value = look(path)
            if not isinstance(value, str):
                return False
            given, sought = value.casefold(), wanted.casefold()
            return given.startswith(sought) if starts else given.endswith(sought)

        return test

    def _any(self) -> Test:
        path = self._next().removesuffix(_ANY)
        if path not in self._kind.properties:
            raise unsupported_query("The specified filter to the reference property query is currently not supported.")
        if self._collection or path not in self._rules.collections | self._rules.collections_advanced:
            raise self._unsupported(path)
        if path in self._rules.collections_advanced:
            self._needs_advanced(path)
        self._expect("(")
        self._variable, self._collection = self._next(), path
        self._expect(":")
        inner = self._or()
        self._expect(")")
        self._variable = self._collection = ""

        def test(look: Look) -> bool:
            items = look(path)
            return isinstance(items, list | tuple) and any(inner(_element(item)) for item in items)

        return test

    def _comparison(self) -> Test:
        path = self._path()
        operator = self._next()
        if operator == "in":
            return self._in(path)
        if operator in {"ge", "le"}:
            return self._range(path, operator)
        if operator not in {"eq", "ne"}:
            raise unsupported_query(f"Unsupported or invalid query filter clause: the operator '{operator}'.")
        wanted = self._literal()
        if path.endswith("/$count"):
            return self._count(path.removesuffix("/$count"), operator, wanted)
        self._check_equal(path, wanted)
        if operator == "ne":
            self._needs_advanced("ne")
        if wanted is None:
            self._needs_advanced("null")
        return lambda look: _same(look(path), wanted) is (operator == "eq")

    def _in(self, path: str) -> Test:
        self._expect("(")
        wanted = [self._literal()]
        while self._peek() == ",":
            self._next()
            wanted.append(self._literal())
        self._expect(")")
        if len(wanted) > _MOST_VALUES:
            raise unsupported_query(f"Too many child clauses specified in search expression; at most {_MOST_VALUES}.")
        for value in wanted:
            self._check_equal(path, value)
        return lambda look: any(_same(look(path), value) for value in wanted)

    def _range(self, path: str, operator: str) -> Test:
        """Compare texts, letters' case aside; dates are written so that they compare as texts."""
        wanted = self._literal()
        subject = self._collection or path
        if subject not in self._rules.ranged:
            raise self._unsupported(subject)
        if not isinstance(wanted, str):
            kind = "GreaterThanOrEqual" if operator == "ge" else "LessThanOrEqual"
            raise _invalid(
                "A binary operator with incompatible types was detected. "
                f"Found operand types for operator kind '{kind}'."
            )
        if not self._collection and path not in self._rules.equal:
            self._needs_advanced(path)
        limit = wanted.casefold()

        def test(look: Look) -> bool:
            value = look(path)
            if not isinstance(value, str):
                return False
            return value.casefold() >= limit if operator == "ge" else value.casefold() <= limit

        return test

    def _count(self, path: str, operator: str, wanted: Json) -> Test:
        if path not in self._rules.collections | self._rules.collections_advanced or wanted != 0:
            raise self._unsupported(path)
        self._needs_advanced("$count")

        def test(look: Look) -> bool:
            value = look(path)
            return (not value) is (operator == "eq")

        return test

    def _path(self) -> str:
        """Give the property that is meant; inside an any(), of the element, or '' for the element itself."""
        token = self._next()
        if self._collection:
            variable, _, inner = token.partition("/")
            if variable != self._variable:
                raise _invalid(f"Could not find a property named '{token}'.")
            return inner
        outer = token.partition("/")[0]
        if outer not in self._kind.properties:
            raise bad_request(
                f"Invalid filter clause: Could not find a property named '{outer}' "
                f"on type 'microsoft.graph.{self._kind.name}'."
            )
        return token

    def _literal(self) -> Json:
        token = self._next()
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if token in {"true", "false", "null"}:
            return {"true": True, "false": False, "null": None}[token]
        if token.lstrip("-").isdigit():
            return int(token)
        if _BARE.fullmatch(token):
            return token
        raise _invalid(f"Syntax error at '{token}'.")

    # -- what may be asked of which property

    def _unsupported(self, path: str) -> Exception:
        return unsupported_query(
            f"Unsupported or invalid query filter clause specified for property '{path}' "
            f"of resource '{self._kind.name.capitalize()}'."
        )

    def _check_equal(self, path: str, wanted: Json) -> None:
        if self._collection:
            return
        outer = path.partition("/")[0]
        if path not in self._rules.equal and outer not in self._rules.equal_advanced:
            raise self._unsupported(path)
        boolean = self._kind.properties[outer].type == "Edm.Boolean"
        if wanted is not None and boolean is not isinstance(wanted, bool):
            raise bad_request(
                "Invalid filter clause: A binary operator with incompatible types was detected. "
                "Found operand types for operator kind 'Equal'."
            )
        if path not in self._rules.equal:
            self._needs_advanced(path)

    def _check_function(self, path: str, name: str) -> None:
        subject = self._collection or path
        if name.lower() == "endswith":
            if subject not in self._rules.ends:
                raise self._unsupported(subject)
            self._needs_advanced(name)
        elif subject in self._rules.equal | self._rules.equal_advanced and subject not in self._rules.starts:
            self._needs_advanced(name)
        elif subject not in self._rules.starts:
            raise self._unsupported(subject)


def _both(left: Test, right: Test) -> Test:
    return lambda look: left(look) and right(look)


def _either(left: Test, right: Test) -> Test:
    return lambda look: left(look) or right(look)


def _element(item: Json) -> Look:
    return lambda name: item.get(name) if name and isinstance(item, Mapping) else item


def _same(value: Json, wanted: Json) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return value.casefold() == wanted.casefold()
    return value == wanted
