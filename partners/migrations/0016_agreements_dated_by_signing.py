from django.db import migrations, models
from django.db.models import Case, OuterRef, Subquery, When
from django.db.models.functions import Coalesce, Least

from twinning.core.fields.dates import StartField


def date_what_is_there(apps, schema_editor):
    """Fill in when each was signed, and date its search entry by that."""
    alias = schema_editor.connection.alias
    agreements = apps.get_model("partners", "Memorandum").objects.using(alias)
    for agreement in agreements.exclude(signed=""):
        agreements.filter(pk=agreement.pk).update(signed_start=agreement.signed.start)
    entries = apps.get_model("core", "SearchEntry").objects.using(alias)
    dated = agreements.filter(pk=OuterRef("object_id")).values("dated_at")
    entries.filter(content_type__app_label="partners", content_type__model="memorandum").update(dated_at=Subquery(dated))


def dated_at(*, null: bool) -> models.GeneratedField:
    return models.GeneratedField(
        expression=Case(
            When(publish_at__isnull=False, then=Least(Coalesce("signed_start", "publish_at"), "publish_at"))
        ),
        output_field=models.DateTimeField(),
        db_persist=True,
        null=null,
    )


class Migration(migrations.Migration):
    dependencies = [("partners", "0015_fold_more"), ("core", "0015_pages"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [
        migrations.AddField("memorandum", "signed_start", StartField(editable=False, null=True)),
        # SQLite adds no such column to a table with rows. Django rebuilds the table, but only for a column that cannot be null;
        # in the database the two are the same.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AddField("memorandum", "dated_at", dated_at(null=False))],
            state_operations=[migrations.AddField("memorandum", "dated_at", dated_at(null=True))],
        ),
        migrations.RunPython(date_what_is_there, migrations.RunPython.noop),
    ]
