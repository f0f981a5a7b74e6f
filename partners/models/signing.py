"""The further signings, the signatories and the documents of an agreement."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partners.models.cities import City
from partners.models.memoranda import Memorandum
from twinning.core.fields.characters import LineField
from twinning.core.fields.dates import PartialDateField, bounds
from twinning.core.fields.folding import FoldedField
from twinning.core.fields.languages import LanguageField
from twinning.core.fields.richtext import RichTextField
from twinning.core.files import documents
from twinning.core.files.private import PrivateFile
from twinning.core.files.uploads import once_per_upload
from twinning.core.search.index import SearchablePart
from twinning.core.web.http import address


class Signing(SearchablePart):
    """A further signing of the same agreement, after the first: in Leeds, half a year after Lille."""

    owner = "memorandum"

    memorandum = models.ForeignKey(Memorandum, models.CASCADE, related_name="signings")
    date = PartialDateField(_("signed again on"), blank=False)
    date_earliest, date_latest = bounds()
    place = LineField(_("place"), max_length=100, blank=True, help_text=_("Where it was signed, or “online”."))

    class Meta:
        ordering = (F("date_earliest").asc(nulls_first=True), "pk")
        verbose_name = _("further signing")
        verbose_name_plural = _("further signings")

    def __str__(self):
        return ", ".join(filter(None, [str(self.date), self.place]))


class SignatoryQuerySet(models.QuerySet):
    """Queries for signatories, with annotations for the page of the agreement."""

    def for_page(self, *, at: datetime):
        """Annotate ``signs_for``: the name of the signatory's city if that city is public."""
        cities = City.objects.published(at=at).filter(pk=OuterRef("city"))
        return self.annotate(signs_for=Subquery(cities.values("name")[:1]))


class Signatory(SearchablePart):
    """A person who signed or is to sign, with the office *held that day*."""

    owner = "memorandum"

    memorandum = models.ForeignKey(Memorandum, models.CASCADE, related_name="signatories")
    city = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, verbose_name=_("signs for"), related_name="signatories",
        help_text=_("Leave empty for the council itself."),
    )  # fmt: skip
    party = LineField(
        _("or for another party"), max_length=150, blank=True, help_text=_("If it is no partner city, its name.")
    )
    name = LineField(_("name"), max_length=100, blank=True, help_text=_("Leave empty if only the office is known."))
    office = LineField(
        _("office on that day"),
        max_length=150,
        help_text=_("For example “Lord Mayor”. It stays as it was when they signed."),
    )
    is_planned = models.BooleanField(
        _("planned"), default=False, help_text=_("Tick if this person was to sign; add another line for who did.")
    )
    folded = FoldedField("name", "office", "party")

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        constraints = [
            models.CheckConstraint(
                name="partners_signatory_signs_for_one",
                condition=Q(city=None) | Q(party=""),
                violation_error_message=_("Somebody signs either for a partner city or for another party."),
            )
        ]

    def __str__(self):
        return ", ".join(filter(None, [self.name, self.office]))


@dataclass
class Side:
    """One side of an agreement on its page: who signed for it, and who was to sign."""

    name: str
    signed: list[Signatory] = field(default_factory=list)
    planned: list[Signatory] = field(default_factory=list)

    @classmethod
    def of(cls, signatories: Iterable[Signatory]) -> list["Side"]:
        """The sides of some signatories from ``for_page``, the council's own first."""
        sides = {}
        for one in sorted(signatories, key=lambda one: bool(one.city_id or one.party)):
            name = one.party or (one.signs_for or str(_("A partner city")) if one.city_id else settings.HOME_CITY)
            side = sides.setdefault(name, cls(name))
            (side.planned if one.is_planned else side.signed).append(one)
        return list(sides.values())


class Document(PrivateFile, SearchablePart):
    """A file of an agreement: a scan, the text, or a translation."""

    owner = "memorandum"
    prose = ("summary",)

    class Kind(models.TextChoices):
        SCAN = "scan", _("Scan of the signed paper")
        TEXT = "text", _("Text")
        TRANSLATION = "translation", _("Translation")

    memorandum = models.ForeignKey(Memorandum, models.CASCADE, related_name="documents")
    title = LineField(_("title"), max_length=150)
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
        return address("core:file", self.token, self.name)

    def inspect_upload(self, upload):
        pdf = once_per_upload(documents.read_pdf, upload)
        self.pages, self.has_text = pdf.pages, pdf.has_text
        return documents.ENDING

    @property
    def file_facts(self) -> str:
        """Type, pages and size of the file, as “PDF, 3 pages, 120 KB”; pages only if they are known."""
        kind = PurePath(self.name).suffix.removeprefix(".").upper()
        pages = ngettext("%(number)d page", "%(number)d pages", self.pages or 0) % {"number": self.pages or 0}
        return ", ".join(filter(None, [kind, self.pages and pages, filesizeformat(self.size)]))

    @classmethod
    def readable(cls, *, at: datetime):
        return cls.objects.filter(memorandum__in=Memorandum.objects.published(at=at))
