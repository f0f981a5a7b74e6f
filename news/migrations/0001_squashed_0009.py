import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import news.models.releases
import twinning.core.fields.dates
import twinning.core.fields.folding
import twinning.core.fields.languages
import twinning.core.fields.relations
import twinning.core.photos.uses
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("news", "0001_initial"),
        ("news", "0002_two_people_approve"),
        ("news", "0003_photos"),
        ("news", "0004_indexes_of_what_waits"),
        ("news", "0005_folded_texts"),
        ("news", "0006_fold_what_is_there"),
        ("news", "0007_feed_ids"),
        ("news", "0008_every_release_has_a_feed_id"),
        ("news", "0009_first_issued"),
    ]

    initial = True

    dependencies = [
        ("core", "0001_squashed_0015"),
        ("core", "0001_squashed_0015"),
        ("partners", "0001_squashed_0016"),
    ]

    operations = [
        migrations.CreateModel(
            name="PressContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="The office or the person, for example “Press office”.",
                        max_length=100,
                        verbose_name="name",
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=150, verbose_name="role")),
                ("email", models.EmailField(max_length=254, verbose_name="email")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telephone")),
                (
                    "hours",
                    models.CharField(
                        blank=True,
                        help_text="For example “Monday to Friday, 9am to 5pm”.",
                        max_length=100,
                        verbose_name="hours",
                    ),
                ),
                (
                    "out_of_hours_phone",
                    models.CharField(blank=True, max_length=30, verbose_name="out-of-hours telephone"),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True,
                        help_text="The last day; then the next field counts.",
                        null=True,
                        verbose_name="valid until",
                    ),
                ),
                (
                    "is_general",
                    models.BooleanField(
                        default=False,
                        help_text="Shown where no other contact is named.",
                        verbose_name="general contact",
                    ),
                ),
                (
                    "folded",
                    twinning.core.fields.folding.FoldedField("name", "role", blank=True, default="", editable=False),
                ),
                (
                    "cities",
                    twinning.core.fields.relations.ProtectedManyToManyField(
                        blank=True,
                        help_text="Cities on whose pages this contact is shown.",
                        related_name="contacts",
                        to="partners.city",
                        verbose_name="answers for",
                    ),
                ),
                (
                    "fallback",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in_for",
                        to="news.presscontact",
                        verbose_name="afterwards ask",
                    ),
                ),
            ],
            options={
                "verbose_name": "press contact",
                "verbose_name_plural": "press contacts",
                "ordering": ("folded", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from", None),
                            ("valid_to", None),
                            ("valid_from__lte", models.F("valid_to")),
                            _connector="OR",
                        ),
                        name="news_presscontact_valid_period",
                        violation_error_message="A contact cannot stop being valid before it starts.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PressRelease",
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
                    "first_issued",
                    twinning.core.fields.dates.PartialDateField(
                        blank=True,
                        help_text="Only for what was issued before it came to this site: 12 March 1998, March 1998 or 1998. It is dated and sorted by it, and not announced as new. Approvers fill this in.",
                        max_length=40,
                        verbose_name="first issued",
                    ),
                ),
                ("first_issued_start", twinning.core.fields.dates.StartField(editable=False, null=True)),
                (
                    "issued_at",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                publish_at__isnull=False,
                                then=django.db.models.functions.comparison.Coalesce("first_issued_start", "publish_at"),
                            )
                        ),
                        null=True,
                        output_field=models.DateTimeField(),
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("release", "Press release"),
                            ("statement", "Statement"),
                            ("photo-call", "Photo call"),
                        ],
                        default="release",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "headline",
                    models.CharField(
                        help_text="What happened, in one line, without a full stop.",
                        max_length=160,
                        verbose_name="headline",
                    ),
                ),
                (
                    "standfirst",
                    models.CharField(
                        help_text="One or two sentences that tell the story to someone who reads no further.",
                        max_length=300,
                        verbose_name="standfirst",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        help_text="Opens the date line, for example “Leeds”.",
                        max_length=80,
                        verbose_name="place",
                    ),
                ),
                ("body", models.TextField(blank=True, verbose_name="text")),
                (
                    "language",
                    twinning.core.fields.languages.LanguageField(
                        blank=True,
                        help_text="Only if it is not in English, for example “de”.",
                        max_length=12,
                        verbose_name="language",
                    ),
                ),
                (
                    "notes_to_editors",
                    models.TextField(
                        blank=True,
                        help_text="Background for journalists, below the text.",
                        verbose_name="notes to editors",
                    ),
                ),
                (
                    "event_what",
                    models.CharField(
                        blank=True, help_text="For photo calls: what can be seen.", max_length=200, verbose_name="what"
                    ),
                ),
                ("event_starts_at", models.DateTimeField(blank=True, null=True, verbose_name="when")),
                ("event_where", models.CharField(blank=True, max_length=200, verbose_name="where")),
                (
                    "pinned_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="first on the home page until"),
                ),
                (
                    "internal_notes",
                    models.TextField(blank=True, help_text="Never shown to the public.", verbose_name="internal notes"),
                ),
                (
                    "folded",
                    twinning.core.fields.folding.FoldedField(
                        "headline", "standfirst", blank=True, default="", editable=False
                    ),
                ),
                (
                    "feed_id",
                    models.CharField(
                        default=news.models.releases.new_feed_id, editable=False, max_length=300, unique=True
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
                        blank=True, related_name="releases", to="partners.city", verbose_name="cities"
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
                    "memoranda",
                    twinning.core.fields.relations.ProtectedManyToManyField(
                        blank=True, related_name="releases", to="partners.memorandum", verbose_name="agreements"
                    ),
                ),
                (
                    "related",
                    twinning.core.fields.relations.ProtectedManyToManyField(
                        blank=True,
                        help_text="Up to three. Without any, the newest about the same cities are shown.",
                        related_name="related_from",
                        to="news.pressrelease",
                        verbose_name="related releases",
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
                    "themes",
                    twinning.core.fields.relations.ProtectedManyToManyField(
                        blank=True, related_name="releases", to="partners.theme", verbose_name="themes"
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
                "verbose_name": "press release",
                "verbose_name_plural": "press releases",
                "ordering": ("-issued_at", "slug"),
                "abstract": False,
                "default_permissions": ("add", "change", "delete", "view", "submit", "approve", "urgent", "withdraw"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("approved_at", None), ("submitted_at__isnull", False)),
                        fields=["submitted_at"],
                        name="news_pressrelease_waits",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(("urgent_reason", ""), _negated=True),
                            ("approved_at__isnull", False),
                            ("confirmed_at", None),
                        ),
                        fields=["approved_at"],
                        name="news_pressrelease_urgent",
                    ),
                    models.Index(fields=["-publish_at", "slug"], name="news_release_newest_first"),
                    models.Index(fields=["-issued_at", "slug"], name="news_release_by_date"),
                    models.Index(
                        condition=models.Q(("first_issued_start", None)),
                        fields=["-issued_at", "slug"],
                        name="news_release_new_here",
                    ),
                    models.Index(
                        condition=models.Q(("pinned_until__isnull", False)),
                        fields=["pinned_until"],
                        name="news_release_pinned",
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
                        name="news_pressrelease_approval_is_whole",
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
                        name="news_pressrelease_approved_by_another",
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
                        name="news_pressrelease_confirmation_is_whole",
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
                        name="news_pressrelease_withdrawal_is_whole",
                        violation_error_message="A withdrawal needs a person, a reason and something that was public.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_down_at", None),
                            models.Q(("taken_down_at__gte", models.F("publish_at")), ("taken_down_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="news_pressrelease_takedown_is_whole",
                        violation_error_message="Only what was public can be taken down.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_issued_start", None),
                            ("publish_at", None),
                            ("first_issued_start__lte", models.F("publish_at")),
                            _connector="OR",
                        ),
                        name="news_pressrelease_first_issued_before_publication",
                        violation_error_message="It cannot have been first issued after its publication here.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "photo-call"), _negated=True),
                            models.Q(
                                ("event_starts_at__isnull", False),
                                models.Q(("event_what", ""), _negated=True),
                                models.Q(("event_where", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="news_pressrelease_photo_call_is_whole",
                        violation_error_message="A photo call needs what can be seen, when and where.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                (
                    "text",
                    models.CharField(
                        help_text="For example “The date of the first letter was put right.”",
                        max_length=300,
                        verbose_name="what was corrected",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="change_notes", to="news.pressrelease"
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ("-noted_at",),
            },
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                (
                    "speaker",
                    models.CharField(
                        blank=True,
                        help_text="Leave empty to show the office alone.",
                        max_length=100,
                        verbose_name="name",
                    ),
                ),
                (
                    "office",
                    models.CharField(
                        help_text="For example “Leader of the council”.",
                        max_length=150,
                        verbose_name="office at the time",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("home", "Our council"), ("partner", "Partner city"), ("other", "Someone else")],
                        default="home",
                        max_length=10,
                        verbose_name="side",
                    ),
                ),
                (
                    "language",
                    twinning.core.fields.languages.LanguageField(
                        blank=True,
                        help_text="Only if it is not in the release’s language.",
                        max_length=12,
                        verbose_name="language",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="Without quotation marks; an empty line begins a new paragraph.", verbose_name="quote"
                    ),
                ),
                (
                    "is_approved",
                    models.BooleanField(
                        default=False,
                        help_text="The release cannot be approved before.",
                        verbose_name="approved by the speaker’s office",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="quotes", to="news.pressrelease"
                    ),
                ),
            ],
            options={
                "verbose_name": "quote",
                "verbose_name_plural": "quotes",
                "ordering": ("position", "pk"),
            },
        ),
        migrations.CreateModel(
            name="ReleaseContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="news.presscontact", verbose_name="contact"
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="release_contacts",
                        to="news.pressrelease",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact for this release",
                "verbose_name_plural": "contacts for this release",
                "ordering": ("position", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "contact"),
                        name="news_releasecontact_once",
                        violation_error_message="This contact is in the list already.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="pressrelease",
            name="contacts",
            field=models.ManyToManyField(
                related_name="releases", through="news.ReleaseContact", to="news.presscontact"
            ),
        ),
        migrations.CreateModel(
            name="ReleasePhoto",
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
                    "photo",
                    models.ForeignKey(
                        help_text="From the library. A new one is added there first, under “Photos”.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="core.photo",
                        verbose_name="photo",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="photos", to="news.pressrelease"
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
                        name="news_releasephoto_is_described_or_decoration",
                        violation_error_message="Say what can be seen on the photo, or tick “only decoration”: one of the two, not both.",
                    )
                ],
            },
        ),
    ]
