"""The cast and the records that tests play with: valid by default, different where a test says so."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from PIL import Image

from news.models import (
    ChangeNote,
    Coverage,
    PreElectionPeriod,
    PressContact,
    PressRelease,
    Quote,
    ReleaseContact,
    ReleasePhoto,
    Subscriber,
)
from news.quotes.approvals import Way, keep
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
from tests.papers import make_pdf
from twinning.core.models import Page, Photo, SearchEntry, User

SCAN = make_pdf(["scan"])


def drawn(width: int = 320, height: int = 240, *, kind: str = "JPEG", colour: str = "#8a3ffc") -> bytes:
    """A picture of one colour, as a file."""
    file = BytesIO()
    Image.new("RGB", (width, height), colour).save(file, kind)
    return file.getvalue()


PICTURE = drawn()
PAST = datetime(2021, 2, 12, 10, 0, tzinfo=UTC)
_number = count(1)


def make_user(role: str = "", **fields) -> User:
    """Somebody with one of the four roles, or none."""
    username = fields.pop("username", f"{role.lower().replace(' ', '-') or 'staff'}-{next(_number)}")
    user = User.objects.create_user(username, is_staff=True, **fields)
    if role:
        if not Group.objects.filter(name=role).exists():
            call_command("sync_roles", verbosity=0)
        user.groups.add(Group.objects.get(name=role))
    return user


def make_subscriber(email: str, *, cities: Iterable = (), themes: Iterable = (), **fields) -> Subscriber:
    """Somebody who confirmed long ago; without cities and themes, for all press releases."""
    fields = {"confirmed_at": PAST, "everything": not (cities or themes)} | fields
    subscriber = Subscriber.objects.create(email=email, **fields)
    subscriber.cities.set(cities)
    subscriber.themes.set(themes)
    return subscriber


def make_superuser() -> User:
    """Somebody who may do everything: for tests in which rights are not the point."""
    return User.objects.create_superuser(f"root-{next(_number)}")


def submit(record, *, at: datetime = PAST):
    """Bring a draft into review; somebody submits it who is nobody else in the test."""
    record.submit(by=make_superuser(), at=at)
    return record


def publish(record, *, at: datetime = PAST, by: User | None = None):
    """Let a record be public from a moment on; two people see to it."""
    if not record.submitted_at:
        submit(record, at=at)
    record.approve(by=by or make_superuser(), at=at)
    return record


def hide(record, state: str, *, now: datetime):
    """Bring a draft to one of the states in which the public may not read it."""
    by = make_superuser()
    if state in ("in-review", "sent-back", "scheduled"):
        submit(record, at=now)
    if state == "sent-back":
        record.send_back(by=by, at=now, remark="The figures are wrong.")
    if state == "scheduled":
        record.approve(by=by, at=now, publish_at=now + timedelta(days=30))
    if state in ("withdrawn", "taken-down"):
        publish(record, at=now - timedelta(days=2), by=by)
    if state == "withdrawn":
        record.withdraw(by=by, at=now - timedelta(days=1), reason="The figures were wrong.")
    if state == "taken-down":
        record.take_down(by=by, at=now - timedelta(days=1))
    return record


def make_theme(name: str = "Climate", **fields) -> Theme:
    fields = {"slug": name.lower().replace(" ", "-"), "summary": "What cities do together.", **fields}
    return Theme.objects.create(name=name, **fields)


def make_page(title: str = "Imprint", **fields) -> Page:
    fields = {"slug": title.lower().replace(" ", "-"), "text": "<p>Who answers for this site.</p>", **fields}
    return Page.objects.create(title=title, **fields)


def make_city(name: str = "Dortmund", *, changes: Iterable[dict] = (), **fields) -> City:
    """A city; each of the changes says what became of the partnership, such as ``{"status": "dormant"}``."""
    defaults = {
        "slug": name.lower().replace(" ", "-"),
        "country": "DE",
        "latitude": "51.51360",
        "longitude": "7.46530",
        "time_zone": "Europe/Berlin",
        "since": "1969",
        "summary": f"A friendship with {name}.",
        "why": "<p>Peace between former enemies.</p>",
    }
    city = City.objects.create(name=name, **defaults | fields)
    for change in changes:
        Change.objects.create(city=city, **{"reason": "Nobody replied."} | change)
    return city


def make_memorandum(*cities: City, suspensions: Iterable[dict] = (), **fields) -> Memorandum:
    """An agreement with some cities; each of the suspensions says when, such as ``{"begins": "2022"}``."""
    number = next(_number)
    defaults = {
        "title": f"Agreement {number}",
        "slug": f"agreement-{number}",
        "purpose": "<p>To learn from each other.</p>",
        "signed": "2018",
        "signatories_unknown": True,
    }
    memorandum = Memorandum.objects.create(**defaults | fields)
    memorandum.cities.set(cities)
    for spell in suspensions:
        Suspension.objects.create(memorandum=memorandum, **{"reason": "War."} | spell)
    return memorandum


def make_release(headline: str = "Cities sign again", *, cities=(), themes=(), memoranda=(), **fields) -> PressRelease:
    defaults = {
        "slug": f"release-{next(_number)}",
        "standfirst": "Two cities go on together.",
        "body": "<p>They signed today.</p>",
    }
    release = PressRelease.objects.create(headline=headline, **defaults | fields)
    release.cities.set(cities)
    release.themes.set(themes)
    release.memoranda.set(memoranda)
    return release


def say(quote: Quote, said: str, *, how: str = Way.PHONE, person: str = "Her office", remark: str = "") -> None:
    """Note what is known of the approval of a quote."""
    keep(quote, said, release=quote.release, how=how, person=person, remark=remark, by=make_superuser(), at=PAST)


def make_contact(name: str = "Press office", **fields) -> PressContact:
    return PressContact.objects.create(name=name, **{"email": "press@example.org"} | fields)


def make_election(election: str = "Local elections", **fields) -> PreElectionPeriod:
    """The days before an election that is long over."""
    return PreElectionPeriod.objects.create(
        election=election, **({"begins": "2019-03-26", "ends": "2019-05-02"} | fields)
    )


def make_document(memorandum: Memorandum, *, name: str = "scan.pdf", content: bytes = SCAN, **fields) -> Document:
    fields = {"title": "Scan", "file": ContentFile(content, name=name), "summary": "<p>What it says.</p>", **fields}
    return Document.objects.create(memorandum=memorandum, **fields)


def make_photo(title: str = "Town hall", *, name: str = "hall.jpg", content: bytes = PICTURE, **fields) -> Photo:
    """A photo in the library, with what browsers get of it."""
    fields = {"credit": "Photo desk", "file": ContentFile(content, name=name)} | fields
    photo = Photo.objects.create(title=title, **fields)
    photo.make_renditions()
    return photo


def show(photo: Photo, record, **fields):
    """Put a photo on the page of a city or a release."""
    fields = {"photo": photo, "alt": "" if fields.get("is_decorative") else "The town hall from below"} | fields
    model = {City: CityPhoto, PressRelease: ReleasePhoto}[type(record)]
    return model.objects.create(**{model.owner: record}, **fields)


def make_whole_photo(word: str) -> Photo:
    """A photo with ``word`` in every field that takes text, and in its name."""
    texts = {name: f"{word} {name}" for name in ("title", "credit", "licence")}
    return make_photo(**texts, name=f"{word}.jpg", licence_url=f"https://example.org/{word}")


def make_whole_record(kind: str, word: str, *, slug: str = ""):
    """A draft of one kind with ``word`` in every field that takes text, and in every field of its parts."""
    slug = slug or word.lower()
    whole = {"city": _whole_city, "theme": _whole_theme, "memorandum": _whole_memorandum, "release": _whole_release}
    return (whole | {"page": _whole_page})[kind](word, slug)


def _whole_page(word: str, slug: str) -> Page:
    return make_page(f"{word} page", slug=slug, is_in_foot=False, summary=f"{word} summary", text=f"<p>{word} text</p>")


def _whole_theme(word: str, slug: str) -> Theme:
    return make_theme(f"{word} theme", slug=slug, summary=f"{word} summary", description=f"<p>{word} description</p>")


def _whole_city(word: str, slug: str) -> City:
    texts = ("local_name", "other_names", "successor", "home_side", "decision_body", "internal_notes")
    texts += ("since_source", "sources_differ")
    city = make_city(
        f"{word} city",
        slug=slug,
        **{name: f"{word} {name}" for name in texts},
        official_site=f"https://example.org/{word}",
        summary=f"{word} summary",
        why=f"<p>{word} why</p>",
        story=f"<p>{word} story</p>",
    )
    Change.objects.create(city=city, date="2001", reason=f"{word} reason", source=f"{word} source")
    FormerName.objects.create(city=city, name=f"{word} once", country=f"{word} land")
    Milestone.objects.create(
        city=city,
        date="1969",
        title=f"{word} milestone",
        text=f"<p>{word}</p>",
        source=f"{word} source",
        sources_differ=f"{word} rival",
    )
    Outcome.objects.create(city=city, result=f"{word} result", source=f"{word} source")
    Delegation.objects.create(city=city, date="1998", purpose=f"{word} purpose", paid_by=f"{word} payer", cost=1)
    Involvement.objects.create(city=city, organisation=f"{word} group", role=f"{word} role", how_to_join=f"{word} join")
    theme = Theme.objects.first() or make_theme()
    Focus.objects.create(city=city, theme=theme, note=f"{word} note")
    show(make_whole_photo(word), city, alt=f"{word} alt", caption=f"{word} caption")
    return city


def _whole_memorandum(word: str, slug: str) -> Memorandum:
    city = City.objects.first() or make_city()
    texts = (
        "place",
        "planned_place",
        "other_parties",
        "end_reason",
        "languages",
        "decision_reference",
        "internal_notes",
    )
    memorandum = make_memorandum(
        city,
        title=f"{word} agreement",
        slug=slug,
        purpose=f"<p>{word} purpose</p>",
        **{name: f"{word} {name}" for name in texts},
    )
    Signing.objects.create(memorandum=memorandum, date="2019", place=f"{word} place again")
    Suspension.objects.create(memorandum=memorandum, begins="2020", ends="2021", reason=f"{word} quarrel")
    Decision.objects.create(memorandum=memorandum, body=f"{word} council", url=f"https://example.org/{word}")
    Signatory.objects.create(memorandum=memorandum, name=f"{word} name", office=f"{word} office")
    Signatory.objects.create(memorandum=memorandum, party=f"{word} party", office=f"{word} chair")
    make_document(
        memorandum,
        title=f"{word} scan",
        name=f"{word}.pdf",
        content=make_pdf([f"{word} bytes"]),
        summary=f"<p>{word}</p>",
    )
    return memorandum


def _whole_release(word: str, slug: str) -> PressRelease:
    release = make_release(
        f"{word} headline",
        slug=slug,
        cities=City.objects.all()[:1],
        themes=Theme.objects.all()[:1],
        memoranda=Memorandum.objects.all()[:1],
        standfirst=f"{word} standfirst",
        place=f"{word} place",
        body=f"<p>{word} body</p>",
        notes_to_editors=f"<p>{word} notes</p>",
        event_what=f"{word} what",
        event_where=f"{word} where",
        internal_notes=f"{word} internal",
    )
    quote = {name: f"{word} {name}" for name in ("speaker", "office", "original")}
    Quote.objects.create(release=release, position=1, text=word, original_language="pl", **quote)
    ChangeNote.objects.create(release=release, text=f"{word} correction")
    ReleaseContact.objects.create(release=release, contact=make_contact(f"{word} contact"))
    about = {"title": f"{word} title", "outlet": f"{word} outlet", "url": f"https://{word}.example.org/".lower()}
    Coverage.objects.create(release=release, day=PAST.date(), added_by=make_user(), **about)
    photo = Photo.objects.filter(title__startswith=word).first() or make_whole_photo(word)
    show(photo, release, alt=f"{word} alt", caption=f"{word} caption")
    return release


# The database makes them itself: twenty thousand objects would take longer than all that is tested with them.
COPY = """
    WITH RECURSIVE number(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i < {times} - 1)
    INSERT INTO {table} ({columns}) SELECT {values} FROM {sources}
"""
EARLIER = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', {moment}, '-' || number.i || ' minutes')",
    "postgresql": "{moment} - number.i * interval '1 minute'",
}
RANDOM_UUID = {
    "sqlite": " || '-' || ".join(f"lower(hex(randomblob({size})))" for size in (4, 2, 2, 2, 6)),
    "postgresql": "gen_random_uuid()",
}


def copy_releases(times: int) -> None:
    """So many copies of every public release, public like their originals; only address and moment differ."""
    earlier = EARLIER[connection.vendor].format(moment="original.publish_at")
    changed = {"slug": "substr(original.slug, 1, 90) || '-' || number.i", "publish_at": earlier}
    releases = PressRelease._meta.db_table
    public = f"{releases} AS original, number WHERE original.publish_at IS NOT NULL"
    pair = f"JOIN {releases} AS copy ON copy.slug = {changed['slug']}"
    of_release = f"JOIN {releases} AS original ON original.id = named.pressrelease_id JOIN number ON 1 = 1 {pair}"
    in_feeds = {"feed_id": f"'urn:uuid:' || {RANDOM_UUID[connection.vendor]}"}
    _copy_rows(PressRelease, times, public, "original", changed | in_feeds)
    for through in (PressRelease.cities.through, PressRelease.themes.through):
        sources = f"{through._meta.db_table} AS named {of_release}"
        _copy_rows(through, times, sources, "named", {"pressrelease_id": "copy.id"})
    kind = ContentType.objects.get_for_model(PressRelease).pk
    entries = (
        f"{SearchEntry._meta.db_table} AS original JOIN number ON 1 = 1 {pair} WHERE original.content_type_id = {kind}"
    )
    _copy_rows(SearchEntry, times, entries, "original", changed | {"object_id": "copy.id", "dated_at": earlier})


def _copy_rows(model, times: int, sources: str, alias: str, changed: dict[str, str]) -> None:
    fields = [field for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]
    columns = [field.column for field in fields]
    values = ", ".join(changed.get(column, f"{alias}.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            COPY.format(
                times=times, table=model._meta.db_table, columns=", ".join(columns), values=values, sources=sources
            )
        )
