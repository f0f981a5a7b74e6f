from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0013_search_entries_have_a_date")]

    operations = [
        migrations.AddIndex(
            "searchentry",
            models.Index(
                condition=models.Q(("is_open", False)), fields=["content_type"], name="core_searchentry_closed"
            ),
        ),
    ]
