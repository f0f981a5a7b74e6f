from django.db import migrations

from twinning.core.search.rewriting import rewrite_words


class Migration(migrations.Migration):
    dependencies = [("core", "0008_indexes_of_what_waits")]

    operations = [migrations.RunPython(rewrite_words, migrations.RunPython.noop)]
