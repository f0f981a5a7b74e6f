"""Every field of a whole record is on its page, in each state that has a page, and in the right language.

The fields are found in the models: a new one that is neither on the page nor in SILENT fails.
"""

import re
from datetime import UTC, date, datetime, timedelta
from html import escape, unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.utils import timezone

from news.models import PressRelease, Quote
from partners.models import Document, Signatory
from tests.factories import (
    hide,
    make_city,
    make_contact,
    make_memorandum,
    make_release,
    make_superuser,
    make_theme,
    publish,
)
from tests.facts import body_of, fact_of, fields_of, is_text, text_of
from tests.previews import copy_of, make_link
from tests.whole_records import FACTS, MODELS, OF_FILES, SILENT, VALUES, make_whole, said

pytestmark = pytest.mark.django_db


def facts_of(kind: str) -> dict[str, str]:
    """The HTML that the page of a whole record has to contain, by field."""
    fields = {name: field for model in MODELS[kind] for name, field in fields_of(model, MODELS[kind][0]).items()}
    return {
        name: FACTS.get(name) or fact_of(field, VALUES.get(field.model, {}).get(field.name))
        for name, field in fields.items()
        if name not in SILENT
    }


def missing(kind: str, page: str, *, without: tuple[str, ...] = ()) -> list[str]:
    """The facts that a page does not contain."""
    facts = {name: fact for name, fact in facts_of(kind).items() if not name.startswith(without)}
    return [f"{name}: {fact}" for name, fact in facts.items() if fact not in page]


@pytest.mark.parametrize("kind", MODELS)
def test_every_field_is_on_the_page_or_silent_for_a_reason(kind):
    assert [name for name, fact in facts_of(kind).items() if fact is None] == []


def test_no_field_is_listed_that_is_not_there():
    fields = {name for kind in MODELS for model in MODELS[kind] for name in fields_of(model, MODELS[kind][0])}
    assert (FACTS | SILENT).keys() <= fields
    assert FACTS.keys() & SILENT.keys() == set()


@pytest.mark.parametrize("kind", MODELS)
def test_public_page_says_everything(client, kind):
    page = body_of(client.get(publish(make_whole(kind)).get_absolute_url()).content.decode())
    assert missing(kind, page) == []
    assert "Last updated<time" in page
    assert page.count("A further photo") == (kind in ("city", "release"))


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("state", ["draft", "scheduled", "copy"])
def test_preview_says_everything_and_leads_to_nothing_that_is_not_public(client, kind, state):
    record = make_whole(kind)
    copy = copy_of(publish(record)) if state == "copy" else None
    _link, address = make_link(record if copy else hide(record, state, now=timezone.now()), copy=copy)
    html = client.get(address).content.decode()
    page = body_of(html).replace(f"{address}files/", "/files/")
    assert missing(kind, page) == []
    assert "For Ann Example, Evening Post only. Each opening is noted." in page
    assert set(re.findall(r'href="([^"]*(?:atom|rss).xml)"', html)) == {"/news/atom.xml", "/news/rss.xml"}
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in html
    assert f'"{record.get_absolute_url()}' not in html


REASON = "The figures were <wrong> & old."


def withdrawn(kind: str):
    record = publish(make_whole(kind))
    record.withdraw(by=make_superuser(), at=datetime(2021, 5, 1, 12, tzinfo=UTC), reason=REASON)
    return record


@pytest.mark.parametrize("kind", MODELS)
def test_withdrawn_page_says_why_and_offers_no_file(client, kind):
    html = client.get(withdrawn(kind).get_absolute_url()).content.decode()
    page = body_of(html)
    notice = f"<p><strong>Withdrawn on 1 May 2021</strong></p><p>{escape(REASON)}</p>"
    assert f'<div class="notice notice-withdrawn">{notice}</div>' in page
    assert missing(kind, page, without=OF_FILES) == []
    assert escape(text_of(Document._meta.get_field("title"))) in page or kind != "memorandum"
    assert not re.search(r"/files/|press-pack|<img|<picture", page)
    assert set(re.findall(r'href="([^"]*(?:atom|rss).xml)"', html)) == {"/news/atom.xml", "/news/rss.xml"}
    assert '<meta name="robots" content="noindex">' in html


@pytest.mark.parametrize("kind", MODELS)
def test_page_taken_down_says_that_and_nothing_else(client, kind):
    record = withdrawn(kind)
    record.take_down(by=make_superuser(), at=timezone.now())
    response = client.get(record.get_absolute_url())
    page = body_of(response.content.decode())
    assert response.status_code == 410
    assert "It was published here, and has since been taken off the site for good." in page
    assert [name for name, fact in facts_of(kind).items() if fact in page] == []
    assert "Withdrawn" not in page


LANGUAGES = {
    "city": ["span sk", "span de"],
    "theme": [],
    "memorandum": [],
    "page": ["h1 de", "p de", "div de"],
    "release": ["h1 de", "p de", "div de", "blockquote cs", "blockquote pl", "blockquote de", "div de"],
}


def languages_in(page: str) -> list[str]:
    """The elements with a lang attribute, as “blockquote cs”."""
    return [f"{element} {language}" for element, language in re.findall(r'<(\w+)[^>]* lang="([^"]*)"', page)]


@pytest.mark.parametrize("kind", MODELS)
def test_every_foreign_text_says_its_language(client, kind):
    page = body_of(client.get(publish(make_whole(kind)).get_absolute_url()).content.decode())
    assert languages_in(page) == LANGUAGES[kind]


def test_foreign_release_says_its_language_wherever_it_is_listed(client):
    publish(make_whole("release"))
    for path in ("/", "/news/", "/cities/near/", "/themes/near/", "/agreements/near/"):
        page = body_of(client.get(path).content.decode())
        headline = f'<a href="/news/whole-release/" lang="de" dir="ltr">{said("PressRelease.headline")}</a>'
        assert headline in page, path
        assert f'<p lang="de" dir="ltr">{said("PressRelease.standfirst")}</p>' in page, path


def pages_and_packs(client, release, *others) -> dict[str, str]:
    """The pages on which a release stands, its press pack among them, by address."""
    paths = ["/", "/news/", *(record.get_absolute_url() for record in (release, *others))]
    pages = {path: client.get(path).content.decode() for path in paths}
    pack = f"{release.get_absolute_url()}press-pack.zip"
    with ZipFile(BytesIO(client.get(pack).getvalue())) as files:
        return pages | {pack: files.read(f"{release.slug}/release.html").decode()}


def test_text_in_arabic_or_persian_is_written_from_right_to_left_everywhere(client):
    city, theme = publish(make_city(local_name="دورتموند", local_language="ar")), publish(make_theme())
    release = make_release("سالفورد", language="ar", cities=[city], themes=[theme], notes_to_editors="<p>نص</p>")
    Quote.objects.create(release=release, speaker="A", office="B", text="<p>نص</p>")
    Quote.objects.create(release=release, speaker="C", office="D", text="<p>متن</p>", language="fa")
    for path, page in pages_and_packs(client, publish(release), city, theme).items():
        assert set(re.findall(r' lang="(?:ar|fa)"( dir="rtl")?', page)) == {' dir="rtl"'}, path


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ({"ended_on": date(2022, 3, 1)}, ["<dt>Ended</dt><dd>1 March 2022</dd>", "<strong>Ended</strong>"]),
        ({"ended_on": date(2122, 3, 1)}, ["<dt>Ends</dt><dd>1 March 2122</dd>"]),
        ({"signed": "", "abandoned_on": date(2022, 3, 1)},
         ["<dt>Signed</dt><dd>Never</dd>", "<dt>Given up</dt><dd>1 March 2022</dd>", "<strong>Abandoned</strong>"]),
        ({"ended_on": "2008"}, ["<dt>Ended</dt><dd>2008</dd>", "<strong>Ended</strong>"]),
        ({"suspensions": [{"begins": "2020", "ends": "May 2021"}]}, ["<dt>Suspended</dt><dd>2020 to May 2021</dd>"]),
        ({"signed": ""}, ["<dt>Signed</dt><dd>Not yet</dd>"]),
        ({}, ["<dt>Ends</dt><dd>No end agreed</dd>"]),
    ],
)  # fmt: skip
def test_agreement_says_how_it_came_to_an_end(client, fields, facts):
    memorandum = publish(make_memorandum(make_city(), end_reason="The work is done.", **fields))
    page = body_of(client.get(memorandum.get_absolute_url()).content.decode())
    assert [fact for fact in facts if fact not in page] == []
    assert ("<p>The work is done.</p>" in page) == (len(facts) > 1)


def test_agreement_says_until_when_notice_is_possible(client):
    terms = {"signed": "1 June 2018", "ends": "31 May 2120", "renewal_months": 12, "notice_days": 90}
    memorandum = publish(make_memorandum(make_city(), **terms))
    page = body_of(client.get(memorandum.get_absolute_url()).content.decode())
    assert "<dt>Notice possible until</dt><dd>2 March 2120</dd>" in page
    memorandum.notice_on = date(2120, 1, 2)
    memorandum.save()
    page = body_of(client.get(memorandum.get_absolute_url()).content.decode())
    assert "Notice possible" not in page
    assert "<dt>Notice given</dt><dd>2 January 2120</dd>" in page


def test_hidden_city_is_no_name_beside_a_signatory(client):
    hidden = make_city("Zanzimott")
    memorandum = make_memorandum(make_city())
    Signatory.objects.create(memorandum=memorandum, office="Mayor", city=hidden)
    page = body_of(client.get(publish(memorandum).get_absolute_url()).content.decode())
    assert '<th scope="row">A partner city</th><td data-label="Signed">Mayor</td>' in page


def test_partnership_that_is_active_says_how_long_and_nothing_of_a_reason(client):
    city = publish(make_city(since="1 June 1991"))
    page = body_of(client.get(city.get_absolute_url()).content.decode())
    years = timezone.localdate().year - 1991 - (timezone.localdate() < date(timezone.localdate().year, 6, 1))
    assert f"<dt>Years together</dt><dd>{years}</dd>" in page


@pytest.mark.parametrize(
    ("fields", "is_listed"),
    [
        ({"signed": "2018"}, True),
        ({"signed": "2018", "ends": "2018"}, False),
        ({"signed": ""}, True),
        ({"signed": "2018", "suspensions": [{"begins": "1 March 2022"}]}, False),
        ({"signed": "", "negotiated": "2022"}, True),
        ({"signed": "2018", "ended_on": date(2022, 3, 1)}, False),
        ({"signed": "", "abandoned_on": date(2022, 3, 1)}, False),
    ],
)
def test_home_lists_agreements_that_are_in_force_or_planned(client, fields, is_listed):
    publish(make_memorandum(make_city(), title="Of friendship", end_reason="A reason.", **fields))
    assert ("Of friendship" in client.get("/").content.decode()) == is_listed


def test_city_names_who_answers_today_however_many_have_left(client):
    city, left = publish(make_city()), timezone.localdate() - timedelta(days=1)
    office = make_contact("Office")
    deputy = make_contact("Deputy", valid_to=left, fallback=office)
    make_contact("Officer", valid_to=left, fallback=deputy).cities.add(city)
    page = client.get(city.get_absolute_url()).content.decode()
    assert re.findall(r'contact">\s*<h3>(.*?)</h3>', page) == ["Office"]


def test_press_pack_says_everything_that_the_release_does(client):
    release = publish(make_whole("release"))
    with ZipFile(BytesIO(client.get(f"{release.get_absolute_url()}press-pack.zip").getvalue())) as pack:
        html, text = (pack.read(f"whole-release/release.{kind}").decode() for kind in ("html", "txt"))
    told = {
        name: VALUES.get(field.model, {}).get(field.name) or text_of(field)
        for model in MODELS["release"]
        for name, field in fields_of(model, PressRelease).items()
        if is_text(field) and name not in (*SILENT, "PressRelease.language", "Quote.language")
    }
    assert len(told) > 20
    rich = {name for name, words in told.items() if words.startswith("<p>")}
    assert [name for name, words in told.items() if (words if name in rich else escape(words)) not in html] == []
    plain = {name: unescape(re.sub("</?p>", "", words)) if name in rich else words for name, words in told.items()}
    assert [name for name, words in plain.items() if words not in text] == []
    assert languages_in(body_of(html)) == LANGUAGES["release"]
