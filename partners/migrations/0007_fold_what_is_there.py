from functools import partial

from django.db import migrations

from twinning.core.fields.folding import fill_folded


class Migration(migrations.Migration):
    dependencies = [("partners", "0006_folded_texts")]

    operations = [
        migrations.RunPython(partial(fill_folded, names=("partners.City", "partners.Involvement", "partners.Memorandum", "partners.Signatory", "partners.Theme")), migrations.RunPython.noop)
    ]
