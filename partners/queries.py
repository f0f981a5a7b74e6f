"""What the public pages ask about cities, themes and agreements; each query is compiled once per process."""

from datetime import date, datetime

from django.conf import settings
from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Substr
from django.db.models.lookups import Exact

from partners.models import (
    City,
    Decision,
    Delegation,
    Focus,
    FormerName,
    Memorandum,
    Milestone,
    Programme,
    Signatory,
    Theme,
)
from partners.models.signing import Document, Signing
from twinning.core.addresses import Lookups
from twinning.core.fields.queries import compiled, local_day


@compiled
def programme():
    """The introduction: one or none."""
    return Programme.objects.all()


@compiled
def cities(at: datetime):
    """The public cities with their photos and what changed, the oldest partnership first."""
    cities = City.objects.published(at=at).with_photos(at=at).with_changes()
    return cities.order_by(F("since_earliest").asc(nulls_last=True), "folded")


@compiled
def former_names(at: datetime):
    """The former names of the public cities."""
    return FormerName.objects.filter(city__in=City.objects.published(at=at)).order_by("pk")


@compiled
def city_names(at: datetime):
    """The public cities with key, slug and name only."""
    return City.objects.published(at=at).only("slug", "name")


@compiled
def theme_names(at: datetime):
    """The public themes with key, slug and name only."""
    return Theme.objects.published(at=at).only("slug", "name")


_LOOKUPS = {"city": Lookups(City, only_published=True), "theme": Lookups(Theme, only_published=True)}


def slug_now(kind: str, asked: str, *, at: datetime) -> str:
    """The slug of the public city or theme that had another one, or was merged into it; what was asked, if none had."""
    return next((record.slug for record in _LOOKUPS[kind].moved(at=at, slug=asked)), asked)


@compiled
def milestones(city: int):
    """The milestones of a city."""
    return Milestone.objects.filter(city=city)


@compiled
def _delegations(city: int):
    return Delegation.objects.filter(city=city)


def delegations(*, city: int) -> list[Delegation]:
    """The visits to and from a city, where the council shows them to the public; else none."""
    return _delegations(city=city) if settings.SHOW_VISITS else []


@compiled
def further_signings(at: datetime, city: int):
    """The further signings of the public agreements with a city: title and address of the agreement, date and place."""
    agreements = Memorandum.objects.published(at=at).filter(cities=city)
    signings = Signing.objects.filter(memorandum__in=agreements)
    return signings.values_list("memorandum__title", "memorandum__slug", "date", "place")


@compiled
def decisions(at: datetime, city: int):
    """What was decided about the public agreements with a city, with ``title`` and ``slug`` of the agreement."""
    agreements = Memorandum.objects.published(at=at).filter(cities=city)
    named = Decision.objects.filter(memorandum__in=agreements)
    return named.annotate(title=F("memorandum__title"), slug=F("memorandum__slug"))


@compiled
def themes(at: datetime):
    """The public themes."""
    return Theme.objects.published(at=at)


@compiled
def focuses(at: datetime, theme: int):
    """The public cities that work or worked on a theme, with the period."""
    public = Focus.objects.filter(theme=theme, city__in=City.objects.published(at=at))
    return public.select_related("city").order_by("city__folded")


@compiled
def agreements(at: datetime, city: int, theme: int):
    """The public agreements with status and parties: all, or those of a city or a theme."""
    public = Memorandum.objects.published(at=at)
    if city:
        public = public.filter(cities=city)
    if theme:
        public = public.filter(themes=theme)
    return public.with_status(on=local_day(at), at=at).with_parties(at=at)


NEVER = date.max.isoformat()
# What a row of the register or a place in a chain says.
OF_A_ROW = (
    "slug", "title", "kind", "other_parties", "planned", "planned_place", "signed", "is_signed_on_unknown_day", "place",
    "ends", "renewal_months", "notice_on", "ended_on", "renews", "amends",
)  # fmt: skip


def _day_as_text(*names: str) -> Coalesce:
    """The first of some days that there is, as “1996-05-01”; NEVER if there is none."""
    return Coalesce(*(Cast(name, TextField()) for name in names), Value(NEVER, TextField()))


@compiled
def register(at: datetime, on: date):
    """The public agreements with their status on a day, as rows of what the register is narrowed and sorted by.

    They are texts, which no driver has to read: status, kind, year and first day of the signing, end, title and slug.
    """
    first, last = (Substr(Cast(f"signed_{end}", TextField()), 1, 4) for end in ("earliest", "latest"))
    dates = {
        "year": Case(When(Exact(first, last), then=first), default=Value(""), output_field=TextField()),
        "begin": _day_as_text("signed_earliest"),
        "until": _day_as_text("ended_on_earliest", "ends_latest"),
    }
    public = Memorandum.objects.published(at=at).with_status(on=on, at=at).annotate(**dates).order_by()
    return public.values_list("pk", "status_now", "kind", *dates, "folded", "slug")


@compiled
def register_cities(at: datetime):
    """The public cities of the public agreements: key of the agreement, slug and name."""
    named = Memorandum.cities.through.objects.filter(city__in=City.objects.published(at=at))
    return named.values_list("memorandum_id", "city__slug", "city__name")


@compiled
def register_themes(at: datetime):
    """The public themes of the public agreements: key of the agreement, slug and name."""
    named = Memorandum.themes.through.objects.filter(theme__in=Theme.objects.published(at=at))
    return named.values_list("memorandum_id", "theme__slug", "theme__name")


@compiled
def register_rows(at: datetime, on: date, keys: list[int]):
    """Some public agreements with status on a day and parties, and with no more than a row says."""
    public = Memorandum.objects.published(at=at).filter(pk__among=keys)
    return public.with_status(on=on, at=at).with_parties(at=at).only(*OF_A_ROW).order_by()


@compiled
def chains(at: datetime):
    """The public agreements that renew or amend one, or are renewed or amended: key, and keys of what each names."""
    linked = (
        Q(renews__isnull=False) | Q(amends__isnull=False) | Q(renewed_by__isnull=False) | Q(amended_by__isnull=False)
    )
    public = Memorandum.objects.published(at=at).filter(linked).order_by()
    return public.values_list("pk", "renews_id", "amends_id").distinct()


@compiled
def signings(memorandum: int):
    """The further signings of an agreement."""
    return Signing.objects.filter(memorandum=memorandum)


@compiled
def signatories(at: datetime, memorandum: int):
    """The signatories of an agreement, with the names of public cities."""
    return Signatory.objects.filter(memorandum=memorandum).for_page(at=at)


@compiled
def documents(memorandum: int):
    """The documents of an agreement."""
    return Document.objects.filter(memorandum=memorandum)
