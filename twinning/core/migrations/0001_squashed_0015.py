from importlib import import_module

import django.contrib.auth.models
import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import twinning.core.fields.folding
import twinning.core.fields.languages
import twinning.core.files.private
import twinning.core.search.words
from django.conf import settings
from django.db import migrations, models

_SEARCH = import_module("twinning.core.migrations.0005_search_entries_have_the_gate")


def create_index(apps, schema_editor):
    """The index of words as its last migration has it, which first drops an older one."""
    statements = _SEARCH.SQLITE_INDEX if schema_editor.connection.vendor == "sqlite" else _SEARCH.POSTGRESQL_INDEX
    for statement in statements:
        if not statement.startswith("DROP"):
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    replaces = [
        ("core", "0001_initial"),
        ("core", "0002_history_copies_and_previews"),
        ("core", "0003_photos"),
        ("core", "0004_cut_for_sharing"),
        ("core", "0005_search_entries_have_the_gate"),
        ("core", "0006_owed_tasks"),
        ("core", "0007_count_attempts_to_sign_in"),
        ("core", "0008_indexes_of_what_waits"),
        ("core", "0009_words_of_every_script"),
        ("core", "0010_folded_texts"),
        ("core", "0011_fold_what_is_there"),
        ("core", "0012_unsaved_forms"),
        ("core", "0013_search_entries_have_a_date"),
        ("core", "0014_closed_search_entries"),
        ("core", "0015_pages"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="CacheEntry",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                (
                    "folded",
                    twinning.core.fields.folding.FoldedField(
                        "username", "first_name", "last_name", blank=True, default="", editable=False
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("username"),
                        name="core_user_username_any_case",
                        violation_error_message="There is a user of that name already.",
                    )
                ],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="HistoryEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.PositiveBigIntegerField(null=True)),
                ("name", models.CharField(max_length=300, verbose_name="record")),
                ("what", models.CharField(max_length=20, verbose_name="what")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
                ("details", models.JSONField(default=dict)),
                ("snapshot", models.JSONField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="history_events",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, to="contenttypes.contenttype"
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "history",
                "ordering": ("-pk",),
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["content_type", "object_id", "-id"], name="core_history_of_a_record")],
            },
        ),
        migrations.CreateModel(
            name="OldSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.PositiveBigIntegerField()),
                ("slug", models.SlugField(max_length=100)),
                (
                    "content_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="contenttypes.contenttype"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("content_type", "slug"), name="core_oldslug_leads_to_one_record")
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.PositiveBigIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "content_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="contenttypes.contenttype"),
                ),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ("opened_at",),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("content_type", "object_id", "user"), name="core_openform_once_a_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OwedTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=200)),
                ("arguments", models.JSONField()),
                ("due_at", models.DateTimeField(db_index=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("failure", models.TextField(blank=True)),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("path", "arguments"), name="core_owedtask_once")],
            },
        ),
        migrations.CreateModel(
            name="Page",
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
                        help_text="For example “Imprint”. It stands in the foot, too.",
                        max_length=80,
                        verbose_name="title",
                    ),
                ),
                (
                    "summary",
                    models.CharField(
                        blank=True, help_text="One sentence below the title.", max_length=250, verbose_name="summary"
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
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
                    "replaces",
                    models.CharField(
                        blank=True,
                        choices=[("accessibility", "Accessibility statement"), ("privacy", "Privacy")],
                        help_text="The text that comes with the site, and stays until this page is public.",
                        max_length=20,
                        verbose_name="in place of",
                    ),
                ),
                (
                    "is_in_foot",
                    models.BooleanField(
                        default=True,
                        help_text="A page that takes the place of another stands there anyway.",
                        verbose_name="in the foot",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=10, help_text="The page with the lowest number stands first.", verbose_name="position"
                    ),
                ),
                ("folded", twinning.core.fields.folding.FoldedField("title", blank=True, default="", editable=False)),
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
                "verbose_name": "page",
                "verbose_name_plural": "pages",
                "ordering": ("position", "folded", "slug"),
                "abstract": False,
                "default_permissions": ("add", "change", "delete", "view", "submit", "approve", "urgent", "withdraw"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("approved_at", None), ("submitted_at__isnull", False)),
                        fields=["submitted_at"],
                        name="core_page_waits",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(("urgent_reason", ""), _negated=True),
                            ("approved_at__isnull", False),
                            ("confirmed_at", None),
                        ),
                        fields=["approved_at"],
                        name="core_page_urgent",
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
                        name="core_page_approval_is_whole",
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
                        name="core_page_approved_by_another",
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
                        name="core_page_confirmation_is_whole",
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
                        name="core_page_withdrawal_is_whole",
                        violation_error_message="A withdrawal needs a person, a reason and something that was public.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_down_at", None),
                            models.Q(("taken_down_at__gte", models.F("publish_at")), ("taken_down_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="core_page_takedown_is_whole",
                        violation_error_message="Only what was public can be taken down.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("replaces", ""), _negated=True), ("taken_down_at", None)),
                        fields=("replaces",),
                        name="core_page_replaces_each_once",
                        violation_error_message="Another page already takes the place of that text. Change that one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Photo",
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
                (
                    "title",
                    models.CharField(
                        help_text="What colleagues will search for, for example “Lille: town hall at night”.",
                        max_length=150,
                        verbose_name="title",
                    ),
                ),
                (
                    "credit",
                    models.CharField(
                        help_text="Who took it, as it is to be printed. The public reads it below the photo.",
                        max_length=150,
                        verbose_name="credit",
                    ),
                ),
                (
                    "licence",
                    models.CharField(
                        blank=True,
                        help_text="On what terms others may use it, for example “CC BY 4.0” or “Free for editorial use”.",
                        max_length=150,
                        verbose_name="licence",
                    ),
                ),
                ("licence_url", models.URLField(blank=True, verbose_name="link to the licence")),
                (
                    "licence_ends",
                    models.DateField(
                        blank=True,
                        help_text="The last day. From the next day on no page shows it. Leave empty if there is no end.",
                        null=True,
                        verbose_name="may be shown until",
                    ),
                ),
                (
                    "focal_x",
                    models.PositiveSmallIntegerField(
                        default=50,
                        help_text="Per cent. What lies there stays in view where the photo is cut to fit.",
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="from the left",
                    ),
                ),
                (
                    "focal_y",
                    models.PositiveSmallIntegerField(
                        default=50,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="from the top",
                    ),
                ),
                ("width", models.PositiveIntegerField(editable=False, verbose_name="width")),
                ("height", models.PositiveIntegerField(editable=False, verbose_name="height")),
                (
                    "added_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="added"),
                ),
                (
                    "folded",
                    twinning.core.fields.folding.FoldedField(
                        "title", "credit", "licence", "name", blank=True, default="", editable=False
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": ("-added_at", "-pk"),
                "permissions": (("approve_photo", "Can change photos that approved pages show"),),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("focal_x__lte", 100), ("focal_y__lte", 100)),
                        name="core_photo_focal_point_is_inside",
                        violation_error_message="The point must lie inside the photo, from 0 to 100.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Rendition",
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
                ("ending", models.CharField(max_length=4)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("is_for_sharing", models.BooleanField(default=False)),
                (
                    "photo",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="renditions", to="core.photo"
                    ),
                ),
            ],
            options={
                "verbose_name": "size of a photo",
                "verbose_name_plural": "sizes of photos",
                "ordering": ("ending", "width"),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("photo", "ending", "width", "is_for_sharing"), name="core_rendition_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.PositiveBigIntegerField()),
                ("slug", models.SlugField(max_length=100)),
                ("title", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("words", twinning.core.search.words.WordsField()),
                ("title_words", models.TextField()),
                ("is_open", models.BooleanField(default=False)),
                ("approved_at", models.DateTimeField(null=True)),
                ("publish_at", models.DateTimeField(db_index=True, null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("taken_down_at", models.DateTimeField(null=True)),
                ("dated_at", models.DateTimeField(db_index=True, null=True)),
                (
                    "content_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="contenttypes.contenttype"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("approved_at__isnull", False),
                            ("is_open", False),
                            ("taken_down_at", None),
                            ("withdrawn_at", None),
                        ),
                        fields=["publish_at"],
                        name="core_searchentry_coming",
                    ),
                    models.Index(
                        condition=models.Q(("is_open", False)), fields=["content_type"], name="core_searchentry_closed"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("content_type", "object_id"), name="core_searchentry_one_per_record"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnsavedForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=500)),
                ("fields", models.JSONField()),
                ("files", models.JSONField()),
                ("typed_at", models.DateTimeField()),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("user", "path"), name="core_unsavedform_once_an_address")
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkingCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("approved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("publish_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public from")),
                ("urgent_reason", models.TextField(blank=True, editable=False, verbose_name="why it was urgent")),
                ("confirmed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("object_id", models.PositiveBigIntegerField()),
                ("snapshot", models.JSONField()),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("failure", models.TextField(blank=True)),
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
                    "begun_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_begun",
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
                    "content_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="contenttypes.contenttype"),
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
            ],
            options={
                "verbose_name": "working copy",
                "verbose_name_plural": "working copies",
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("approved_at", None), ("submitted_at__isnull", False)),
                        fields=["submitted_at"],
                        name="core_workingcopy_waits",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(("urgent_reason", ""), _negated=True),
                            ("approved_at__isnull", False),
                            ("confirmed_at", None),
                        ),
                        fields=["approved_at"],
                        name="core_workingcopy_urgent",
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
                        name="core_workingcopy_approval_is_whole",
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
                        name="core_workingcopy_approved_by_another",
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
                        name="core_workingcopy_confirmation_is_whole",
                        violation_error_message="Only what was published urgently is approved afterwards, by somebody else.",
                    ),
                    models.UniqueConstraint(
                        fields=("content_type", "object_id"),
                        name="core_workingcopy_one_per_record",
                        violation_error_message="There is a working copy already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PreviewLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.PositiveBigIntegerField()),
                (
                    "recipient",
                    models.CharField(help_text="The person who gets the link.", max_length=150, verbose_name="name"),
                ),
                (
                    "outlet",
                    models.CharField(
                        help_text="For example “Evening paper” or “City of Dortmund”.",
                        max_length=150,
                        verbose_name="newspaper or office",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        help_text="To tell this person when the embargo moves.",
                        max_length=254,
                        verbose_name="email",
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("made_at", models.DateTimeField(editable=False)),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
                (
                    "content_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="contenttypes.contenttype"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_revoked",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "copy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="preview_links",
                        to="core.workingcopy",
                    ),
                ),
            ],
            options={
                "verbose_name": "preview link",
                "verbose_name_plural": "preview links",
                "ordering": ("-pk",),
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="core_previewlink_expires_after_it_was_made",
                        violation_error_message="The link would expire before anybody could open it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at", None), ("revoked_by", None)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="core_previewlink_revocation_is_whole",
                    ),
                ],
            },
        ),
        migrations.RunPython(create_index, migrations.RunPython.noop),
    ]
