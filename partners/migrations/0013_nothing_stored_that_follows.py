from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0012_status_becomes_changes"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="city",
            name="status",
        ),
        migrations.RemoveField(
            model_name="city",
            name="status_on",
        ),
        migrations.RemoveField(
            model_name="city",
            name="status_on_earliest",
        ),
        migrations.RemoveField(
            model_name="city",
            name="status_on_latest",
        ),
        migrations.RemoveField(
            model_name="city",
            name="status_reason",
        ),
        migrations.RemoveField(
            model_name="city",
            name="until",
        ),
        migrations.RemoveField(
            model_name="city",
            name="until_earliest",
        ),
        migrations.RemoveField(
            model_name="city",
            name="until_latest",
        ),
    ]
