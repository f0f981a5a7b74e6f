from django.db import migrations, models
from django.db.models import F


def date_what_is_there(apps, schema_editor):
    """Every entry is dated by its publication: no record has another date yet."""
    entries = apps.get_model("core", "SearchEntry").objects.using(schema_editor.connection.alias)
    entries.update(dated_at=F("publish_at"))


class Migration(migrations.Migration):
    dependencies = [("core", "0012_unsaved_forms")]

    operations = [
        migrations.AddField("searchentry", "dated_at", models.DateTimeField(db_index=True, null=True)),
        migrations.RunPython(date_what_is_there, migrations.RunPython.noop),
    ]
