from django.db import migrations, models

import news.models.releases


class Migration(migrations.Migration):
    dependencies = [("news", "0007_feed_ids")]

    operations = [
        migrations.AlterField(
            "pressrelease",
            "feed_id",
            models.CharField(default=news.models.releases.new_feed_id, editable=False, max_length=300, unique=True),
        ),
    ]
