from django.db import migrations

from partners.models.data_ids import DataIdField, new_data_id

MODELS = ("city", "memorandum", "theme")


def name_what_is_there(apps, schema_editor):
    for model in MODELS:
        records = apps.get_model("partners", model).objects.using(schema_editor.connection.alias)
        for key in records.order_by().values_list("pk", flat=True):
            records.filter(pk=key).update(data_id=new_data_id())


class Migration(migrations.Migration):
    dependencies = [("partners", "0019_suspensions_are_spells")]

    operations = [
        *(
            migrations.AddField(model, "data_id", DataIdField(default=None, null=True, unique=False))
            for model in MODELS
        ),
        migrations.RunPython(name_what_is_there, migrations.RunPython.noop),
        *(migrations.AlterField(model, "data_id", DataIdField()) for model in MODELS),
    ]
