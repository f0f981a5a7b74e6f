"""Queries that are compiled once per process and run with other values.

Building a queryset and compiling it takes Django several times as long as the database takes to answer. What public pages ask
is always the same but for a few values: ``compiled`` keeps the SQL and fills them in (ADR 21).
"""

import inspect
import json
from collections.abc import Callable
from datetime import date, datetime
from functools import update_wrapper
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import FlatValuesListIterable, ValuesListIterable
from django.utils import timezone


class _Keys(models.Field):
    """A list of whole numbers as one value for the database."""

    def get_db_prep_value(self, value, connection, prepared=False):
        return json.dumps(value) if connection.vendor == "sqlite" else value


_FIELDS = {
    datetime: models.DateTimeField(),
    date: models.DateField(),
    int: models.BigIntegerField(),
    str: models.TextField(),
    list[int]: _Keys(),
}


class Slot(models.Expression):
    """The place of a value in a compiled query; ``slot + timedelta(…)`` is the place of the later value."""

    def __init__(self, name: str, output_field: models.Field, change: Callable[[Any], Any] = lambda value: value):
        super().__init__(output_field=output_field)
        self.name, self.change = name, change

    def __add__(self, difference):
        return self.changed(lambda value: value + difference)

    def changed(self, change: Callable[[Any], Any], kind: type | None = None) -> "Slot":
        """The place of what a function makes of the value, which may be of another kind."""
        field = _FIELDS[kind] if kind else self.output_field
        return Slot(self.name, field, lambda value: change(self.change(value)))

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def filled(self, values: dict[str, Any], connection):
        """What the database gets."""
        return self.output_field.get_db_prep_value(self.change(values[self.name]), connection)


def local_day(at: datetime | Slot) -> date | Slot:
    """The council's day at a moment; the place of that day for the place of a moment."""
    return at.changed(timezone.localdate, date) if isinstance(at, Slot) else timezone.localdate(at)


class _Statement:
    """A queryset with its SQL, in which slots stand for the values of a run."""

    def __init__(self, queryset: models.QuerySet, using: str):
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(using)
        self._sql, self._params = self._compiler.as_sql()
        self._is_flat = queryset._iterable_class is FlatValuesListIterable
        is_list = self._is_flat or queryset._iterable_class is ValuesListIterable
        self._has_plain_rows = is_list and not self._compiler.get_converters([one for one, *_ in self._compiler.select])

    def run(self, values: dict[str, Any], using: str) -> list:
        connection = connections[using]
        params = tuple(p.filled(values, connection) if isinstance(p, Slot) else p for p in self._params)
        if self._has_plain_rows:
            return self._rows(params, connection)
        compiler = _twin(self._compiler, connection=connection, as_sql=lambda *args, **kwargs: (self._sql, params))
        query = _twin(self._queryset.query, get_compiler=lambda *args, **kwargs: compiler)
        return list(_twin(self._queryset, _query=query, _db=using))

    def _rows(self, params: tuple, connection) -> list:
        """What ``values_list`` returns, where the database's own values are those: half the work."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            return [row[0] for row in cursor] if self._is_flat else cursor.fetchall()


def _twin(original, **different):
    """A shallow copy of an object with some other attributes; its class is not asked how it wants to be copied."""
    twin = object.__new__(type(original))
    vars(twin).update(vars(original), **different)
    return twin


# By the function that builds the queryset, the names of the values that were left out, and the name of the database.
_statements: dict[tuple, _Statement] = {}


def compiled(build: Callable[..., models.QuerySet]) -> Callable[..., list]:
    """Decorator of a function that builds a queryset from keywords, each annotated as datetime, date, int, str or a field.

    Each call of the decorated function takes the values and returns the rows as a list. The function itself is called once
    per process, with slots in place of the values: it puts them into the query and cannot look at them. A value that is
    left out is None for the function too, which builds another query without it.
    """
    parameters = inspect.signature(build).parameters
    return compiled_with(build, {name: parameter.annotation for name, parameter in parameters.items()})


def compiled_with(build: Callable[..., models.QuerySet], kinds: dict[str, Any]) -> Callable[..., list]:
    """As ``compiled``, for a function that takes whatever keywords ``kinds`` names."""
    slots = {name: Slot(name, _FIELDS.get(kind, kind)) for name, kind in kinds.items()}

    def run(*, using: str = DEFAULT_DB_ALIAS, **values) -> list:
        left_out = tuple(name for name in slots if values.get(name) is None)
        if not (statement := _statements.get((build, left_out, using))):
            queryset = build(**slots | dict.fromkeys(left_out))
            statement = _statements[build, left_out, using] = _Statement(queryset, using)
        return statement.run(values, using)

    return update_wrapper(run, build)


@models.IntegerField.register_lookup
class Among(models.Lookup):
    """Lookup: the column is one of a list of numbers, which is one value for the database, of whatever length."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        return self._sql(compiler, connection, "{} IN (SELECT value FROM json_each({}))")

    def as_postgresql(self, compiler, connection):
        return self._sql(compiler, connection, "{} = ANY({}::bigint[])")

    def _sql(self, compiler, connection, sql):
        column, column_params = self.process_lhs(compiler, connection)
        keys, params = self.process_rhs(compiler, connection)
        return sql.format(column, keys), (*column_params, *params)
