from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("news", "0014_approvals_of_quotes")]

    operations = [migrations.RemoveField(model_name="quote", name="is_approved")]
