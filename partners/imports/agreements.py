"""Import of agreements."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.kinds import agreement_kinds
from partners.models import City, Memorandum, Theme
from twinning.core.fields.dates import PartialDate
from twinning.core.imports.cells import day, listed, number, one_of, paragraphs, yes_or_no
from twinning.core.imports.columns import EXTERNAL_ID, OF_ID, Target, key_of
from twinning.core.imports.importing import Importer
from twinning.core.imports.others import LISTED, Others
from twinning.core.imports.plans import Row

EARLIER = gettext_lazy("Its external id, its address or its title; it has to be here already.")


class AgreementImporter(Importer):
    """The import of agreements with the cities that are their parties."""

    model = Memorandum
    needed = ("title",)
    targets = (
        Target(EXTERNAL_ID, gettext_lazy("External id"), "A-021", ("id", "number", "key"), legend=OF_ID),
        Target("title", gettext_lazy("Title"), "Leeds – Dortmund memorandum 2021", ("agreement", "name")),
        Target("slug", gettext_lazy("Address"), "leeds-dortmund-2021", ("slug",), str.lower),
        Target("kind", gettext_lazy("Kind"), "Memorandum of understanding", ("type",), one_of(agreement_kinds)),
        Target("cities", gettext_lazy("Cities"), "Dortmund; Lille", ("city", "partner", "parties"), listed, LISTED),
        Target("other_parties", gettext_lazy("Other parties")),
        Target("themes", gettext_lazy("Themes"), "", ("theme",), listed, LISTED),
        Target("purpose", gettext_lazy("Purpose"), "Both cities share what they learn.", ("subject",), paragraphs),
        Target("planned", gettext_lazy("Planned for"), "", (), PartialDate.parse),
        Target("planned_place", gettext_lazy("Planned place")),
        Target("negotiated", gettext_lazy("In negotiation since"), "", (), PartialDate.parse),
        Target("signed", gettext_lazy("Signed on"), "12 February 2021", ("signed", "date"), PartialDate.parse),
        Target(
            "is_signed_on_unknown_day", gettext_lazy("Signed, nobody knows when"), "no",
            ("signed and nobody knows when",), yes_or_no,
        ),
        Target("place", gettext_lazy("Place"), "Leeds", ("signed in",)),
        Target("in_force", gettext_lazy("In force from"), "", ("in force", "from"), PartialDate.parse),
        Target("ends", gettext_lazy("Ends on"), "31 December 2026", ("ends", "until", "end"), PartialDate.parse),
        Target("renewal_months", gettext_lazy("Renews itself by months"), "24", ("renews itself by", "renewal"), number),
        Target("notice_days", gettext_lazy("Days of notice"), "90", ("notice",), number),
        Target("notice_on", gettext_lazy("Notice given on"), "", (), day),
        Target("languages", gettext_lazy("Authentic languages"), "English and German", ("languages",)),
        Target("decision_reference", gettext_lazy("Decision reference"), "", ("decision",)),
        Target("signatories_unknown", gettext_lazy("Signatories unknown"), "yes", (), yes_or_no),
        Target("renews", gettext_lazy("Renews"), "", (), legend=EARLIER),
        Target("amends", gettext_lazy("Amends"), "", (), legend=EARLIER),
        Target("ended_on", gettext_lazy("Ended on"), "", ("ended",), PartialDate.parse),
        Target("abandoned_on", gettext_lazy("Abandoned on"), "", ("abandoned",), PartialDate.parse),
        Target("end_reason", gettext_lazy("Reason for the end"), "", ("reason",)),
        Target("internal_notes", gettext_lazy("Internal notes"), "", ("notes", "remarks")),
    )  # fmt: skip

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.others = {"cities": Others(City), "themes": Others(Theme)}
        self.earlier = Others(Memorandum, stored=self.stored.values())
        self.by_title, self.rows_that_renew = defaultdict(list), {}
        for agreement in self.stored.values():
            self.by_title[key_of(agreement.title)].append(agreement)
        self.renewed = {one.renews_id: one.pk for one in self.stored.values() if one.renews_id}

    def named(self, row: Row) -> list[Memorandum]:
        """Those with the title; if the row names cities, those of them with one of these or with none yet."""
        found, cities = self.by_title[key_of(row.values.get("title", ""))], set(row.related.get("cities", ()))
        theirs = self.related["cities"]
        return [one for one in found if not cities or not theirs.get(one.pk) or cities & set(theirs[one.pk])]

    def complete(self, row: Row) -> None:
        super().complete(row)
        for field in ("renews", "amends"):
            if field in row.values:
                try:
                    row.values[field] = self.stored[self.earlier.key(row.values[field])]
                except ValidationError as error:
                    row.refuse(self.label(field), " ".join(error.messages))

    def check(self, row: Row) -> None:
        agreement = row.record
        if agreement.pk is None and not row.related.get("cities"):
            row.refuse(self.label("cities"), _("Name at least one partner city."))
        if agreement.renews_id and "renews" in row.values:
            self._check_renewal(row)
        self.check_address(row)
        if row.problems:
            return
        cities = [self.others["cities"].records[key] for key in row.related.get("cities", ())]
        checks = [agreement.clean, agreement.validate_constraints]
        if cities:
            checks.append(lambda: agreement.check_parties(cities, renews=agreement.renews))
            checks += [lambda: agreement.check_signing(cities, signed=agreement.signed)] if agreement.signed else []
        self.refuse_what_is_wrong(row, checks)

    def _check_renewal(self, row: Row) -> None:
        key = row.record.renews_id
        earlier = self.rows_that_renew.setdefault(key, row.number)
        if self.renewed.get(key, row.record.pk) != row.record.pk or earlier != row.number:
            row.refuse(self.label("renews"), _("That agreement has been renewed by another one already."))
