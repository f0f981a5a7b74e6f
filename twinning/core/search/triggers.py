"""Database triggers by which a search entry follows the gate of its record, whoever writes the record, and goes with it.

A record is saved with its entry; but a queryset's ``update`` and ``delete``, a command or a person with SQL know nothing of entries.
They are laid after each migrate, because SQLite drops the triggers of a table that a migration rebuilds.
"""

from django.db import connections

from twinning.core.search.index import GATE, Searchable, SearchEntry, searchable_models

_ENTRY = """content_type_id = (SELECT id FROM django_content_type WHERE app_label = '{app}' AND model = '{model}')
    AND object_id = {row}.id"""
_MOMENTS = ", ".join(f"{name} = new.{name}" for name in GATE) + ", dated_at = new.{dated_by}"
_FOLLOW = f"UPDATE core_searchentry SET is_open = FALSE, {_MOMENTS} WHERE {_ENTRY}"  # noqa: S608 - names of our own
_GO = f"DELETE FROM core_searchentry WHERE {_ENTRY}"  # noqa: S608 - names of our own

SQLITE = """
CREATE TRIGGER {name} AFTER {event} ON {table} WHEN {condition} BEGIN {action}; END
"""
POSTGRESQL = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {action}; RETURN NULL; END $$;
CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()
"""


def lay_triggers(*, using: str, plan=None, **_signal) -> None:
    """Receiver of ``post_migrate``: make the triggers of every kind of record that search covers.

    ``flush`` sends the signal too, without a plan; it empties tables and leaves their triggers.
    """
    if plan is None:
        return
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if SearchEntry._meta.db_table in tables:
        with connection.cursor() as cursor:
            for model in searchable_models():
                if model._meta.db_table in tables and _has_date(cursor, model):
                    for statement in _statements(model, connection.vendor):
                        cursor.execute(statement)


def _has_date(cursor, model: type[Searchable]) -> bool:
    """Whether the table has the column by which entries are sorted; not before its migration."""
    cursor.execute(f"SELECT * FROM {model._meta.db_table} LIMIT 0")  # noqa: S608 - a name of our own
    return model.dated_by in {column[0] for column in cursor.description}


def _statements(model: type[Searchable], vendor: str):
    """The SQL for the triggers of one table."""
    options = model._meta
    kind = {"app": options.app_label, "model": options.model_name, "dated_by": model.dated_by}
    unlike = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    differs = " OR ".join(f"old.{name} {unlike} new.{name}" for name in dict.fromkeys([*GATE, model.dated_by]))
    for name, event, condition, action in (
        ("follows", "UPDATE", differs, _FOLLOW.format(row="new", **kind)),
        ("forgets", "DELETE", "TRUE", _GO.format(row="old", **kind)),
    ):
        name, table = f"{options.db_table}_search_{name}", options.db_table
        if vendor == "sqlite":
            yield f"DROP TRIGGER IF EXISTS {name}"
        sql = SQLITE if vendor == "sqlite" else POSTGRESQL
        yield sql.format(name=name, event=event, table=table, condition=condition, action=action)
