"""Queries that Django puts together once in a process, with places for what is another each time they are asked.

For what every page asks, or one that lists much: there Django takes longer to put a query together than PostgreSQL to
answer it (docs/decisions/0110-fixed-queries.md). No value of a request is in the text, so it is the same for everybody.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from string import Formatter
from typing import Any, Final, Generic, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import DateTimeField, Expression, Field, QuerySet, UUIDField
from django.db.models.expressions import Combinable, RawSQL

Row = TypeVar("Row")
Moment = datetime | Combinable
"""A time, or the place for one."""


class Parameter(Expression):
    """The place for a value, by the name under which it is given when the query is asked."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ARG002 - Django's
        return "%s", [self]


NOW: Final = Parameter("now", DateTimeField())
KEYS: Final = RawSQL("SELECT unnest(%s::uuid[])", (Parameter("keys", ArrayField(UUIDField())),))
"""The place for ids, to be given as `arrays.uuids` writes them: for `domain__in=KEYS`."""


class FixedQuery(Generic[Row]):
    """A query set whose text stays what it was when this was made."""

    def __init__(self, rows: "QuerySet[Any, Row]") -> None:
        self._rows = rows
        self._compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self._text, self._values = self._compiler.as_sql()
        # Else the connection of this thread would stay open for as long as the query is kept.
        del self._compiler.connection

    def rows(self, **values: object) -> list[Row]:
        """Ask for what the query set gives, with a value for each place by its name."""
        answer = (self._text, _filled(self._values, values))
        compiler = copy(self._compiler)
        # Threads have connections of their own.
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_, **__: answer
        rows = self._rows.all()
        rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        return list(rows)


class FixedStatement:
    """A statement with query sets in it where it has `{name}`; it gives one row."""

    def __init__(self, statement: str, **queries: "QuerySet[Any, Any]") -> None:
        parts = {name: rows.query.sql_with_params() for name, rows in queries.items()}
        self._text = statement.format(**{name: text for name, (text, _) in parts.items()})
        # In the order of the statement, whatever that of the queries is: none takes the value of another.
        names = [name for _, name, _, _ in Formatter().parse(statement) if name is not None]
        self._values = [value for name in names for value in parts[name][1]]

    def row(self, **values: object) -> Sequence[Any]:
        """Ask, with a value for each place by its name; values come as the database gives them."""
        with connection.cursor() as cursor:
            cursor.execute(self._text, _filled(self._values, values))
            row: Sequence[Any] = cursor.fetchone()
        return row


def _filled(places: Sequence[object], values: Mapping[str, object]) -> list[Any]:
    return [values[place.name] if isinstance(place, Parameter) else place for place in places]
