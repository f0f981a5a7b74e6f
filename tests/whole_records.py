"""A whole record of each kind, with every field and relation filled, and the HTML that its page has to contain."""

from datetime import UTC, date, datetime
from html import escape

from django.db import models

from news.models import ChangeNote, PressContact, PressRelease, Quote, ReleaseContact, ReleasePhoto
from partners.models import (
    Change,
    City,
    CityPhoto,
    Decision,
    Delegation,
    Document,
    Focus,
    FormerName,
    Involvement,
    Memorandum,
    Milestone,
    Outcome,
    Signatory,
    Signing,
    Suspension,
    Theme,
)
from tests.factories import (
    make_city,
    make_contact,
    make_memorandum,
    make_photo,
    make_release,
    make_theme,
    make_whole_record,
    publish,
    show,
)
from tests.facts import fill, text_of
from twinning.core.models import Page, Photo

# What stands on the page of each kind: the record, its parts, its photos and the people to ask.
MODELS = {
    "city": (
        City,
        Change,
        FormerName,
        CityPhoto,
        Photo,
        Focus,
        Milestone,
        Outcome,
        Delegation,
        Involvement,
        PressContact,
    ),
    "theme": (Theme, Focus),
    "memorandum": (Memorandum, Signing, Signatory, Suspension, Decision, Document),
    "page": (Page,),
    "release": (PressRelease, ReleasePhoto, Photo, Quote, ReleaseContact, PressContact, ChangeNote),
}
# The fields that are no text.
VALUES = {
    City: {
        "local_language": "sk", "country": "CZ", "latitude": "49.19510", "longitude": "16.60680", "hue": 7,
        "time_zone": "Europe/Prague", "population": 402_739, "population_year": 2024, "wikidata_id": "Q14960",
        "kind": "friendship", "held_by": "association", "since": "1991", "anniversaries_from": "1991", "nature": "port",
        "decision_on": "2 June 1990", "review_on": date(2027, 1, 1),
    },
    Change: {"date": "2010", "status": "dormant", "kind": "project", "held_by": "both"},
    FormerName: {"language": "de", "begins": "1945", "ends": "1989"},
    Signatory: {"party": ""},  # one who signs for a city
    Signing: {"date": "11 April 2022"},
    Theme: {"ended": "2015"},
    Focus: {"begins": "2003", "ends": "2005"},
    Milestone: {"date": "15 October 1968"},
    Outcome: {"date": "2012"},
    Delegation: {"direction": "in", "date": "June 2013", "people": 12, "cost": 1250},
    Memorandum: {
        "kind": "oath", "planned": "April 2020", "signed": "2 June 2021", "in_force": "1 July 2021", "ends": "2031",
        "renewal_months": 12, "notice_days": 90, "negotiated": "2019", "ended_on": "", "abandoned_on": "",
        "signatories_unknown": True,
    },
    Suspension: {"begins": "1 March 2022", "ends": ""},
    Decision: {"about": "suspend", "date": "28 February 2022"},
    Document: {"kind": "translation", "language": "pl", "pages": 3, "size": 2_500_000},
    PressRelease: {
        "kind": "photo-call", "language": "de", "event_starts_at": datetime(2026, 12, 4, 10, tzinfo=UTC),
        "event_ends_at": datetime(2126, 12, 4, 11, 30, tzinfo=UTC),
        "first_issued": "March 1998",
    },
    Page: {"language": "de", "is_in_foot": False},
    Quote: {"language": "cs", "original_language": "pl"},
    ChangeNote: {"noted_at": datetime(2021, 3, 4, 9, tzinfo=UTC)},
    PressContact: {"phone": "0113 496 0101", "out_of_hours_phone": "0113 496 0102"},
    Photo: {"focal_x": 20, "focal_y": 70},
}  # fmt: skip


def said(name: str) -> str:
    """The text of a field such as “City.name”, escaped."""
    models_by_name = {model.__name__: model for on_page in MODELS.values() for model in on_page}
    model, _, field = name.partition(".")
    return escape(text_of(models_by_name[model]._meta.get_field(field)))


# How a fact stands where that matters: under its name, in its language, in its place.
FACTS = {
    "City.name": f"<h1>{said('City.name')}<",
    "City.summary": f'<p class="lead">{said("City.summary")}</p>',
    "City.local_language": f'<span class="local-name" lang="sk" dir="ltr">{said("City.local_name")}</span>',
    "City.country": "<dt>Country</dt><dd>Czechia</dd>",
    "City.latitude": "<dt>From Leeds</dt><dd>1,352\N{NO-BREAK SPACE}km</dd>",
    "City.longitude": "on the world as seen from Leeds, 1,352\N{NO-BREAK SPACE}km away.",
    "City.hue": '<main id="content" class="hue-7"',
    "City.time_zone": "<dt>Local time</dt><dd>1 hour ahead</dd>",
    "City.population": "<dt>Population</dt><dd>402,739 (",
    "City.population_year": " (2024)</dd>",
    "City.since": '<h3 class="timeline-date">1991</h3><div class="timeline-entry"><p>Friendship,',
    "City.kind": "<p>Friendship, held by: A twinning association</p>",
    "City.held_by": "<p>Friendship, held by: A twinning association</p>",
    "City.since_source": f'Source:<a href="{said("City.since_source_url")}">{said("City.since_source")}</a>',
    "City.sources_differ": f'<a href="{said("City.sources_differ_url")}">{said("City.sources_differ")}</a>',
    "City.nature": "<dt>What it is</dt><dd>Port</dd>",
    "City.successor": f"<dt>Now part of</dt><dd>{said('City.successor')}</dd>",
    "Change.date": "<strong>Dormant since 2010</strong>",
    "Change.status": '<span class="status status-dormant">Dormant</span>',
    "Change.kind": "<dt>Project partnership since</dt><dd>2010</dd>",
    "Change.held_by": "<dt>Held by</dt><dd>The council and an association</dd>",
    "Change.reason": f"<strong>Dormant since 2010</strong></p><p>{said('Change.reason')}</p>",
    "Change.source": f'Source:<a href="{said("Change.source_url")}">{said("Change.source")}</a>',
    "FormerName.name": f'<span lang="de" dir="ltr">{said("FormerName.name")}</span>, {said("FormerName.country")}',
    "FormerName.language": f'<span lang="de" dir="ltr">{said("FormerName.name")}</span>, ',
    "FormerName.begins": '<p class="meta">1945 to 1989</p>',
    "FormerName.ends": '<p class="meta">1945 to 1989</p>',
    "City.decision_on": f"Decided by {said('City.decision_body')}, 2 June 1990",
    "City.official_site": f'<dt>Website</dt><dd><a href="{said("City.official_site")}">City of {said("City.name")}</a>',
    "City.memoranda": '<a href="/agreements/near/">Near agreement</a>',
    "City.releases": '<a href="/news/near/">Near release</a>',
    "City.contacts": f'<div class="card contact"><h3>{said("PressContact.name")}</h3>',
    "CityPhoto.photo": '<img class="fx-2 fy-7" src="/files/',
    "CityPhoto.alt": f'alt="{said("CityPhoto.alt")}"',
    "Photo.focal_x": 'class="fx-2 fy-7"',
    "Photo.focal_y": 'class="fx-2 fy-7"',
    "Photo.credit": f"Photo: {said('Photo.credit')}",
    "Photo.licence_url": f'<a href="{said("Photo.licence_url")}" rel="license">{said("Photo.licence")}</a>',
    "Photo.renditions": '<source type="image/avif" srcset="/files/',
    "Focus.theme": '<p><a href="/themes/near/">Near theme</a></p>',
    "Focus.city": '<dt><a href="/cities/near/">Near city</a></dt>',
    "Focus.begins": "2003 to 2005",
    "Focus.ends": "2003 to 2005",
    "Milestone.date": '<h3 class="timeline-date">15 October 1968</h3>',
    "Milestone.sources_differ": (
        f'<a href="{said("Milestone.sources_differ_url")}">{said("Milestone.sources_differ")}</a>'
    ),
    "Outcome.date": f"<dt>2012</dt><dd>{said('Outcome.result')}",
    "Outcome.source": f'Source:<a href="{said("Outcome.source_url")}">{said("Outcome.source")}</a>',
    "Delegation.direction": f'<p>{said("Delegation.purpose")}</p><p class="meta">They visited us</p>',
    "Delegation.date": '<h3 class="timeline-date">June 2013</h3>',
    "Delegation.people": "<dt>People</dt><dd>12</dd>",
    "Delegation.cost": "<dt>Cost</dt><dd>£1,250</dd>",
    "Delegation.paid_by": f"<dt>Paid by</dt><dd>{said('Delegation.paid_by')}</dd>",
    "Delegation.report_url": f'<a href="{said("Delegation.report_url")}">Report of this visit</a>',
    "Milestone.source": f'Source:<a href="{said("Milestone.source_url")}">{said("Milestone.source")}</a>',
    "Page.title": f'<h1 lang="de" dir="ltr">{said("Page.title")}</h1>',
    "Page.language": '<div class="prose" lang="de" dir="ltr">',
    "Theme.name": f"<h1>{said('Theme.name')}</h1>",
    "Theme.summary": f'<p class="lead">{said("Theme.summary")}</p>',
    "Theme.memoranda": '<a href="/agreements/near/">Near agreement</a>',
    "Theme.releases": '<a href="/news/near/">Near release</a>',
    "Theme.focuses": '<a href="/cities/near/">Near city</a>',
    "Memorandum.title": f"<h1>{said('Memorandum.title')}</h1>",
    "Memorandum.planned": f"<dt>Planned for</dt><dd>April 2020, {said('Memorandum.planned_place')}</dd>",
    "Memorandum.negotiated": "<dt>In negotiation since</dt><dd>2019</dd>",
    "Memorandum.signed": "<dt>Signed</dt><dd>2 June 2021</dd>",
    "Signing.date": f"<dt>Signed again</dt><dd>11 April 2022, {said('Signing.place')}</dd>",
    "Signatory.party": '<th scope="row">Whole party</th>',
    "Memorandum.other_parties": f'<h2 id="other-parties">Other parties</h2><p>{said("Memorandum.other_parties")}</p>',
    "Memorandum.in_force": "<dt>In force from</dt><dd>1 July 2021</dd>",
    "Memorandum.ends": "<dt>Ends</dt><dd>2031</dd>",
    "Suspension.begins": "<dt>Suspended</dt><dd>since 1 March 2022</dd>",
    "Suspension.reason": f"<strong>Suspended</strong></p><p>{said('Suspension.reason')}</p>",
    "Decision.about": "<dt>Suspension</dt><dd><a href=",
    "Decision.date": f">{said('Decision.body')}, 28 February 2022</a>",
    "Memorandum.renewal_months": "<dt>Renews itself</dt><dd>by 12 months</dd>",
    "Memorandum.notice_days": "<dt>Notice</dt><dd>90 days</dd>",
    "Memorandum.signatories_unknown": "<p>No record that we know says who signed.</p>",
    "Memorandum.renews": '<p>This agreement renews</p><h3><a href="/agreements/renewed/">',
    "Memorandum.amends": '<p>This agreement amends</p><h3><a href="/agreements/amended/">',
    "Memorandum.renewed_by": '<p>Renewed by</p><h3><a href="/agreements/renewal/">',
    "Memorandum.amended_by": '<p>Amended by</p><h3><a href="/agreements/addendum/">',
    "Memorandum.cities": '<li><a href="/cities/near/">Near city</a></li>',
    "Memorandum.themes": '<li><a href="/themes/near/">Near theme</a></li>',
    "Memorandum.releases": '<a href="/news/near/">Near release</a>',
    "Signatory.name": f"{said('Signatory.name')}, {said('Signatory.office')}</td>",
    "Signatory.city": '<tr><th scope="row">Near city</th><td data-label="Signed">',
    "Signatory.is_planned": '<tr><th scope="row">Leeds</th><td data-label="Signed"></td><td data-label="Was to sign">',
    "Theme.ended": "<strong>The work on this theme has ended: 2015</strong>",
    "Document.file": ".pdf",
    "Document.language": f'hreflang="pl">{said("Document.title")}</a>',
    "Document.pages": "PDF, 3 pages, ",
    "Document.size": "2.4\N{NO-BREAK SPACE}MB</p>",
    "PressRelease.headline": f'<h1 lang="de" dir="ltr">{said("PressRelease.headline")}</h1>',
    "PressRelease.standfirst": f'<p class="lead" lang="de" dir="ltr">{said("PressRelease.standfirst")}</p>',
    "PressRelease.body": f'<div class="prose" lang="de" dir="ltr">{text_of(PressRelease._meta.get_field("body"))}</div>',
    "PressRelease.notes_to_editors": '<h2 id="notes">Notes to editors</h2><div class="prose" lang="de" dir="ltr">',
    "PressRelease.language": '<blockquote lang="de" dir="ltr">',  # of a quote that names none of its own
    "PressRelease.kind": "Photo call ·",
    "PressRelease.place": f"{said('PressRelease.place')} · First issued<time datetime=",
    "PressRelease.first_issued": 'First issued<time datetime="1998-03">March 1998</time>',
    "PressRelease.event_what": f"<dt>What</dt><dd>{said('PressRelease.event_what')}</dd>",
    "PressRelease.event_where": f"<dt>Where</dt><dd>{said('PressRelease.event_where')}</dd>",
    "PressRelease.event_starts_at": '<dt>When</dt><dd><time datetime="2026-12-04T10:00:00+00:00">Friday 4 December 2026',
    "PressRelease.event_ends_at": '<time datetime="2126-12-04T11:30:00+00:00">Wednesday 4 December 2126',
    "PressRelease.cities": '<li><a href="/cities/near/">Near city</a></li>',
    "PressRelease.themes": '<li><a href="/themes/near/">Near theme</a></li>',
    "PressRelease.memoranda": '<li><a href="/agreements/near/">Near agreement</a></li>',
    "PressRelease.related": '<a href="/news/near/">Near release</a>',
    "PressRelease.contacts": f'<div class="card contact"><h3>{said("PressContact.name")}</h3>',
    "ReleasePhoto.photo": '<img class="fx-2 fy-7" src="/files/',
    "ReleasePhoto.alt": f'alt="{said("ReleasePhoto.alt")}"',
    "Quote.text": f"<p>{said('Quote.text')}</p></blockquote>",
    "Quote.language": '<blockquote lang="cs" dir="ltr">',
    "Quote.original": f'<blockquote lang="pl" dir="ltr"><p>{said("Quote.original")}</p>',
    "Quote.original_language": "<summary>In the original (Polish)</summary>",
    "Quote.speaker": f"<strong>{said('Quote.speaker')}</strong>",
    "ReleaseContact.contact": f"<h3>{said('PressContact.name')}</h3>",
    "ChangeNote.noted_at": "<strong>Corrected on 4 March 2021</strong>",
    "ChangeNote.text": f'<div class="notice notice-corrected"><p><strong>Corrected on 4 March 2021</strong></p><p>{said("ChangeNote.text")}</p>',
    "PressContact.phone": '<a href="tel:+441134960101">0113 496 0101</a>',
    "PressContact.out_of_hours_phone": 'Out of hours:<a href="tel:+441134960102">0113 496 0102</a>',
}
OFFICE = "only the office reads it"
FOUND = "people find the page by it"
CHOICE = "it decides what is shown, and is not shown itself"
ELSEWHERE = "other pages tell of it"
SILENT = {
    "City.other_names": FOUND,
    "City.wikidata_id": "search engines read it",
    "City.is_on_home": CHOICE,
    "City.is_proposed": "test_proposed_partnership_says_so",
    "City.anniversaries_from": "the home page tells of it",
    "City.owner": OFFICE,
    "City.review_on": OFFICE,
    "City.internal_notes": OFFICE,
    "City.signatories": ELSEWHERE,
    "CityPhoto.is_decorative": CHOICE,
    "Memorandum.is_signed_on_unknown_day": "test_agreement_signed_nobody_knows_when_says_so",
    "Memorandum.end_reason": "test_agreement_says_how_it_came_to_an_end",
    "Memorandum.notice_on": "test_agreement_says_until_when_notice_is_possible",
    "Suspension.ends": "test_agreement_says_how_it_came_to_an_end",
    "Memorandum.ended_on": "test_agreement_says_how_it_came_to_an_end",
    "Memorandum.abandoned_on": "test_agreement_says_how_it_came_to_an_end",
    "Memorandum.internal_notes": OFFICE,
    "Document.token": CHOICE,
    "Document.name": CHOICE,
    "Document.sha256": CHOICE,
    "Document.has_text": OFFICE,
    "PressRelease.pinned_until": CHOICE,
    "PressRelease.internal_notes": OFFICE,
    "PressRelease.related_from": ELSEWHERE,
    "PressRelease.quote_links": OFFICE,
    "PressRelease.quote_approvals": OFFICE,
    "ReleasePhoto.is_decorative": CHOICE,
    "PressRelease.coverage": "tests/news/test_coverage.py says when",
    "Quote.side": CHOICE,
    "Quote.is_elected": CHOICE,
    "ChangeNote.noted_by": OFFICE,
    "PressContact.valid_from": CHOICE,
    "PressContact.valid_to": CHOICE,
    "PressContact.fallback": CHOICE,
    "PressContact.stands_in_for": CHOICE,
    "PressContact.is_general": CHOICE,
    "PressContact.cities": ELSEWHERE,
    "PressContact.releases": ELSEWHERE,
    "PressContact.releasecontact": ELSEWHERE,
    "Theme.merged_into": "its address leads to the other one",
    "Theme.merged_from": ELSEWHERE,
    "Page.replaces": CHOICE,
    "Page.is_in_foot": CHOICE,
    "Photo.title": OFFICE,
    "Photo.licence_ends": CHOICE,
    "Photo.cityphotos": ELSEWHERE,
    "Photo.releasephotos": ELSEWHERE,
}
OF_FILES = ("Photo", "CityPhoto", "ReleasePhoto", "Document.file", "Document.language")  # gone with a withdrawal


def make_neighbours() -> dict[str, models.Model]:
    """A public record of each kind with the slug “near”."""
    theme, city = make_theme("Near theme", slug="near"), make_city("Near city", slug="near")
    memorandum = make_memorandum(city, title="Near agreement", slug="near")
    release = make_release("Near release", slug="near")
    near = {"theme": theme, "city": city, "memorandum": memorandum, "release": release}
    return {kind: publish(record) for kind, record in near.items()}


def make_whole(kind: str) -> models.Model:
    """A draft of a kind, with every field and relation filled."""
    near = make_neighbours()
    record = make_whole_record(kind, "Whole", slug=f"whole-{kind}")
    {"city": _tie_city, "theme": _tie_theme, "memorandum": _tie_memorandum, "release": _tie_release, "page": _tie_page}[
        kind
    ](record, near)
    for model in MODELS[kind]:
        of_page = model.objects.exclude(
            pk__in=[neighbour.pk for neighbour in near.values() if type(neighbour) is model]
        )
        fill(of_page.earliest("pk"), **VALUES.get(model, {}))
    return type(record).objects.get(pk=record.pk)


def _tie_city(city: City, near: dict) -> None:
    show(make_photo(), city, position=2, alt="A further photo")
    make_contact().cities.add(city)
    near["memorandum"].cities.add(city)
    near["release"].cities.add(city)


def _tie_page(page: Page, near: dict) -> None:
    """A page has no ties."""


def _tie_theme(theme: Theme, near: dict) -> None:
    Focus.objects.create(city=near["city"], theme=theme)
    near["memorandum"].themes.add(theme)
    near["release"].themes.add(theme)


def _tie_memorandum(memorandum: Memorandum, near: dict) -> None:
    city = near["city"]
    memorandum.themes.add(near["theme"])
    memorandum.signatories.filter(party="").update(city=city)
    Signatory.objects.create(memorandum=memorandum, office="Leader of the council", is_planned=True)
    memorandum.renews, memorandum.amends = make_memorandum(city, slug="renewed"), make_memorandum(city, slug="amended")
    memorandum.save()
    after = (
        make_memorandum(city, slug="renewal", renews=memorandum, signed=""),
        make_memorandum(city, slug="addendum", amends=memorandum),
    )
    for other in (memorandum.renews, memorandum.amends, *after):
        publish(other)
    near["release"].memoranda.add(memorandum)


def _tie_release(release: PressRelease, near: dict) -> None:
    show(make_photo(), release, position=2, alt="A further photo")
    release.related.add(near["release"])
    Quote.objects.create(release=release, office="Spokesperson", text="In German.", position=2)
