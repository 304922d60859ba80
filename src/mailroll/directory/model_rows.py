"""Rows of models by statements of a fixed text, as objects: Django puts each of its own together anew.

For one row that takes several times what it takes to ask for it, and as much again in the first run of a process
(docs/decisions/0101-fixed-statements.md). For what every run does, whatever the size of the tenant; else by Django.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, ForeignKey, Model
from django.db.models.base import ModelState

from mailroll.directory import arrays

Row = TypeVar("Row", bound=Model)
WHOLE: Final[frozenset[str]] = frozenset()
"""A row with all of its columns."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """The fields of a model but for some, with their attributes, and by place what Django makes of their values."""

    fields: "tuple[Field[Any, Any], ...]"
    attributes: tuple[str, ...]
    converters: tuple[tuple[int, Callable[..., Any]], ...]


def select(
    model: type[Row], rest: str, values: Sequence[Any], without: frozenset[str] = WHOLE, *, beside: tuple[str, ...] = ()
) -> list[Row]:
    """Ask for rows, which the `rest` of the statement calls `t`, and for what they refer to by the fields `beside`.

    Who refers to nothing by one of these is left out. Columns that it is `without` are asked for when they are used.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{_head(model, without, beside)} {rest}", values)
        return [_joined(model, row, without, beside) for row in cursor.fetchall()]


def columns(model: type[Model], table: str, without: frozenset[str] = WHOLE) -> str:
    """Write the columns of a model in their order, as those of a table by its name in a statement."""
    return ", ".join(f'{table}."{field.column}"' for field in _shape(model, without).fields)


def refresh(kept: Model, row: Sequence[Any]) -> None:
    """Take over what a row has by now, as `refresh_from_db` does; what it refers to is asked for when it is used."""
    shape = _shape(type(kept), WHOLE)
    for attribute, value in zip(shape.attributes, _values(shape, row), strict=True):
        setattr(kept, attribute, value)
    kept._state.fields_cache.clear()  # noqa: SLF001 - Django's


def insert(new: Model, filled: str) -> None:
    """Write a row that is not there yet; the database fills one of its columns."""
    shape, table = _shape(type(new), frozenset({filled})), new._meta.db_table  # noqa: SLF001 - Django's
    names = ", ".join(f'"{field.column}"' for field in shape.fields)
    places = ", ".join(["%s"] * len(shape.fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} ({names}) VALUES ({places}) RETURNING "{filled}"',  # noqa: S608 - of our own pieces
            _prepared(new, shape),
        )
        setattr(new, filled, cursor.fetchone()[0])
    new._state.adding, new._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001


def update(kept: Model, condition: str = "true", values: Sequence[Any] = ()) -> bool:
    """Write all columns of a row where it is as a condition with these values says; returns whether it was."""
    shape, meta = _shape(type(kept), WHOLE), kept._meta  # noqa: SLF001 - Django's
    columns_places = ", ".join(f'"{field.column}" = %s' for field in shape.fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE {meta.db_table} SET {columns_places} WHERE "{meta.pk.column}" = %s AND {condition}',  # noqa: S608
            [*_prepared(kept, shape), kept.pk, *values],
        )
        return bool(cursor.rowcount)


@cache
def _head(model: type[Model], without: frozenset[str], beside: tuple[str, ...]) -> str:
    names, tables = [columns(model, "t", without)], [f"{model._meta.db_table} t"]  # noqa: SLF001 - Django's
    for place, name in enumerate(beside):
        field = _reference(model, name)
        meta = field.related_model._meta  # noqa: SLF001
        names.append(columns(field.related_model, f"t{place}"))
        tables.append(f'{meta.db_table} t{place} ON t{place}."{meta.pk.column}" = t."{field.column}"')
    return f"SELECT {', '.join(names)} FROM {' JOIN '.join(tables)}"  # noqa: S608 - of our own pieces


@cache
def _shape(model: type[Model], without: frozenset[str]) -> _Shape:
    fields = tuple(field for field in model._meta.concrete_fields if field.name not in without)  # noqa: SLF001 - Django's
    # What reads a value: https://docs.djangoproject.com/en/5.2/ref/models/fields/, `Field.from_db_value`.
    converters = ((place, getattr(field, "from_db_value", None)) for place, field in enumerate(fields))
    return _Shape(
        fields,
        tuple(field.attname for field in fields),
        tuple((place, converter) for place, converter in converters if converter is not None),
    )


def _joined(model: type[Row], row: Sequence[Any], without: frozenset[str], beside: tuple[str, ...]) -> Row:
    whole_object, rest = _next(model, row, without)
    for name in beside:
        whole_object._state.fields_cache[name], rest = _next(_reference(model, name).related_model, rest, WHOLE)  # noqa: SLF001
    return whole_object


def _next(model: type[Row], row: Sequence[Any], without: frozenset[str]) -> tuple[Row, Sequence[Any]]:
    shape = _shape(model, without)
    size = len(shape.fields)
    # As `from_db` makes it, but for its signals: with them it takes longer than all else that is done with a row.
    instance = model.__new__(model)
    vars(instance).update(zip(shape.attributes, _values(shape, row[:size]), strict=True))
    instance._state = ModelState()  # noqa: SLF001 - Django's
    instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001
    return instance, row[size:]


def _reference(model: type[Model], name: str) -> "ForeignKey[Any, Any]":
    field = model._meta.get_field(name)  # noqa: SLF001
    if not isinstance(field, ForeignKey):
        raise TypeError(f"{name} refers to no other row")
    return field


def _values(shape: _Shape, row: Sequence[Any]) -> list[Any]:
    values = list(row)
    for place, converter in shape.converters:
        values[place] = converter(values[place], None, connection)
    return values


def _prepared(row: Model, shape: _Shape) -> list[Any]:
    values = (field.get_db_prep_save(getattr(row, field.attname), connection) for field in shape.fields)
    return [arrays.texts(value) if isinstance(value, list) else value for value in values]
