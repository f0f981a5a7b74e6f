from django.db import migrations, models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce

import twinning.core.fields.dates


def issued_at(*, null: bool) -> models.GeneratedField:
    return models.GeneratedField(
        db_persist=True,
        null=null,
        expression=Case(When(publish_at__isnull=False, then=Coalesce("first_issued_start", "publish_at"))),
        output_field=models.DateTimeField(),
    )


class Migration(migrations.Migration):
    dependencies = [("news", "0008_every_release_has_a_feed_id")]

    operations = [
        migrations.AddField(
            "pressrelease",
            "first_issued",
            twinning.core.fields.dates.PartialDateField(
                blank=True,
                help_text=(
                    "Only for what was issued before it came to this site: 12 March 1998, March 1998 or 1998. It is dated and "
                    "sorted by it, and not announced as new. Approvers fill this in."
                ),
                max_length=40,
                verbose_name="first issued",
            ),
        ),
        migrations.AddField(
            "pressrelease", "first_issued_start", twinning.core.fields.dates.StartField(editable=False, null=True)
        ),
        # SQLite adds no such column to a table with rows. Django rebuilds the table, but only for a column that cannot be null;
        # in the database the two are the same.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AddField("pressrelease", "issued_at", issued_at(null=False))],
            state_operations=[migrations.AddField("pressrelease", "issued_at", issued_at(null=True))],
        ),
        migrations.AlterModelOptions(
            "pressrelease",
            {
                "default_permissions": (
                    "add", "change", "delete", "view", "submit", "approve", "urgent", "withdraw",
                ),
                "ordering": ("-issued_at", "slug"),
                "verbose_name": "press release",
                "verbose_name_plural": "press releases",
            },
        ),
        migrations.AddIndex(
            "pressrelease", models.Index(fields=["-issued_at", "slug"], name="news_release_by_date")
        ),
        migrations.AddIndex(
            "pressrelease",
            models.Index(
                fields=["-issued_at", "slug"], name="news_release_new_here", condition=Q(first_issued_start=None)
            ),
        ),
        migrations.AddConstraint(
            "pressrelease",
            models.CheckConstraint(
                name="news_pressrelease_first_issued_before_publication",
                condition=Q(first_issued_start=None) | Q(publish_at=None) | Q(first_issued_start__lte=F("publish_at")),
                violation_error_message="It cannot have been first issued after its publication here.",
            ),
        ),
    ]  # fmt: skip
