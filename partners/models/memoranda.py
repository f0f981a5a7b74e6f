"""Agreements with one or several cities."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, OuterRef, Q, When
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from partners.kinds import LONGEST_CODE, agreement_kind, agreement_kinds, first_agreement_kind
from partners.models.agreement_parts import Decision, Suspension
from partners.models.cities import City
from partners.models.city_parts import FormerName, with_period
from partners.models.data_ids import DataIdField
from partners.models.life import Life, LifeQuerySet, Status
from partners.models.themes import Theme
from partners.models.verbs import Verbs
from twinning.core.addresses import Sluggable
from twinning.core.fields.characters import LineField
from twinning.core.fields.dates import PartialDate, PartialDateField, StartField, bounds, stored_date
from twinning.core.fields.folding import FoldedField
from twinning.core.fields.queries import local_day
from twinning.core.fields.relations import ProtectedManyToManyField, rows
from twinning.core.fields.richtext import RichTextField, to_text
from twinning.core.publishing.gate import Publishable, PublishableQuerySet
from twinning.core.search.facets import NamedFacet, YearFacet
from twinning.core.search.index import Searchable
from twinning.core.web.http import address

LONGEST_MONTH = 31  # days
ADDENDUM = "addendum"


class MemorandumQuerySet(LifeQuerySet, PublishableQuerySet):
    """Queries for agreements, with annotations for their status and their pages."""

    def with_parties(self, *, at: datetime):
        """Annotate ``parties``: name, slug and hue of the cities that the public may see."""
        cities = City.objects.published(at=at).filter(memoranda=OuterRef("pk"))
        return self.annotate(parties=rows(cities, "name", "slug", "hue"))

    def for_page(self, *, at: datetime):
        themes = Theme.objects.published(at=at).filter(memoranda=OuterRef("pk"))
        parties = City.objects.published(at=at).filter(memoranda=OuterRef(OuterRef("pk")))
        return (
            self.with_parties(at=at)
            .with_status(on=local_day(at), at=at)
            .annotate(
                fields_of_work=rows(themes, "name", "slug"),
                former_name_rows=FormerName.rows_of(parties),
                suspension_rows=rows(
                    Suspension.objects.filter(memorandum=OuterRef("pk")), "pk", "begins", "ends", "reason"
                ),
                decision_rows=rows(
                    Decision.objects.filter(memorandum=OuterRef("pk")), "pk", "about", "body", "date", "url"
                ),
            )
        )


class Memorandum(Life, Verbs, Sluggable, Searchable, Publishable):
    """An agreement with one city or several: planned, signed, in force, renewed, or at an end.

    What was planned and what was done stay side by side: an oath planned for one day was signed on another.
    """

    title = LineField(
        _("title"), max_length=200, help_text=_("For example “Leeds – Dortmund memorandum of understanding 2021”.")
    )
    kind = models.CharField(_("kind"), max_length=LONGEST_CODE, choices=agreement_kinds, default=first_agreement_kind)
    cities = ProtectedManyToManyField(City, verbose_name=_("partner cities"), related_name="memoranda")
    other_parties = LineField(
        _("other parties"), max_length=250, blank=True,
        help_text=_("Who is no partner city, for example an organisation or a third town; with commas between them."),
    )  # fmt: skip
    themes = ProtectedManyToManyField(Theme, verbose_name=_("themes"), related_name="memoranda", blank=True)
    purpose = RichTextField(_("purpose"), help_text=_("In plain words: what the cities agree to do, and why."))

    planned = PartialDateField(_("planned for"))
    planned_earliest, planned_latest = bounds()
    planned_place = LineField(_("planned place"), max_length=100, blank=True, help_text=_("Where it is to be signed."))
    negotiated = PartialDateField(
        _("in negotiation since"), help_text=_("Leave empty if the cities do not negotiate, or nobody noted it.")
    )
    negotiated_earliest, negotiated_latest = bounds()
    signed = PartialDateField(_("signed on"))
    signed_earliest, signed_latest = bounds()
    signed_start = StartField(null=True, editable=False)
    # Computed by the database, as that of a release: what was signed before it came to this site is no news.
    dated_at = models.GeneratedField(
        expression=Case(
            When(publish_at__isnull=False, then=Least(Coalesce("signed_start", "publish_at"), "publish_at"))
        ),
        output_field=models.DateTimeField(),
        db_persist=True,
        null=True,
    )
    is_signed_on_unknown_day = models.BooleanField(
        _("signed, and nobody knows when"), default=False, help_text=_("Tick if no record says even the decade.")
    )
    place = LineField(_("place"), max_length=100, blank=True, help_text=_("Where it was signed, or “online”."))
    in_force = PartialDateField(_("in force from"), help_text=_("Leave empty if it is in force from its signing."))
    in_force_earliest, in_force_latest = bounds()
    ends = PartialDateField(_("ends on"), help_text=_("Leave empty if it has no end."))
    ends_earliest, ends_latest = bounds()
    renewal_months = models.PositiveSmallIntegerField(
        _("renews itself by"),
        default=0,
        help_text=_("Months by which it goes on unless someone gives notice; 0 if not."),
    )
    notice_days = models.PositiveSmallIntegerField(_("notice"), default=0, help_text=_("Days of notice to end it."))
    notice_on = models.DateField(_("notice given on"), null=True, blank=True)
    languages = LineField(
        _("authentic languages"), max_length=100, blank=True, help_text=_("For example “English and German”.")
    )
    decision_reference = LineField(_("decision reference"), max_length=150, blank=True)
    signatories_unknown = models.BooleanField(
        _("signatories unknown"), default=False, help_text=_("Tick if no record says who signed.")
    )

    renews = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("renews"), related_name="renewed_by",
        help_text=_("The earlier agreement that this one takes the place of."),
        error_messages={"unique": _("That agreement has been renewed by another one already.")},
    )  # fmt: skip
    amends = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("amends"), related_name="amended_by",
        help_text=_("The agreement that this addendum changes. It stays in force."),
    )  # fmt: skip

    ended_on = PartialDateField(_("ended on"), help_text=_("If it was ended before its time."))
    ended_on_earliest, ended_on_latest = bounds()
    abandoned_on = PartialDateField(_("abandoned on"), help_text=_("If it was never signed."))
    abandoned_on_earliest, abandoned_on_latest = bounds()
    end_reason = LineField(
        _("reason"), max_length=250, blank=True, help_text=_("Public: why it was ended or abandoned.")
    )
    internal_notes = models.TextField(_("internal notes"), blank=True, help_text=_("Never shown to the public."))
    folded = FoldedField("title", "place", "other_parties")
    data_id = DataIdField()

    not_content = (*Publishable.not_content, "data_id")
    parts = ("signings", "signatories", "suspensions", "decisions", "documents")
    prose = ("purpose",)
    dated_by = "dated_at"
    facets = {
        "city": NamedFacet("cities"),
        "theme": NamedFacet("themes"),
        "year": YearFacet("signed_earliest", "signed_latest"),
    }

    objects = MemorandumQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = (F("signed_earliest").desc(nulls_first=True), "slug")
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                name="partners_memorandum_in_force_follows_signing",
                condition=Q(signed_earliest=None)
                | Q(in_force_latest=None)
                | Q(signed_earliest__lte=F("in_force_latest")),
                violation_error_message=_("It cannot be in force before it was signed."),
            ),
            models.CheckConstraint(
                name="partners_memorandum_ends_after_beginning",
                condition=Q(ends_latest=None)
                | Q(in_force_earliest=None, signed_earliest=None)
                | Q(ends_latest__gte=Coalesce("in_force_earliest", "signed_earliest")),
                violation_error_message=_("It cannot end before it is in force."),
            ),
            models.CheckConstraint(
                name="partners_memorandum_in_force_is_signed",
                condition=Q(in_force_earliest=None)
                | Q(signed_earliest__isnull=False)
                | Q(is_signed_on_unknown_day=True),
                violation_error_message=_("Say when it was signed; without that it cannot be in force."),
            ),
            models.CheckConstraint(
                name="partners_memorandum_abandoned_is_unsigned",
                condition=Q(abandoned_on_earliest=None) | Q(signed_earliest=None, is_signed_on_unknown_day=False),
                violation_error_message=_("A signed agreement cannot be abandoned. Say when it ended instead."),
            ),
            models.CheckConstraint(
                name="partners_memorandum_day_is_known_or_not",
                condition=Q(signed_earliest=None) | Q(is_signed_on_unknown_day=False),
                violation_error_message=_("Either say when it was signed, or tick that nobody knows."),
            ),
            models.CheckConstraint(
                name="partners_memorandum_end_has_reason",
                condition=Q(ended_on_earliest=None, abandoned_on_earliest=None) | ~Q(end_reason=""),
                violation_error_message=_("Give the reason why it was ended or abandoned."),
            ),
            models.CheckConstraint(
                name="partners_memorandum_does_not_renew_itself",
                condition=Q(renews=None) | ~Q(renews=F("pk")),
                violation_error_message=_("An agreement cannot renew itself."),
            ),
            models.CheckConstraint(
                name="partners_memorandum_does_not_amend_itself",
                condition=Q(amends=None) | ~Q(amends=F("pk")),
                violation_error_message=_("An agreement cannot amend itself."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address("partners:memorandum", self.slug)

    def search_text(self):
        signatories = [f"{s.name} {s.office} {s.party}" for s in self.signatories.all()]
        documents = [to_text(d.summary) for d in self.documents.all()]
        places = [self.place, self.planned_place, *(signing.place for signing in self.signings.all())]
        reasons = [self.end_reason, *(suspension.reason for suspension in self.suspensions.all())]
        bodies = [decision.body for decision in self.decisions.all()]
        texts = [to_text(self.purpose), self.other_parties, *places, *signatories, *documents, *reasons, *bodies]
        return self.title, "\n".join(texts)

    def clean(self):
        super().clean()
        self._check_dates()
        for name in ("renews", "amends"):
            if self.pk and self._leads_back(name):
                message = _("This would make a circle: “%(title)s” already follows from this agreement.")
                raise ValidationError({name: _refusal(message, "circle", title=getattr(self, name))})

    def _check_dates(self) -> None:
        """Refuse what cannot be, whatever day each date means; ``doubts`` tells what cannot be decided."""
        ended, begin, signed = self.ended_on, self.begin, self.signed
        if ended and begin and ended.latest < begin.earliest:
            message = _("It cannot end before it is in force, on %(begin)s.")
            raise ValidationError({"ended_on": _refusal(message, "ends_before_beginning", begin=begin)})
        if self.negotiated and signed and signed.latest < self.negotiated.earliest:
            message = _("It was signed before that, on %(signed)s.")
            raise ValidationError({"negotiated": _refusal(message, "negotiated_after_signing", signed=signed)})
        if self.renewal_months and self.notice_days > self.renewal_months * LONGEST_MONTH:
            message = _("The notice is longer than the term of %(months)d months.")
            raise ValidationError({"notice_days": _refusal(message, "notice_too_long", months=self.renewal_months)})

    def _leads_back(self, name: str) -> bool:
        """Whether following ``renews`` or ``amends`` from here leads back here."""
        key, seen = getattr(self, f"{name}_id"), set()
        while key and key != self.pk and key not in seen:
            seen.add(key)
            key = Memorandum.objects.filter(pk=key).values_list(f"{name}_id", flat=True).first()
        return key == self.pk

    @staticmethod
    def check_parties(cities, *, renews: "Memorandum | None") -> None:
        """Raise ValidationError unless one of the cities is a party of the agreement that is renewed."""
        if renews and not set(cities) & set(renews.cities.all()):
            message = _("It can only renew an agreement with one of the same cities; “%(title)s” has none of them.")
            raise ValidationError({"renews": _refusal(message, "no_shared_city", title=renews)})

    @staticmethod
    def check_signing(cities, *, signed: PartialDate) -> None:
        """Raise ValidationError if all its partnerships began after it was signed."""
        begun = [city.since for city in cities]
        if begun and all(begun) and signed.latest < min(since.earliest for since in begun):
            message = _("No partnership with its cities had begun by then: the first one began in %(since)s.")
            first = min(begun, key=lambda since: since.earliest)
            raise ValidationError({"signed": _refusal(message, "before_the_parties", since=first)})

    @staticmethod
    def kind_of_addendum() -> str:
        """The kind of an agreement that amends another: “addendum”, if the council has that, else its first one."""
        return ADDENDUM if ADDENDUM in dict(agreement_kinds()) else first_agreement_kind()

    def check_ready(self, *, at):
        cities = list(self.cities.all())
        self.check_parties(cities, renews=self.renews)
        missing = {} if cities else {"cities": _refusal(_("Name at least one partner city."), "no_city")}
        if not self.purpose:
            missing["purpose"] = _refusal(_("Write the purpose in plain words."), "no_purpose")
        if self.is_signed and not self.signatories_unknown:
            sides = {signatory.city_id for signatory in self.signatories.all() if not signatory.party}
            unnamed = [str(_("the council"))] if None not in sides else []
            unnamed += [city.name for city in cities if city.pk not in sides]
            if unnamed:
                message = _("Name who signed for %(sides)s, or tick “signatories unknown”.")
                missing["signatories"] = _refusal(message, "no_signatory", sides=", ".join(unnamed))
        message = _("Write what “%(title)s” says, for those who cannot open or read it.")
        if documents := [document for document in self.documents.all() if not to_text(document.summary)]:
            missing["documents"] = [_refusal(message, "no_summary", title=document) for document in documents]
        if missing:
            raise ValidationError(missing)

    @property
    def kind_name(self) -> str:
        return agreement_kind(self.kind)

    @property
    def names_at_signing(self) -> list[FormerName]:
        """What its public cities were called when it was signed, if not as today; only for an agreement from ``for_page``."""
        former = FormerName.from_rows(self.former_name_rows) if self.signed else []
        return [name for name in former if name.may_hold(self.signed)]

    @property
    def shown_suspensions(self) -> list[Suspension]:
        """Its suspensions, the first one first; only for an agreement from ``for_page``."""
        spells = [Suspension(**with_period(row)) for row in self.suspension_rows]
        return sorted(spells, key=lambda spell: (spell.begins_earliest, spell.pk))

    @property
    def shown_decisions(self) -> list[Decision]:
        """The council's decisions about it, the first one first; only for an agreement from ``for_page``."""
        decisions = [Decision(**row | {"date": stored_date(row["date"])}) for row in self.decision_rows]
        return sorted(decisions, key=lambda decision: (decision.date_earliest or date.max, decision.pk))

    @property
    def shows_end_reason(self) -> bool:
        """Whether there is an ``end_reason`` and the annotated status is one that it explains."""
        return bool(self.end_reason) and self.status_now in (Status.ENDED, Status.ABANDONED)

    @property
    def has_terms(self) -> bool:
        """Whether the page has terms to list: renewal, notice, languages or the decision."""
        return bool(self.renewal_months or self.notice_days or self.languages or self.decision_reference)


def _refusal(message: str, code: str, **params) -> ValidationError:
    return ValidationError(message, code=code, params=params)
