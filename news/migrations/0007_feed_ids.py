from django.conf import settings
from django.db import migrations, models

import news.models.releases


def name_what_is_there(apps, schema_editor):
    """Releases that were in feeds keep what named them there: their address. Others get a name of their own."""
    releases = apps.get_model("news", "PressRelease").objects.using(schema_editor.connection.alias)
    for release in releases.only("slug", "approved_at").iterator():
        address = f"{settings.SITE_URL}/news/{release.slug}/"
        name = address if release.approved_at else news.models.releases.new_feed_id()
        releases.filter(pk=release.pk).update(feed_id=name)


class Migration(migrations.Migration):
    dependencies = [("news", "0006_fold_what_is_there")]

    operations = [
        migrations.AddField("pressrelease", "feed_id", models.CharField(editable=False, max_length=300, null=True)),
        migrations.RunPython(name_what_is_there, migrations.RunPython.noop),
    ]
