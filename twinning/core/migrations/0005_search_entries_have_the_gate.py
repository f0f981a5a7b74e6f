from django.db import migrations, models
from django.utils import timezone

# Only the words of open entries are looked up. SQLite drops the triggers of a table that it rebuilds: a migration that alters
# a column of core_searchentry must run create_index again.
SQLITE_INDEX = (
    "DROP TRIGGER IF EXISTS core_searchentry_words_insert",
    "DROP TRIGGER IF EXISTS core_searchentry_words_delete",
    "DROP TRIGGER IF EXISTS core_searchentry_words_update",
    "DROP TABLE core_searchentry_words",
    """
    CREATE VIRTUAL TABLE core_searchentry_words
    USING fts5(words, content='core_searchentry', content_rowid='id', tokenize='ascii')
    """,
    """
    CREATE TRIGGER core_searchentry_words_insert AFTER INSERT ON core_searchentry WHEN new.is_open BEGIN
        INSERT INTO core_searchentry_words(rowid, words) VALUES (new.id, new.words);
    END
    """,
    """
    CREATE TRIGGER core_searchentry_words_delete AFTER DELETE ON core_searchentry WHEN old.is_open BEGIN
        INSERT INTO core_searchentry_words(core_searchentry_words, rowid, words) VALUES ('delete', old.id, old.words);
    END
    """,
    """
    CREATE TRIGGER core_searchentry_words_closed BEFORE UPDATE OF words, is_open ON core_searchentry WHEN old.is_open BEGIN
        INSERT INTO core_searchentry_words(core_searchentry_words, rowid, words) VALUES ('delete', old.id, old.words);
    END
    """,
    """
    CREATE TRIGGER core_searchentry_words_opened AFTER UPDATE OF words, is_open ON core_searchentry WHEN new.is_open BEGIN
        INSERT INTO core_searchentry_words(rowid, words) VALUES (new.id, new.words);
    END
    """,
)
# The list of entries that are still to be sorted in stays short, since each search reads it (kB).
POSTGRESQL_INDEX = (
    "DROP INDEX core_searchentry_words",
    """
    CREATE INDEX core_searchentry_words ON core_searchentry
    USING gin (array_to_tsvector(string_to_array(words, ' '))) WITH (gin_pending_list_limit = 256) WHERE is_open
    """,
)


def create_index(apps, schema_editor):
    statements = SQLITE_INDEX if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_INDEX
    for statement in statements:
        schema_editor.execute(statement)


def fill(apps, schema_editor):
    """Give each entry the gate of its record, and open those that are public."""
    entries = apps.get_model("core", "SearchEntry").objects.using(schema_editor.connection.alias)
    for kind in apps.get_model("contenttypes", "ContentType").objects.filter(pk__in=entries.values("content_type")):
        table = schema_editor.quote_name(f"{kind.app_label}_{kind.model}")
        moments = ("approved_at", "withdrawn_at", "taken_down_at")
        values = ", ".join(f"{name} = (SELECT {name} FROM {table} WHERE {table}.id = object_id)" for name in moments)
        schema_editor.execute(f"UPDATE core_searchentry SET {values} WHERE content_type_id = %s", [kind.pk])
    public = entries.filter(approved_at__isnull=False, publish_at__lte=timezone.now())
    public.filter(withdrawn_at=None, taken_down_at=None).update(is_open=True)


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("core", "0004_cut_for_sharing"),
    ]

    operations = [
        migrations.AddField("searchentry", "approved_at", models.DateTimeField(null=True)),
        migrations.AddField("searchentry", "is_open", models.BooleanField(default=False)),
        migrations.AddField("searchentry", "taken_down_at", models.DateTimeField(null=True)),
        migrations.AddField("searchentry", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "searchentry",
            models.Index(
                condition=models.Q(
                    ("approved_at__isnull", False), ("is_open", False), ("taken_down_at", None), ("withdrawn_at", None)
                ),
                fields=["publish_at"],
                name="core_searchentry_coming",
            ),
        ),
        migrations.RunPython(create_index, migrations.RunPython.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
