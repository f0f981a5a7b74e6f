"""Who signed an agreement, and the papers that belong to it."""

from datetime import datetime
from pathlib import PurePath

from django.db import models
from django.db.models import OuterRef, Subquery
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partners.models.cities import City
from partners.models.memoranda import Memorandum
from twinning.core import documents
from twinning.core.files import PrivateFile
from twinning.core.languages import LanguageField
from twinning.core.richtext import RichTextField
from twinning.core.search import SearchablePart


class SignatoryQuerySet(models.QuerySet):
    """Signatories with the side they signed for."""

    def for_page(self, *, at: datetime):
        """Annotate ``signs_for``: the city's name, when the public may see that city."""
        cities = City.objects.published(at=at).filter(pk=OuterRef("city"))
        return self.annotate(signs_for=Subquery(cities.values("name")[:1]))


class Signatory(SearchablePart):
    """Someone who signed or is to sign: the name and the office *held that day*."""

    owner = "memorandum"

    memorandum = models.ForeignKey(Memorandum, models.CASCADE, related_name="signatories")
    city = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, verbose_name=_("signs for"), related_name="signatories",
        help_text=_("Leave empty for the council itself."),
    )  # fmt: skip
    name = models.CharField(
        _("name"), max_length=100, blank=True, help_text=_("Leave empty if only the office is known.")
    )
    office = models.CharField(
        _("office on that day"),
        max_length=150,
        help_text=_("For example “Lord Mayor”. It stays as it was when they signed."),
    )
    is_planned = models.BooleanField(
        _("planned"), default=False, help_text=_("Tick if this person was to sign; add another line for who did.")
    )

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")

    def __str__(self):
        return ", ".join(filter(None, [self.name, self.office]))


class Document(PrivateFile, SearchablePart):
    """A text that belongs to an agreement: a scan, the wording, or a translation."""

    owner = "memorandum"

    class Kind(models.TextChoices):
        SCAN = "scan", _("Scan of the signed paper")
        TEXT = "text", _("Text")
        TRANSLATION = "translation", _("Translation")

    memorandum = models.ForeignKey(Memorandum, models.CASCADE, related_name="documents")
    title = models.CharField(_("title"), max_length=150)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.SCAN)
    language = LanguageField(_("language"), blank=False, default="en", help_text=_("For example “en” or “de”."))
    pages = models.PositiveIntegerField(_("pages"), null=True, editable=False)
    has_text = models.BooleanField(_("has a text layer"), null=True, editable=False)
    summary = RichTextField(_("what it says"), help_text=_("A summary for those who cannot open or read the file."))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("core:file", args=[self.token, self.name])

    def look_into(self, upload):
        paper = documents.read(upload)
        self.pages, self.has_text = paper.pages, paper.has_text
        return paper.ending

    @property
    def in_short(self) -> str:
        """What the file is, as “PDF, 3 pages, 120 KB”; pages only if somebody counted them."""
        kind = PurePath(self.name).suffix.removeprefix(".").upper()
        pages = ngettext("%(number)d page", "%(number)d pages", self.pages or 0) % {"number": self.pages or 0}
        return ", ".join(filter(None, [kind, self.pages and pages, filesizeformat(self.size)]))

    @classmethod
    def readable(cls, *, at: datetime):
        return cls.objects.filter(memorandum__in=Memorandum.objects.published(at=at))
