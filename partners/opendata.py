"""Open data about cities, agreements and themes."""

from datetime import datetime

from django.conf import settings
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models import City, Delegation, Focus, Memorandum, Outcome, Suspension, Theme
from twinning.core.fields.dates import PartialDateField
from twinning.core.fields.queries import local_day
from twinning.core.fields.relations import rows
from twinning.core.fields.richtext import to_text
from twinning.core.opendata.datasets import (
    BOOLEAN,
    INTEGER,
    LIST,
    MOMENT,
    NUMBER,
    Column,
    Dataset,
    named,
    partial_date,
)
from twinning.core.sharing.linked_data import absolute

AT_ONCE = 500  # records


def identity(what: str) -> tuple[Column, Column]:
    """The first columns of every set: id and address."""
    return (
        Column(
            "id", _("Names the record for good, whatever becomes of its name and its address."), lambda r: r.data_id
        ),
        Column("url", what, lambda record: absolute(record.get_absolute_url())),
    )


CHANGED = Column("changed", _("When the public last got something new on the page."), lambda r: r.changed_at, MOMENT)


def cities(*, at: datetime):
    """The public cities by name, with ``now``: how the partnership stands."""
    focuses = Focus.objects.filter(city=OuterRef("pk"), theme__in=Theme.objects.published(at=at))
    public = City.objects.published(at=at).with_changes()
    public = public.annotate(
        theme_rows=rows(focuses, "theme__data_id", "theme__name"),
        outcome_rows=rows(Outcome.objects.filter(city=OuterRef("pk")), "pk", "date", "result", "source", "source_url"),
        visit_rows=rows(_visits(), "pk", "date", "direction", "purpose", "people", "cost", "paid_by", "report_url"),
    )
    for city in public.iterator(chunk_size=AT_ONCE):
        city.now = city.standing(on=timezone.localdate(at))
        yield city


def _visits():
    """The visits of a city, where the council shows them."""
    return Delegation.objects.filter(city=OuterRef("pk")) if settings.SHOW_VISITS else Delegation.objects.none()


def _listed(rows: list[dict]) -> list[dict]:
    """Parts of a city in the order of their dates, without their keys; a date is EDTF."""
    in_order = sorted(rows, key=lambda row: (row["date"] or "9999", row["pk"]))
    return [{name: value for name, value in row.items() if name != "pk"} for row in in_order]


def _themes_of(city: City) -> list[dict]:
    """Each theme of a city once, in however many periods it worked on it."""
    once = {row["theme__data_id"]: row["theme__name"] for row in city.theme_rows}
    return [{"data_id": data_id, "name": name} for data_id, name in once.items()]


CITIES = Dataset(
    "cities",
    _("Partner cities"),
    _("Each partner city with its place, and the partnership with it as it stands today."),
    (
        *identity(_("The page about the partnership.")),
        Column("name", _("The name in English."), lambda city: city.name),
        Column("local_name", _("The name in its own language."), lambda city: city.local_name),
        Column("local_language", _("The language of that name (BCP 47)."), lambda city: city.local_language),
        Column("other_names", _("Other spellings, with commas between them."), lambda city: city.other_names),
        Column("nature", _("What it is: city, district, region or port."), lambda city: city.nature),
        Column("country", _("The country (ISO 3166-1 alpha-2)."), lambda city: city.country.code),
        Column("country_name", _("The name of the country in English."), lambda city: str(city.country.name)),
        Column("latitude", _("Degrees north of the equator (WGS 84)."), lambda city: city.latitude, NUMBER),
        Column("longitude", _("Degrees east of Greenwich (WGS 84)."), lambda city: city.longitude, NUMBER),
        Column("time_zone", _("The time zone (IANA)."), lambda city: city.time_zone),
        Column("population", _("Inhabitants."), lambda city: city.population, INTEGER),
        Column("population_year", _("The year of that figure."), lambda city: city.population_year, INTEGER),
        Column("successor", _("What it is now part of."), lambda city: city.successor),
        Column("wikidata", _("The item in Wikidata."), lambda city: city.wikidata_id),
        Column("official_site", _("The city’s own website."), lambda city: city.official_site),
        Column("kind", _("What the partnership is called."), lambda city: city.now.kind),
        Column(
            "status", _("proposed, active, dormant, suspended or ended, on the day of the answer."),
            lambda city: str(city.now.status.value),
        ),
        Column("held_by", _("council, association or both."), lambda city: str(city.now.held_by.value)),
        Column("home_side", _("Our side, if that is not the whole city."), lambda city: city.home_side),
        *partial_date("since", _("Since when (EDTF)."), lambda city: city.since),
        *partial_date("until", _("When it ended (EDTF)."), lambda city: city.now.until),
        Column("summary", _("The partnership in one sentence."), lambda city: city.summary),
        Column("why", _("Why the cities are partners."), lambda city: to_text(city.why)),
        Column("decision_body", _("Who decided on the partnership."), lambda city: city.decision_body),
        *partial_date("decision", _("When it was decided (EDTF)."), lambda city: city.decision_on),
        Column("decision_url", _("Where the decision stands."), lambda city: city.decision_url),
        *named("theme", _("The themes that the cities work or worked on."), _themes_of),
        Column(
            "outcomes", _("What came of the partnership: date (EDTF), result and source of each."),
            lambda city: _listed(city.outcome_rows), LIST,
        ),
        Column(
            "visits", _("Visits, where the council shows them: date (EDTF), direction, purpose, people, cost and payer."),
            lambda city: _listed(city.visit_rows), LIST,
        ),
        CHANGED,
    ),
    cities,
    ("geojson", "csv", "json"),
)  # fmt: skip


def memoranda(*, at: datetime):
    """The public agreements, the latest signed first."""
    public = Memorandum.objects.published(at=at)
    linked = {
        "city_rows": City.objects.published(at=at).filter(memoranda=OuterRef("pk")),
        "theme_rows": Theme.objects.published(at=at).filter(memoranda=OuterRef("pk")),
        "renews_rows": public.filter(pk=OuterRef("renews")).annotate(name=F("title")),
        "amends_rows": public.filter(pk=OuterRef("amends")).annotate(name=F("title")),
    }
    annotated = public.annotate(**{name: rows(found, "data_id", "name") for name, found in linked.items()})
    spell = Suspension.objects.on(local_day(at)).filter(memorandum=OuterRef("pk"))
    since = Subquery(spell.values("begins")[:1], output_field=PartialDateField())
    dated = annotated.with_status(on=local_day(at), at=at).annotate(suspended_since=since)
    return dated.iterator(chunk_size=AT_ONCE)


def _one(rows: list[dict]) -> str | None:
    return rows[0]["data_id"] if rows else None


AGREEMENTS = Dataset(
    "agreements",
    _("Agreements"),
    _("Each memorandum, charter and letter, with its parties and its status today."),
    (
        *identity(_("The page of the agreement.")),
        Column("title", _("The title."), lambda one: one.title),
        Column("kind", _("What it is called."), lambda one: one.kind_name),
        Column(
            "status",
            _("planned, negotiated, in-force, expiring, expired, renewed, suspended, ended or abandoned, on the day of the answer."),
            lambda one: str(one.status_now),
        ),
        *named("city", _("The partner cities that are parties."), lambda one: one.city_rows),
        Column("other_parties", _("Parties that are no partner city."), lambda one: one.other_parties),
        *named("theme", _("Its themes."), lambda one: one.theme_rows),
        Column("purpose", _("What the parties agree to do, and why."), lambda one: to_text(one.purpose)),
        *partial_date("planned", _("When it was to be signed (EDTF)."), lambda one: one.planned),
        *partial_date("signed", _("When it was signed (EDTF)."), lambda one: one.signed),
        Column(
            "is_signed_on_unknown_day", _("It was signed, and nobody knows when."),
            lambda one: one.is_signed_on_unknown_day, BOOLEAN,
        ),
        Column("place", _("Where it was signed."), lambda one: one.place),
        *partial_date("in_force", _("From when it is in force, if not from its signing (EDTF)."), lambda one: one.in_force),
        *partial_date("ends", _("When it ends (EDTF)."), lambda one: one.ends),
        Column("renewal_months", _("By how many months it renews itself."), lambda one: one.renewal_months, INTEGER),
        Column("notice_days", _("Days of notice."), lambda one: one.notice_days, INTEGER),
        Column("languages", _("The authentic languages."), lambda one: one.languages),
        Column("decision_reference", _("The reference of the decision."), lambda one: one.decision_reference),
        Column("renews_id", _("The agreement whose place it takes."), lambda one: _one(one.renews_rows)),
        Column("amends_id", _("The agreement that it changes."), lambda one: _one(one.amends_rows)),
        *partial_date("suspended_on", _("Since when it is suspended (EDTF)."), lambda one: one.suspended_since),
        *partial_date("ended_on", _("When it was ended before its time (EDTF)."), lambda one: one.ended_on),
        *partial_date("abandoned_on", _("When it was given up unsigned (EDTF)."), lambda one: one.abandoned_on),
        CHANGED,
    ),
    memoranda,
    ("csv", "json"),
)  # fmt: skip


def themes(*, at: datetime):
    """The public themes by name."""
    return Theme.objects.published(at=at).iterator(chunk_size=AT_ONCE)


THEMES = Dataset(
    "themes",
    _("Themes"),
    _("The fields of work that cities, agreements and releases have in common."),
    (
        *identity(_("The page of the theme.")),
        Column("name", _("The name."), lambda theme: theme.name),
        Column("summary", _("The theme in one sentence."), lambda theme: theme.summary),
        Column("description", _("What the cities do together."), lambda theme: to_text(theme.description)),
        CHANGED,
    ),
    themes,
    ("csv", "json"),
)
