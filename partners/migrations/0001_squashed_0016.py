import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import django_countries.fields
import partners.kinds
import partners.models.cities
import twinning.core.fields.dates
import twinning.core.fields.folding
import twinning.core.fields.languages
import twinning.core.fields.relations
import twinning.core.files.private
import twinning.core.photos.uses
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("partners", "0001_initial"),
        ("partners", "0002_two_people_approve"),
        ("partners", "0003_documents_by_content"),
        ("partners", "0004_photos"),
        ("partners", "0005_indexes_of_what_waits"),
        ("partners", "0006_folded_texts"),
        ("partners", "0007_fold_what_is_there"),
        ("partners", "0008_tell_cities_apart"),
        ("partners", "0009_one_city_of_a_name"),
        ("partners", "0010_cities_on_the_home_page"),
        ("partners", "0011_what_changes_over_time"),
        ("partners", "0012_status_becomes_changes"),
        ("partners", "0013_nothing_stored_that_follows"),
        ("partners", "0014_kinds_of_the_council"),
        ("partners", "0015_fold_more"),
        ("partners", "0016_agreements_dated_by_signing"),
    ]

    initial = True

    dependencies = [
        ("core", "0001_squashed_0015"),
        ("core", "0001_squashed_0015"),
    ]

    operations = [
        migrations.CreateModel(
            name="City",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        error_messages={"unique": "Another record has this address. Choose a different one."},
                        help_text="The last part of the page's address, in small letters, digits and hyphens, for example “dortmund”. If you change it, the old address leads to the new one.",
                        max_length=100,
                        unique=True,
                        verbose_name="address",
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("approved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("publish_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from")),
                ("urgent_reason", models.TextField(blank=True, editable=False, verbose_name="why it was urgent")),
                ("confirmed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "withdrawal_reason",
                    models.TextField(blank=True, editable=False, verbose_name="public reason for the withdrawal"),
                ),
                ("taken_down_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last updated")),
                (
                    "name",
                    models.CharField(
                        error_messages={
                            "unique": "Another city has this name. Write the country behind it, or the region if both are in one country: “Frankfurt (Oder)”."
                        },
                        help_text="If another partner city has the same name, write the country or the region behind both, for example “Frankfurt (Oder)”.",
                        max_length=100,
                        unique=True,
                        verbose_name="name in English",
                    ),
                ),
                (
                    "local_name",
                    models.CharField(
                        blank=True,
                        help_text="For example 杭州. Leave empty if it is the same.",
                        max_length=100,
                        verbose_name="name in its own language",
                    ),
                ),
                (
                    "local_language",
                    twinning.core.fields.languages.LanguageField(
                        blank=True,
                        help_text="For example “zh” or “de”.",
                        max_length=12,
                        verbose_name="language of that name",
                    ),
                ),
                (
                    "other_names",
                    models.CharField(
                        blank=True,
                        help_text="Other spellings that people search for, with commas between them.",
                        max_length=250,
                        verbose_name="other names",
                    ),
                ),
                ("country", django_countries.fields.CountryField(max_length=2, verbose_name="country")),
                (
                    "latitude",
                    models.DecimalField(
                        decimal_places=5,
                        help_text="Degrees north of the equator, from -90 to 90, for example 51.51360.",
                        max_digits=8,
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        decimal_places=5,
                        help_text="Degrees east of Greenwich, from -180 to 180, for example 7.46530. West is negative.",
                        max_digits=8,
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="longitude",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        help_text="For example Europe/Berlin.",
                        max_length=50,
                        validators=[partners.models.cities.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("population", models.PositiveIntegerField(blank=True, null=True, verbose_name="population")),
                (
                    "population_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year of that figure"),
                ),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("city", "City or town"),
                            ("district", "District of a city"),
                            ("region", "Region"),
                            ("port", "Port"),
                        ],
                        default="city",
                        max_length=20,
                        verbose_name="what it is",
                    ),
                ),
                (
                    "successor",
                    models.CharField(
                        blank=True,
                        help_text="If it is no longer a place of its own, for example “Katwijk, since 2006”.",
                        max_length=150,
                        verbose_name="now part of",
                    ),
                ),
                (
                    "wikidata_id",
                    models.CharField(
                        blank=True,
                        help_text="For example Q1295. It tells search engines which city this is.",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator("^Q[1-9]\\d*$", "A Wikidata id looks like Q1295.")
                        ],
                        verbose_name="Wikidata id",
                    ),
                ),
                ("official_site", models.URLField(blank=True, verbose_name="official website")),
                (
                    "hue",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Colour 1"),
                            (2, "Colour 2"),
                            (3, "Colour 3"),
                            (4, "Colour 4"),
                            (5, "Colour 5"),
                            (6, "Colour 6"),
                            (7, "Colour 7"),
                            (8, "Colour 8"),
                            (9, "Colour 9"),
                            (10, "Colour 10"),
                            (11, "Colour 11"),
                            (12, "Colour 12"),
                        ],
                        default=1,
                        help_text="The city's own colour on its page and on the map.",
                        verbose_name="colour",
                    ),
                ),
                (
                    "is_on_home",
                    models.BooleanField(
                        default=False,
                        help_text="The home page introduces twelve cities; with twelve or fewer, all of them. With more, those that are ticked here come first. The places left go to the active partnerships in which something was signed last, or which began last.",
                        verbose_name="introduced on the home page",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=partners.kinds.partnership_kinds,
                        default=partners.kinds.first_partnership_kind,
                        help_text="At its beginning. What changed later stands below, under “Changes of the partnership”.",
                        max_length=60,
                        verbose_name="kind of partnership",
                    ),
                ),
                (
                    "held_by",
                    models.CharField(
                        choices=[
                            ("council", "The council"),
                            ("association", "A twinning association"),
                            ("both", "The council and an association"),
                        ],
                        default="council",
                        help_text="At its beginning.",
                        max_length=20,
                        verbose_name="held by",
                    ),
                ),
                (
                    "home_side",
                    models.CharField(
                        blank=True,
                        help_text="Only if the partner is not the whole city, for example a former borough such as Morley.",
                        max_length=100,
                        verbose_name="our side",
                    ),
                ),
                (
                    "since",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True,
                        help_text="Write 1960s, 1988, about 1991, February 2021, 2 June 1969 or 2003 to 2021.",
                        max_length=40,
                        verbose_name="since",
                    ),
                ),
                ("since_earliest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("since_latest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                (
                    "is_proposed",
                    models.BooleanField(
                        default=False,
                        help_text="Tick while nothing is agreed; the page says so.",
                        verbose_name="only proposed",
                    ),
                ),
                (
                    "anniversaries_from",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True,
                        help_text="Leave empty to count from the beginning; a beginning before 1900 is celebrated only if it stands here too.",
                        max_length=40,
                        verbose_name="anniversaries count from",
                    ),
                ),
                (
                    "anniversaries_from_earliest",
                    twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True),
                ),
                (
                    "anniversaries_from_latest",
                    twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True),
                ),
                (
                    "summary",
                    models.CharField(
                        help_text="One sentence for lists and below the name.", max_length=250, verbose_name="summary"
                    ),
                ),
                (
                    "why",
                    models.TextField(
                        blank=True,
                        help_text="The answer to a resident who asks what this is for.",
                        verbose_name="why we are partners",
                    ),
                ),
                (
                    "decision_body",
                    models.CharField(
                        blank=True, help_text="For example “Full council”.", max_length=150, verbose_name="decided by"
                    ),
                ),
                (
                    "decision_on",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True,
                        help_text="Write 1960s, 1988, about 1991, February 2021, 2 June 1969 or 2003 to 2021.",
                        max_length=40,
                        verbose_name="decided on",
                    ),
                ),
                (
                    "decision_on_earliest",
                    twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True),
                ),
                ("decision_on_latest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("decision_url", models.URLField(blank=True, verbose_name="link to the decision")),
                ("story", models.TextField(blank=True, verbose_name="story")),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="look at this page again on")),
                (
                    "internal_notes",
                    models.TextField(blank=True, help_text="Never shown to the public.", verbose_name="internal notes"),
                ),
                (
                    "folded",
                    twinning.core.fields.folding.FoldedField(
                        "name", "local_name", "other_names", "home_side", blank=True, default="", editable=False
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_approved",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_confirmed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cities",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="responsible officer",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_submitted",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_down_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_taken_down",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_withdrawn",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "city",
                "verbose_name_plural": "cities",
                "ordering": ("folded", "slug"),
                "abstract": False,
                "default_permissions": ("add", "change", "delete", "view", "submit", "approve", "urgent", "withdraw"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("approved_at", None), ("submitted_at__isnull", False)),
                        fields=["submitted_at"],
                        name="partners_city_waits",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(("urgent_reason", ""), _negated=True),
                            ("approved_at__isnull", False),
                            ("confirmed_at", None),
                        ),
                        fields=["approved_at"],
                        name="partners_city_urgent",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at", None),
                                ("approved_by", None),
                                ("publish_at", None),
                                ("urgent_reason", ""),
                            ),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                ("publish_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="partners_city_approval_is_whole",
                        violation_error_message="An approval needs a person, a moment and a publication date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_by", None),
                            ("approved_by", None),
                            models.Q(("submitted_by", models.F("approved_by")), _negated=True),
                            models.Q(("urgent_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="partners_city_approved_by_another",
                        violation_error_message="Somebody else than the one who submitted it has to approve it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                models.Q(("urgent_reason", ""), _negated=True),
                                models.Q(("confirmed_by", models.F("approved_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="partners_city_confirmation_is_whole",
                        violation_error_message="Only what was published urgently is approved afterwards, by somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at", None),
                            models.Q(
                                ("withdrawn_at__gte", models.F("publish_at")),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawal_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="partners_city_withdrawal_is_whole",
                        violation_error_message="A withdrawal needs a person, a reason and something that was public.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_down_at", None),
                            models.Q(("taken_down_at__gte", models.F("publish_at")), ("taken_down_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="partners_city_takedown_is_whole",
                        violation_error_message="Only what was public can be taken down.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("latitude__range", (-90, 90))),
                        name="partners_city_latitude",
                        violation_error_message="A latitude lies between -90 and 90.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("longitude__range", (-180, 180))),
                        name="partners_city_longitude",
                        violation_error_message="A longitude lies between -180 and 180.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("population", None), ("population_year__isnull", False), _connector="OR"),
                        name="partners_city_population_has_year",
                        violation_error_message="Say which year the population is from.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "date",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True,
                        help_text="Write 1960s, 1988, about 1991, February 2021, 2 June 1969 or 2003 to 2021.",
                        max_length=40,
                        verbose_name="from",
                    ),
                ),
                ("date_earliest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("date_latest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("dormant", "Dormant"),
                            ("suspended", "Suspended"),
                            ("ended", "Ended"),
                        ],
                        default="active",
                        max_length=20,
                        verbose_name="the partnership is",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=partners.kinds.partnership_kinds,
                        help_text="Only if it changed.",
                        max_length=60,
                        verbose_name="kind of partnership",
                    ),
                ),
                (
                    "held_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("council", "The council"),
                            ("association", "A twinning association"),
                            ("both", "The council and an association"),
                        ],
                        help_text="Only if it changed.",
                        max_length=20,
                        verbose_name="held by",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        help_text="Shown to the public. Needed if the partnership is dormant, suspended or ended.",
                        max_length=250,
                        verbose_name="reason",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="Where this is written down.", max_length=250, verbose_name="source"
                    ),
                ),
                ("source_url", models.URLField(blank=True, verbose_name="link to the source")),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="partners.city"
                    ),
                ),
            ],
            options={
                "verbose_name": "change of the partnership",
                "verbose_name_plural": "changes of the partnership",
                "ordering": (models.OrderBy(models.F("date_earliest"), nulls_last=True), "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "active"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="partners_change_standstill_has_reason",
                        violation_error_message="Give a reason for a partnership that is dormant, suspended or ended.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CityPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "alt",
                    models.CharField(
                        blank=True,
                        help_text="For those who cannot see it: “The two leaders shake hands on the town hall steps”.",
                        max_length=250,
                        validators=[twinning.core.photos.uses.not_a_file_name],
                        verbose_name="what can be seen",
                    ),
                ),
                (
                    "is_decorative",
                    models.BooleanField(
                        default=False,
                        help_text="Tick it if the page says the same without the photo, and leave the description empty.",
                        verbose_name="only decoration",
                    ),
                ),
                (
                    "caption",
                    models.CharField(
                        blank=True,
                        help_text="Stands below the photo: who, what, where and when.",
                        max_length=250,
                        verbose_name="caption",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="The photo with the lowest number leads.", verbose_name="position"
                    ),
                ),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="photos", to="partners.city"
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        help_text="From the library. A new one is added there first, under “Photos”.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="core.photo",
                        verbose_name="photo",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": ("position", "pk"),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("alt", ""), ("is_decorative", True)),
                            models.Q(("is_decorative", False), models.Q(("alt", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="partners_cityphoto_is_described_or_decoration",
                        violation_error_message="Say what can be seen on the photo, or tick “only decoration”: one of the two, not both.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="For example “Karl-Marx-Stadt”.", max_length=100, verbose_name="name at that time"
                    ),
                ),
                (
                    "language",
                    twinning.core.fields.languages.LanguageField(
                        blank=True, help_text="For example “de”.", max_length=12, verbose_name="language of that name"
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        help_text="If it was another than today’s, for example “East Germany”.",
                        max_length=100,
                        verbose_name="country at that time",
                    ),
                ),
                (
                    "begins",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True,
                        help_text="Write 1960s, 1988, about 1991, February 2021, 2 June 1969 or 2003 to 2021.",
                        max_length=40,
                        verbose_name="from",
                    ),
                ),
                ("begins_earliest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("begins_latest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                (
                    "ends",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True,
                        help_text="Write 1960s, 1988, about 1991, February 2021, 2 June 1969 or 2003 to 2021.",
                        max_length=40,
                        verbose_name="to",
                    ),
                ),
                ("ends_earliest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("ends_latest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                (
                    "folded",
                    twinning.core.fields.folding.FoldedField("name", "country", blank=True, default="", editable=False),
                ),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="former_names", to="partners.city"
                    ),
                ),
            ],
            options={
                "verbose_name": "former name",
                "verbose_name_plural": "former names",
                "ordering": (models.OrderBy(models.F("begins_earliest"), nulls_first=True), "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("begins_earliest", None),
                            ("ends_latest", None),
                            ("begins_earliest__lte", models.F("ends_latest")),
                            _connector="OR",
                        ),
                        name="partners_former_name_ends_after_it_begins",
                        violation_error_message="The period cannot end before it begins.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Involvement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("organisation", models.CharField(max_length=150, verbose_name="organisation")),
                ("role", models.CharField(max_length=250, verbose_name="what it does")),
                ("how_to_join", models.CharField(blank=True, max_length=250, verbose_name="how to take part")),
                ("url", models.URLField(blank=True, verbose_name="website")),
                (
                    "folded",
                    twinning.core.fields.folding.FoldedField("organisation", blank=True, default="", editable=False),
                ),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="involvements", to="partners.city"
                    ),
                ),
            ],
            options={
                "verbose_name": "organisation that takes part",
                "verbose_name_plural": "organisations that take part",
                "ordering": ("folded", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Memorandum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        error_messages={"unique": "Another record has this address. Choose a different one."},
                        help_text="The last part of the page's address, in small letters, digits and hyphens, for example “dortmund”. If you change it, the old address leads to the new one.",
                        max_length=100,
                        unique=True,
                        verbose_name="address",
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("approved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("publish_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from")),
                ("urgent_reason", models.TextField(blank=True, editable=False, verbose_name="why it was urgent")),
                ("confirmed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "withdrawal_reason",
                    models.TextField(blank=True, editable=False, verbose_name="public reason for the withdrawal"),
                ),
                ("taken_down_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last updated")),
                (
                    "title",
                    models.CharField(
                        help_text="For example “Leeds – Dortmund memorandum of understanding 2021”.",
                        max_length=200,
                        verbose_name="title",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=partners.kinds.agreement_kinds,
                        default=partners.kinds.first_agreement_kind,
                        max_length=60,
                        verbose_name="kind",
                    ),
                ),
                (
                    "other_parties",
                    models.CharField(
                        blank=True,
                        help_text="Who is no partner city, for example an organisation or a third town; with commas between them.",
                        max_length=250,
                        verbose_name="other parties",
                    ),
                ),
                (
                    "purpose",
                    models.TextField(
                        blank=True,
                        help_text="In plain words: what the cities agree to do, and why.",
                        verbose_name="purpose",
                    ),
                ),
                (
                    "planned",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True,
                        help_text="Write 1960s, 1988, about 1991, February 2021, 2 June 1969 or 2003 to 2021.",
                        max_length=40,
                        verbose_name="planned for",
                    ),
                ),
                ("planned_earliest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("planned_latest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                (
                    "signed",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True,
                        help_text="Write 1960s, 1988, about 1991, February 2021, 2 June 1969 or 2003 to 2021.",
                        max_length=40,
                        verbose_name="signed on",
                    ),
                ),
                ("signed_earliest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("signed_latest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("signed_start", twinning.core.fields.dates.StartField(editable=False, null=True)),
                (
                    "dated_at",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                publish_at__isnull=False,
                                then=django.db.models.functions.comparison.Least(
                                    django.db.models.functions.comparison.Coalesce("signed_start", "publish_at"),
                                    "publish_at",
                                ),
                            )
                        ),
                        null=True,
                        output_field=models.DateTimeField(),
                    ),
                ),
                (
                    "is_signed_on_unknown_day",
                    models.BooleanField(
                        default=False,
                        help_text="Tick if no record says even the decade.",
                        verbose_name="signed, and nobody knows when",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True, help_text="Where it was signed, or “online”.", max_length=100, verbose_name="place"
                    ),
                ),
                (
                    "in_force",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True,
                        help_text="Leave empty if it is in force from its signing.",
                        max_length=40,
                        verbose_name="in force from",
                    ),
                ),
                ("in_force_earliest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("in_force_latest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                (
                    "ends",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True, help_text="Leave empty if it has no end.", max_length=40, verbose_name="ends on"
                    ),
                ),
                ("ends_earliest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("ends_latest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                (
                    "renewal_months",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Months by which it goes on unless someone gives notice; 0 if not.",
                        verbose_name="renews itself by",
                    ),
                ),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Days of notice to end it.", verbose_name="notice"
                    ),
                ),
                (
                    "languages",
                    models.CharField(
                        blank=True,
                        help_text="For example “English and German”.",
                        max_length=100,
                        verbose_name="authentic languages",
                    ),
                ),
                ("decision_reference", models.CharField(blank=True, max_length=150, verbose_name="decision reference")),
                (
                    "signatories_unknown",
                    models.BooleanField(
                        default=False,
                        help_text="Tick if no record says who signed.",
                        verbose_name="signatories unknown",
                    ),
                ),
                ("suspended_on", models.DateField(blank=True, null=True, verbose_name="suspended on")),
                (
                    "ended_on",
                    models.DateField(
                        blank=True, help_text="If it was ended before its time.", null=True, verbose_name="ended on"
                    ),
                ),
                (
                    "abandoned_on",
                    models.DateField(
                        blank=True, help_text="If it was never signed.", null=True, verbose_name="abandoned on"
                    ),
                ),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        help_text="Public: why it was suspended, ended or abandoned.",
                        max_length=250,
                        verbose_name="reason",
                    ),
                ),
                (
                    "internal_notes",
                    models.TextField(blank=True, help_text="Never shown to the public.", verbose_name="internal notes"),
                ),
                (
                    "folded",
                    twinning.core.fields.folding.FoldedField(
                        "title", "place", "other_parties", blank=True, default="", editable=False
                    ),
                ),
                (
                    "amends",
                    models.ForeignKey(
                        blank=True,
                        help_text="The agreement that this addendum changes. It stays in force.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amended_by",
                        to="partners.memorandum",
                        verbose_name="amends",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_approved",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cities",
                    twinning.core.fields.relations.ProtectedManyToManyField(
                        related_name="memoranda", to="partners.city", verbose_name="partner cities"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_confirmed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "renews",
                    models.OneToOneField(
                        blank=True,
                        error_messages={"unique": "That agreement has been renewed by another one already."},
                        help_text="The earlier agreement that this one takes the place of.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewed_by",
                        to="partners.memorandum",
                        verbose_name="renews",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_submitted",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_down_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_taken_down",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_withdrawn",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "agreement",
                "verbose_name_plural": "agreements",
                "ordering": (models.OrderBy(models.F("signed_earliest"), descending=True, nulls_first=True), "slug"),
                "abstract": False,
                "default_permissions": ("add", "change", "delete", "view", "submit", "approve", "urgent", "withdraw"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("approved_at", None), ("submitted_at__isnull", False)),
                        fields=["submitted_at"],
                        name="partners_memorandum_waits",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(("urgent_reason", ""), _negated=True),
                            ("approved_at__isnull", False),
                            ("confirmed_at", None),
                        ),
                        fields=["approved_at"],
                        name="partners_memorandum_urgent",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at", None),
                                ("approved_by", None),
                                ("publish_at", None),
                                ("urgent_reason", ""),
                            ),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                ("publish_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="partners_memorandum_approval_is_whole",
                        violation_error_message="An approval needs a person, a moment and a publication date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_by", None),
                            ("approved_by", None),
                            models.Q(("submitted_by", models.F("approved_by")), _negated=True),
                            models.Q(("urgent_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="partners_memorandum_approved_by_another",
                        violation_error_message="Somebody else than the one who submitted it has to approve it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                models.Q(("urgent_reason", ""), _negated=True),
                                models.Q(("confirmed_by", models.F("approved_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="partners_memorandum_confirmation_is_whole",
                        violation_error_message="Only what was published urgently is approved afterwards, by somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at", None),
                            models.Q(
                                ("withdrawn_at__gte", models.F("publish_at")),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawal_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="partners_memorandum_withdrawal_is_whole",
                        violation_error_message="A withdrawal needs a person, a reason and something that was public.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_down_at", None),
                            models.Q(("taken_down_at__gte", models.F("publish_at")), ("taken_down_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="partners_memorandum_takedown_is_whole",
                        violation_error_message="Only what was public can be taken down.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_earliest", None),
                            ("in_force_latest", None),
                            ("signed_earliest__lte", models.F("in_force_latest")),
                            _connector="OR",
                        ),
                        name="partners_memorandum_in_force_follows_signing",
                        violation_error_message="It cannot be in force before it was signed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_latest", None),
                            models.Q(("in_force_earliest", None), ("signed_earliest", None)),
                            (
                                "ends_latest__gte",
                                django.db.models.functions.comparison.Coalesce("in_force_earliest", "signed_earliest"),
                            ),
                            _connector="OR",
                        ),
                        name="partners_memorandum_ends_after_beginning",
                        violation_error_message="It cannot end before it is in force.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_force_earliest", None),
                            ("signed_earliest__isnull", False),
                            ("is_signed_on_unknown_day", True),
                            _connector="OR",
                        ),
                        name="partners_memorandum_in_force_is_signed",
                        violation_error_message="Say when it was signed; without that it cannot be in force.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("abandoned_on", None),
                            models.Q(("is_signed_on_unknown_day", False), ("signed_earliest", None)),
                            _connector="OR",
                        ),
                        name="partners_memorandum_abandoned_is_unsigned",
                        violation_error_message="A signed agreement cannot be abandoned. Say when it ended instead.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_earliest", None), ("is_signed_on_unknown_day", False), _connector="OR"
                        ),
                        name="partners_memorandum_day_is_known_or_not",
                        violation_error_message="Either say when it was signed, or tick that nobody knows.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("abandoned_on", None), ("ended_on", None), ("suspended_on", None)),
                            models.Q(("end_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="partners_memorandum_end_has_reason",
                        violation_error_message="Give the reason why it was suspended, ended or abandoned.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("renews", None), models.Q(("renews", models.F("pk")), _negated=True), _connector="OR"
                        ),
                        name="partners_memorandum_does_not_renew_itself",
                        violation_error_message="An agreement cannot renew itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amends", None), models.Q(("amends", models.F("pk")), _negated=True), _connector="OR"
                        ),
                        name="partners_memorandum_does_not_amend_itself",
                        violation_error_message="An agreement cannot amend itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "token",
                    models.CharField(
                        default=twinning.core.files.private.new_token, editable=False, max_length=40, unique=True
                    ),
                ),
                ("file", models.FileField(upload_to=twinning.core.files.private.private_path, verbose_name="file")),
                ("name", models.CharField(editable=False, max_length=150)),
                ("size", models.PositiveBigIntegerField(default=0, editable=False)),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("scan", "Scan of the signed paper"),
                            ("text", "Text"),
                            ("translation", "Translation"),
                        ],
                        default="scan",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "language",
                    twinning.core.fields.languages.LanguageField(
                        blank=True,
                        default="en",
                        help_text="For example “en” or “de”.",
                        max_length=12,
                        verbose_name="language",
                    ),
                ),
                ("pages", models.PositiveIntegerField(editable=False, null=True, verbose_name="pages")),
                ("has_text", models.BooleanField(editable=False, null=True, verbose_name="has a text layer")),
                (
                    "summary",
                    models.TextField(
                        blank=True,
                        help_text="A summary for those who cannot open or read the file.",
                        verbose_name="what it says",
                    ),
                ),
                (
                    "memorandum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="documents", to="partners.memorandum"
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "date",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True,
                        help_text="Write 1960s, 1988, about 1991, February 2021, 2 June 1969 or 2003 to 2021.",
                        max_length=40,
                        verbose_name="date",
                    ),
                ),
                ("date_earliest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("date_latest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("title", models.CharField(max_length=150, verbose_name="what happened")),
                ("text", models.TextField(blank=True, verbose_name="more about it")),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="Where this is written down.", max_length=250, verbose_name="source"
                    ),
                ),
                ("source_url", models.URLField(blank=True, verbose_name="link to the source")),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="milestones", to="partners.city"
                    ),
                ),
            ],
            options={
                "verbose_name": "milestone",
                "verbose_name_plural": "milestones",
                "ordering": (
                    models.OrderBy(models.F("date_earliest"), nulls_first=True),
                    models.OrderBy(models.F("date_latest"), nulls_last=True),
                    "pk",
                ),
            },
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "headline",
                    models.CharField(
                        help_text="One strong sentence, for example “Six cities, six decades of friendship”.",
                        max_length=80,
                        verbose_name="headline",
                    ),
                ),
                (
                    "lead",
                    models.TextField(
                        help_text="Two or three sentences below the headline.", max_length=400, verbose_name="lead"
                    ),
                ),
                (
                    "story",
                    models.TextField(
                        blank=True,
                        help_text="The history of the partnerships, shown with the list of cities.",
                        verbose_name="how it began",
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last updated")),
            ],
            options={
                "verbose_name": "introduction",
                "verbose_name_plural": "introduction",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)),
                        name="partners_programme_is_one",
                        violation_error_message="There is one introduction only. Change the existing one.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Signatory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "party",
                    models.CharField(
                        blank=True,
                        help_text="If it is no partner city, its name.",
                        max_length=150,
                        verbose_name="or for another party",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="Leave empty if only the office is known.",
                        max_length=100,
                        verbose_name="name",
                    ),
                ),
                (
                    "office",
                    models.CharField(
                        help_text="For example “Lord Mayor”. It stays as it was when they signed.",
                        max_length=150,
                        verbose_name="office on that day",
                    ),
                ),
                (
                    "is_planned",
                    models.BooleanField(
                        default=False,
                        help_text="Tick if this person was to sign; add another line for who did.",
                        verbose_name="planned",
                    ),
                ),
                (
                    "folded",
                    twinning.core.fields.folding.FoldedField(
                        "name", "office", "party", blank=True, default="", editable=False
                    ),
                ),
                (
                    "city",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty for the council itself.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatories",
                        to="partners.city",
                        verbose_name="signs for",
                    ),
                ),
                (
                    "memorandum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatories",
                        to="partners.memorandum",
                    ),
                ),
            ],
            options={
                "verbose_name": "signatory",
                "verbose_name_plural": "signatories",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("city", None), ("party", ""), _connector="OR"),
                        name="partners_signatory_signs_for_one",
                        violation_error_message="Somebody signs either for a partner city or for another party.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Signing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "date",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True,
                        help_text="Write 1960s, 1988, about 1991, February 2021, 2 June 1969 or 2003 to 2021.",
                        max_length=40,
                        verbose_name="signed again on",
                    ),
                ),
                ("date_earliest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("date_latest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                (
                    "place",
                    models.CharField(
                        blank=True, help_text="Where it was signed, or “online”.", max_length=100, verbose_name="place"
                    ),
                ),
                (
                    "memorandum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="signings", to="partners.memorandum"
                    ),
                ),
            ],
            options={
                "verbose_name": "further signing",
                "verbose_name_plural": "further signings",
                "ordering": (models.OrderBy(models.F("date_earliest"), nulls_first=True), "pk"),
            },
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        error_messages={"unique": "Another record has this address. Choose a different one."},
                        help_text="The last part of the page's address, in small letters, digits and hyphens, for example “dortmund”. If you change it, the old address leads to the new one.",
                        max_length=100,
                        unique=True,
                        verbose_name="address",
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("approved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("publish_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from")),
                ("urgent_reason", models.TextField(blank=True, editable=False, verbose_name="why it was urgent")),
                ("confirmed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "withdrawal_reason",
                    models.TextField(blank=True, editable=False, verbose_name="public reason for the withdrawal"),
                ),
                ("taken_down_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last updated")),
                (
                    "name",
                    models.CharField(
                        help_text="For example “Health and wellbeing”.", max_length=80, unique=True, verbose_name="name"
                    ),
                ),
                (
                    "summary",
                    models.CharField(help_text="One sentence for lists.", max_length=250, verbose_name="summary"),
                ),
                (
                    "description",
                    models.TextField(
                        blank=True, help_text="What the cities do together in this field.", verbose_name="description"
                    ),
                ),
                (
                    "folded",
                    twinning.core.fields.folding.FoldedField("name", "summary", blank=True, default="", editable=False),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_approved",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_confirmed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_submitted",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_down_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_taken_down",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_withdrawn",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
                "ordering": ("folded", "slug"),
                "abstract": False,
                "default_permissions": ("add", "change", "delete", "view", "submit", "approve", "urgent", "withdraw"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("approved_at", None), ("submitted_at__isnull", False)),
                        fields=["submitted_at"],
                        name="partners_theme_waits",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(("urgent_reason", ""), _negated=True),
                            ("approved_at__isnull", False),
                            ("confirmed_at", None),
                        ),
                        fields=["approved_at"],
                        name="partners_theme_urgent",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at", None),
                                ("approved_by", None),
                                ("publish_at", None),
                                ("urgent_reason", ""),
                            ),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                ("publish_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="partners_theme_approval_is_whole",
                        violation_error_message="An approval needs a person, a moment and a publication date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_by", None),
                            ("approved_by", None),
                            models.Q(("submitted_by", models.F("approved_by")), _negated=True),
                            models.Q(("urgent_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="partners_theme_approved_by_another",
                        violation_error_message="Somebody else than the one who submitted it has to approve it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                models.Q(("urgent_reason", ""), _negated=True),
                                models.Q(("confirmed_by", models.F("approved_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="partners_theme_confirmation_is_whole",
                        violation_error_message="Only what was published urgently is approved afterwards, by somebody else.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at", None),
                            models.Q(
                                ("withdrawn_at__gte", models.F("publish_at")),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawal_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="partners_theme_withdrawal_is_whole",
                        violation_error_message="A withdrawal needs a person, a reason and something that was public.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_down_at", None),
                            models.Q(("taken_down_at__gte", models.F("publish_at")), ("taken_down_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="partners_theme_takedown_is_whole",
                        violation_error_message="Only what was public can be taken down.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="memorandum",
            name="themes",
            field=twinning.core.fields.relations.ProtectedManyToManyField(
                blank=True, related_name="memoranda", to="partners.theme", verbose_name="themes"
            ),
        ),
        migrations.CreateModel(
            name="Focus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "begins",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True,
                        help_text="Write 1960s, 1988, about 1991, February 2021, 2 June 1969 or 2003 to 2021.",
                        max_length=40,
                        verbose_name="from",
                    ),
                ),
                ("begins_earliest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("begins_latest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                (
                    "ends",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True, help_text="Leave empty while the work goes on.", max_length=40, verbose_name="to"
                    ),
                ),
                ("ends_earliest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("ends_latest", twinning.core.fields.dates.BoundField(db_index=True, editable=False, null=True)),
                ("note", models.CharField(blank=True, max_length=250, verbose_name="note")),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="focuses", to="partners.city"
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="focuses",
                        to="partners.theme",
                        verbose_name="theme",
                    ),
                ),
            ],
            options={
                "verbose_name": "theme of the partnership",
                "verbose_name_plural": "themes of the partnership",
                "ordering": (models.OrderBy(models.F("begins_earliest"), nulls_first=True), "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("begins_earliest", None),
                            ("ends_latest", None),
                            ("begins_earliest__lte", models.F("ends_latest")),
                            _connector="OR",
                        ),
                        name="partners_focus_ends_after_it_begins",
                        violation_error_message="The period cannot end before it begins.",
                    )
                ],
            },
        ),
    ]
