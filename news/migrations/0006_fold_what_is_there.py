from functools import partial

from django.db import migrations

from twinning.core.fields.folding import fill_folded


class Migration(migrations.Migration):
    dependencies = [("news", "0005_folded_texts")]

    operations = [
        migrations.RunPython(partial(fill_folded, names=("news.PressContact", "news.PressRelease")), migrations.RunPython.noop)
    ]
