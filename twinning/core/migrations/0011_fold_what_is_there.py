from functools import partial

from django.db import migrations

from twinning.core.fields.folding import fill_folded


class Migration(migrations.Migration):
    dependencies = [("core", "0010_folded_texts")]

    operations = [
        migrations.RunPython(partial(fill_folded, names=("core.Photo", "core.User")), migrations.RunPython.noop)
    ]
