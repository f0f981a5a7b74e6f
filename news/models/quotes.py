"""Quotes in releases: who said what, in which office and which language, and where it stands in the text."""

import json
from hashlib import sha256
from itertools import groupby

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from news.quotes.typography import in_marks
from twinning.core.fields.characters import LineField, normalise
from twinning.core.fields.languages import LanguageField
from twinning.core.search.index import SearchablePart


class Quote(SearchablePart):
    """A quotation with its speaker, and the office that the speaker held at the time."""

    owner = "release"
    prose = ("text",)

    class Side(models.TextChoices):
        HOME = "home", _("Our council")
        PARTNER = "partner", _("Partner city")
        OTHER = "other", _("Someone else")

    release = models.ForeignKey("PressRelease", models.CASCADE, related_name="quotes")
    position = models.PositiveSmallIntegerField(
        _("number"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("Number 1 stands where the text says [quote 1], on a line of its own. Others stand behind the text."),
    )  # fmt: skip
    speaker = LineField(_("name"), max_length=100, blank=True, help_text=_("Leave empty to show the office alone."))
    office = LineField(_("office at the time"), max_length=150, help_text=_("For example “Leader of the council”."))
    is_elected = models.BooleanField(
        _("an elected member"), default=False,
        help_text=_("A councillor or the mayor: in a pre-election period two approvers have to let the release out."),
    )  # fmt: skip
    side = models.CharField(_("side"), max_length=10, choices=Side, default=Side.HOME)
    language = LanguageField(_("language"), help_text=_("Only if it is not in the release’s language."))
    text = models.TextField(_("quote"), help_text=_("Without quotation marks; an empty line begins a new paragraph."))
    original = models.TextField(
        _("in the original"), blank=True, help_text=_("If the quote is a translation: the words as they were said.")
    )
    original_language = LanguageField(_("language of the original"), help_text=_("For example “de”."))

    class Meta:
        ordering = (F("position").asc(nulls_last=True), "pk")
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [
            models.CheckConstraint(
                name="news_quote_original_has_a_language",
                condition=Q(original="", original_language="") | ~Q(original="") & ~Q(original_language=""),
                violation_error_message=_("An original has a text and a language."),
            )
        ]

    def __str__(self):
        return ", ".join(filter(None, [self.speaker, self.office]))

    def clean(self):
        super().clean()
        if self.original.strip() and not self.original_language:
            message = _("Say in which language the original is, for example “de”.")
            raise ValidationError({"original_language": ValidationError(message, code="required")})
        if self.original_language and not self.original.strip():
            message = _("Write the words of the original, or leave its language empty.")
            raise ValidationError({"original": ValidationError(message, code="required")})

    @property
    def paragraphs(self) -> list[str]:
        """The text, split at lines that are empty or have nothing but spaces."""
        return _paragraphs(self.text)

    @property
    def original_paragraphs(self) -> list[str]:
        return _paragraphs(self.original)

    @property
    def spoken_in(self) -> str:
        """The language of the text, which is that of the release unless it names another."""
        return self.language or self.release.language

    @property
    def in_marks(self) -> list[str]:
        """The paragraphs in the quotation marks of their language."""
        return in_marks(self.paragraphs, self.spoken_in)

    @property
    def original_in_marks(self) -> list[str]:
        return in_marks(self.original_paragraphs, self.original_language)

    @property
    def wording(self) -> dict:
        """What an office approves: who says what, in which office and language. Where it stands is not part of it."""
        names = ("speaker", "office", "language", "original_language")
        texts = {"paragraphs": self.paragraphs, "original": self.original_paragraphs}
        return {name: getattr(self, name) for name in names} | texts

    @property
    def digest(self) -> str:
        """Names the wording: another word makes another name."""
        return sha256(json.dumps(self.wording, sort_keys=True).encode()).hexdigest()


def has_elected(snapshot: dict) -> bool:
    """Whether an elected member speaks in a release as a snapshot has it."""
    return any(quote["fields"].get("is_elected") for quote in snapshot["parts"].get("quotes", []))


def _paragraphs(text: str) -> list[str]:
    lines = normalise(text).splitlines()
    parts = groupby(lines, key=lambda line: bool(line.strip()))
    return [" ".join(" ".join(part).split()) for has_words, part in parts if has_words]
