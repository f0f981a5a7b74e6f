"""Press releases and their parts: contacts, corrections and photos; quotes have a file of their own."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from news.checks import CHECKS
from news.coverage.links import COVERAGE_EVENTS
from news.models.contacts import PressContact
from news.models.issued import Issued
from news.models.photo_calls import PhotoCall
from news.models.pre_election import PreElectionPeriod
from news.models.quotes import has_elected
from news.quotes.approvals import QUOTE_EVENTS
from news.quotes.placing import check_places, without_places
from partners.models import City, Memorandum, Theme
from twinning.core.addresses import Sluggable
from twinning.core.fields.characters import LineField
from twinning.core.fields.folding import FoldedField
from twinning.core.fields.languages import LanguageField
from twinning.core.fields.relations import ProtectedManyToManyField, rows
from twinning.core.fields.richtext import RichTextField, to_text
from twinning.core.photos.uses import Illustrated, PhotoUse, with_photos
from twinning.core.publishing.gate import Publishable, PublishableQuerySet
from twinning.core.publishing.steps import AGREE, table
from twinning.core.search.facets import NamedFacet, YearFacet
from twinning.core.search.index import Searchable
from twinning.core.web.http import address
from twinning.core.writing.checks import reasons_against

# /news/2021/ is the archive of a year.
not_a_year = RegexValidator(
    r"^\d{4}$", _("Four digits alone are the address of a year. Add a word."), code="year", inverse_match=True
)


def new_feed_id() -> str:
    """A name for the entry of a release in feeds that says nothing of its address or its number."""
    return uuid4().urn


class PressReleaseQuerySet(PublishableQuerySet):
    """Queries for releases, with annotations for their pages."""

    def for_page(self, *, at: datetime):
        named = {
            "about_cities": rows(
                City.objects.published(at=at).filter(releases=OuterRef("pk")), "pk", "name", "slug", "hue"
            ),
            "about_themes": rows(Theme.objects.published(at=at).filter(releases=OuterRef("pk")), "pk", "name", "slug"),
            "about_memoranda": rows(
                Memorandum.objects.published(at=at).filter(releases=OuterRef("pk")), "pk", "title", "slug"
            ),
        }
        return with_photos(self, at=at).annotate(**named)


class PressRelease(Sluggable, Issued, PhotoCall, Searchable, Illustrated, Publishable):
    """A release, a statement or a photo call, as the press team sends it out."""

    headline = LineField(_("headline"), max_length=160, help_text=_("What happened, in one line, without a full stop."))
    standfirst = LineField(
        _("standfirst"),
        max_length=300,
        help_text=_("One or two sentences that tell the story to someone who reads no further."),
    )
    place = LineField(_("place"), max_length=80, blank=True, help_text=_("Opens the date line, for example “Leeds”."))
    body = RichTextField(_("text"))
    language = LanguageField(_("language"), help_text=_("Only if it is not in English, for example “de”."))
    notes_to_editors = RichTextField(_("notes to editors"), help_text=_("Background for journalists, below the text."))

    cities = ProtectedManyToManyField(City, verbose_name=_("cities"), related_name="releases", blank=True)
    themes = ProtectedManyToManyField(Theme, verbose_name=_("themes"), related_name="releases", blank=True)
    memoranda = ProtectedManyToManyField(Memorandum, verbose_name=_("agreements"), related_name="releases", blank=True)
    related = ProtectedManyToManyField(
        "self", symmetrical=False, blank=True, verbose_name=_("related releases"), related_name="related_from",
        help_text=_("Up to three. They are followed by the newest about the same agreements, cities and themes."),
    )  # fmt: skip
    contacts = models.ManyToManyField(PressContact, through="ReleaseContact", related_name="releases")
    pinned_until = models.DateTimeField(_("first on the home page until"), null=True, blank=True)
    internal_notes = models.TextField(_("internal notes"), blank=True, help_text=_("Never shown to the public."))
    folded = FoldedField("headline", "standfirst")
    # Names the release in feeds, whatever becomes of its address.
    feed_id = models.CharField(max_length=300, unique=True, default=new_feed_id, editable=False)

    steps = Publishable.steps | table(AGREE)
    verbs = QUOTE_EVENTS | COVERAGE_EVENTS
    parts = ("photos", "quotes", "release_contacts", "change_notes")
    prose = ("headline", "standfirst", "body", "notes_to_editors")
    not_content = (*Publishable.not_content, "feed_id", "first_issued_start", "issued_at")
    facets = {"city": NamedFacet("cities"), "theme": NamedFacet("themes"), "year": YearFacet("issued_at")}

    objects = PressReleaseQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ("-issued_at", "slug")
        verbose_name = _("press release")
        verbose_name_plural = _("press releases")
        indexes = [
            *Publishable.Meta.indexes,
            models.Index(fields=["-publish_at", "slug"], name="news_release_newest_first"),
            models.Index(fields=["-issued_at", "slug"], name="news_release_by_date"),
            models.Index(
                fields=["-issued_at", "slug"], name="news_release_new_here", condition=Q(first_issued_start=None)
            ),
            models.Index(
                fields=["-updated_at"], name="news_release_drafts", condition=Q(approved_at=None, submitted_at=None)
            ),
            models.Index(fields=["pinned_until"], name="news_release_pinned", condition=Q(pinned_until__isnull=False)),
            models.Index(
                fields=["event_starts_at"], name="news_release_events", condition=Q(event_starts_at__isnull=False)
            ),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            *Issued.Meta.constraints,
            *PhotoCall.Meta.constraints,
        ]

    def __str__(self):
        return self.headline

    def get_absolute_url(self):
        return address("news:release", self.slug)

    def search_text(self):
        quotes = [f"{q.text} {q.speaker} {q.office} {q.original}".strip() for q in self.quotes.all()]
        event = f"{self.event_what} {self.event_where}" if self.is_photo_call else ""
        photos = [photo.words for photo in self.photos.all()]
        texts = [
            self.standfirst,
            self.place,
            to_text(without_places(self.body)),
            event,
            *quotes,
            to_text(self.notes_to_editors),
            *photos,
        ]
        return self.headline, "\n".join(filter(str.strip, texts))

    def clean_fields(self, exclude=None):
        super().clean_fields(exclude=exclude)
        for name, check in (("slug", not_a_year), ("body", check_places)):
            if name not in (exclude or ()):
                try:
                    check(getattr(self, name))
                except ValidationError as error:
                    raise ValidationError({name: error}) from None

    def date_changes(self, *, since, at):
        # The public got the correction when the copy came out, not when it was written.
        return bool(self.change_notes.filter(noted_at__gte=since).update(noted_at=at))

    def why_two(self, *, at, snapshot=None):
        period = PreElectionPeriod.objects.on(timezone.localdate(at)).first()
        if not period or (snapshot and not has_elected(snapshot)):
            return ""
        said = _("In the pre-election period (%s), a second approver has to agree to it and say why it cannot wait.")
        return said % period

    def may_need_two(self):
        return PreElectionPeriod.objects.not_over(on=timezone.localdate()).exists()

    def check_ready(self, *, at):
        missing = reasons_against(self, CHECKS, at=at)
        try:
            self.check_first_issued(self.first_issued, at=at)
        except ValidationError as error:
            missing["first_issued"] = error
        if missing:
            raise ValidationError(missing)


class ReleaseContact(models.Model):
    """A press contact named in a release, with its position."""

    release = models.ForeignKey(PressRelease, models.CASCADE, related_name="release_contacts")
    contact = models.ForeignKey(PressContact, models.PROTECT, verbose_name=_("contact"))
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        ordering = ("position", "pk")
        verbose_name = _("contact for this release")
        verbose_name_plural = _("contacts for this release")
        constraints = [
            models.UniqueConstraint(
                fields=["release", "contact"],
                name="news_releasecontact_once",
                violation_error_message=_("This contact is in the list already."),
            )
        ]

    def __str__(self):
        return str(self.contact)


class ChangeNote(models.Model):
    """A public note on a correction of a published release."""

    release = models.ForeignKey(PressRelease, models.CASCADE, related_name="change_notes")
    noted_at = models.DateTimeField(_("when"), default=timezone.now)
    text = LineField(
        _("what was corrected"),
        max_length=300,
        help_text=_("For example “The date of the first letter was put right.”"),
    )
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False)

    class Meta:
        ordering = ("-noted_at",)
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self):
        return self.text

    def clean(self):
        super().clean()
        if self._state.adding and not self.release.publish_at:
            message = _(
                "Nobody has read this release yet, so there is nothing to correct in public. Change the text itself."
            )
            raise ValidationError({"text": ValidationError(message, code="not_public")})


class ReleasePhoto(PhotoUse):
    """A photo of a release; the first one leads."""

    owner = "release"

    release = models.ForeignKey(PressRelease, models.CASCADE, related_name="photos")

    class Meta(PhotoUse.Meta):
        pass
