from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0012_unsaved_forms")]

    operations = [
        migrations.AddIndex(
            "searchentry",
            models.Index(
                condition=models.Q(("is_open", False)), fields=["content_type"], name="core_searchentry_closed"
            ),
        ),
    ]
