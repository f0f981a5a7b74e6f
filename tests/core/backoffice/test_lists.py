"""Lists of the back office: saved views, filters that search, chips, and the way back to the list."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from news.models import PressRelease
from partners.models import CityPhoto, FormerName
from tests.back_office import form_url, sent_by_browser, signed_in
from tests.factories import (
    hide,
    make_city,
    make_memorandum,
    make_photo,
    make_release,
    make_theme,
    make_user,
    publish,
    submit,
)
from twinning.core.lists.chosen import MOST_CHOSEN
from twinning.core.templatetags.lists import filter_chips

pytestmark = pytest.mark.django_db

CITIES = "/admin/partners/city/"
AGREEMENTS = "/admin/partners/memorandum/"
RELEASES = "/admin/news/pressrelease/"


def listed(client, address: str, **asked) -> list[str]:
    return sorted(str(record) for record in client.get(address, asked).context["cl"].result_list)


def chips(response) -> list[tuple[str, str]]:
    return [(chip["value"], chip["url"]) for chip in filter_chips(response.context["cl"])]


def views(response) -> list[str]:
    [above] = [spec for spec in response.context["cl"].filter_specs if getattr(spec, "is_above_list", False)]
    return [link["url"] for link in above.links]


# Saved views ----------------------------------------------------------------------------------------------------------


def test_saved_views_of_states(root):
    submit(make_city("Lille"))
    hide(make_city("Siegen"), "scheduled", now=timezone.now())
    publish(make_city("Brno"))
    make_city("Durban")
    found = {view: listed(root, CITIES, view=view) for view in ("draft", "in-review", "scheduled", "", "nonsense")}
    everything = ["Brno", "Durban", "Lille", "Siegen"]
    assert found == {
        "draft": ["Durban"], "in-review": ["Lille"], "scheduled": ["Siegen"], "": everything, "nonsense": everything,
    }  # fmt: skip


def test_saved_views_of_cities():
    editor, today = make_user("Twinning editor"), timezone.localdate()
    client = signed_in(editor)
    illustrated = make_city("Lille", owner=editor, review_on=today + timedelta(days=1))
    CityPhoto.objects.create(city=illustrated, photo=make_photo(), alt="A square")
    make_city("Brno", review_on=today)
    assert listed(client, CITIES, view="mine") == ["Lille"]
    assert listed(client, CITIES, view="without-photo") == ["Brno"]
    assert listed(client, CITIES, view="to-look-at") == ["Brno"]


def test_agreements_that_end_within_a_year(root):
    city, today = make_city(), timezone.localdate()
    for title, days in (("soon", 30), ("late", 364), ("later", 366), ("over", -1)):
        make_memorandum(city, title=title, signed="2001", ends=(today + timedelta(days=days)).isoformat())
    make_memorandum(city, title="open", signed="2001")
    coming = (today + timedelta(days=60)).isoformat()
    make_memorandum(city, title="renews itself", signed="2001", ends=coming, renewal_months=12)
    ended = {"ended_on": coming, "end_reason": "Notice was given."}
    make_memorandum(city, title="given up", signed="2001", ends="2005", renewal_months=12, **ended)
    renewing = (today + timedelta(days=30)).isoformat()
    make_memorandum(city, title="suspended", signed="2001", ends=renewing, suspensions=[{"begins": "2020-01-01"}])
    assert listed(root, AGREEMENTS, view="ending") == ["given up", "late", "soon"]


def test_saved_views_are_for_those_who_can_do_something_there():
    offered = {
        role: views(signed_in(make_user(role)).get(CITIES)) for role in ("Press officer", "Twinning editor", "Approver")
    }
    assert offered["Press officer"] == ["?", "?view=scheduled"]
    assert {"?view=in-review", "?view=mine"} <= {*offered["Twinning editor"]} & {*offered["Approver"]}
    reader = signed_in(make_user("Press officer"))
    make_city()
    assert listed(reader, CITIES, view="in-review") == ["Dortmund"]  # is none of theirs, and narrows nothing


def test_current_view_is_marked(root):
    page = root.get(RELEASES, {"view": "without-photo"}).content.decode()
    assert '<a href="?view=without-photo" aria-current="page">' in page
    assert '<a href="?">' in page


# Filters that search --------------------------------------------------------------------------------------------------


@pytest.fixture
def releases():
    lille, brno = make_city("Lille"), make_city("Brno")
    make_release("Both", slug="both", cities=[lille, brno])
    make_release("Only Lille", slug="only-lille", cities=[lille])
    make_release("Neither", slug="neither")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["lille"], ["Both", "Only Lille"]),
        (["Lille"], ["Both", "Only Lille"]),
        (["LILL"], ["Both", "Only Lille"]),
        (["brno"], ["Both"]),
        (["brno", "lille"], ["Both", "Only Lille"]),
        (["nowhere"], ["Both", "Neither", "Only Lille"]),
        ([""], ["Both", "Neither", "Only Lille"]),
        (["nowhere", "brno"], ["Both"]),
        (["brno"] * 50, ["Both"]),
        (["9" * 5000], ["Both", "Neither", "Only Lille"]),
    ],
)
def test_releases_are_narrowed_to_the_chosen_cities(root, releases, asked, found):
    assert listed(root, RELEASES, cities=asked) == found


def test_what_nobody_has_is_said(root, releases):
    assert "Nothing has the name “&lt;b&gt;”" in root.get(RELEASES, {"cities": "<b>"}).content.decode()


def test_chips_take_one_choice_off_and_keep_the_others(root, releases):
    make_theme("Sport")
    response = root.get(RELEASES, {"cities": ["brno", "Lille"], "themes": "sport", "kind__exact": "release", "q": "x"})
    assert chips(response) == [
        ("Press release", "?cities=brno&cities=Lille&q=x&themes=sport"),
        ("Brno", "?cities=lille&kind__exact=release&q=x&themes=sport"),
        ("Lille", "?cities=brno&kind__exact=release&q=x&themes=sport"),
        ("Sport", "?cities=brno&cities=Lille&kind__exact=release&q=x"),
    ]


def test_another_choice_and_another_search_keep_what_is_chosen(root, releases):
    page = root.get(RELEASES, {"cities": ["brno", "lille"], "kind__exact": "release", "q": "both"}).content.decode()
    own, searching = page.split('class="chosen-filter"')[1].split("</form>")[0], page.split('id="changelist-search"')[1]
    for name, value in (("cities", "brno"), ("cities", "lille"), ("kind__exact", "release")):
        field = f'<input type="hidden" name="{name}" value="{value}">'
        assert field in own
        assert field in searching.split("</form>")[0]
    assert '<input type="hidden" name="q" value="both">' in own


def test_chosen_are_bounded(root, releases):
    response = root.get(RELEASES, {"cities": [f"x{number}" for number in range(100)]})
    [spec] = [spec for spec in response.context["cl"].filter_specs if getattr(spec, "parameter_name", "") == "cities"]
    assert len(spec.unknown) == MOST_CHOSEN


def test_cities_are_narrowed_to_themes_of_their_partnerships(root):
    theme = make_theme("Sport")
    make_city("Lille").focuses.create(theme=theme)
    brno = make_city("Brno")
    for begins in ("1991", "2001"):
        brno.focuses.create(theme=theme, begins=begins)
    make_city("Durban")
    assert listed(root, CITIES, themes="sport") == ["Brno", "Lille"]


def test_no_filter_is_called_by_a_dash(root):
    Group.objects.get_or_create(name="Approver")
    make_user("Approver", username="ann")
    page = root.get("/admin/core/user/").content.decode()
    assert ">–</a>" not in page
    found = {role: root.get("/admin/core/user/", {"role": role}).context["cl"].result_list for role in ("none", "x")}
    assert "ann" not in {user.username for user in found["none"]}
    assert "ann" in {user.username for user in found["x"]}


# The way back ---------------------------------------------------------------------------------------------------------


def test_order_and_filters_survive_opening_a_record_and_saving_it(root):
    city = make_city("Lille")
    asked = "view=draft&o=-3&q=lil"
    page = root.get(f"{CITIES}?{asked}").content.decode()
    link = page.split("data-heading")[0].split(f'href="{form_url(city)}?')[1].split('"')[0].replace("&amp;", "&")
    response = root.get(f"{form_url(city)}?{link}")
    saved = root.post(f"{form_url(city)}?{link}", sent_by_browser(response) | {"_save": "on"})
    assert saved.url == f"{CITIES}?view=draft&o=-3&q=lil"


LEFT = "cities=brno&cities=lille&o=-1"


def with_list(url: str) -> str:
    return f"{url}?{urlencode({'_changelist_filters': LEFT})}"


def ways_back(page: str) -> set[str]:
    """The addresses of the list in the way above a page."""
    above = page.split('<ol class="breadcrumbs">')[1].split("</ol>")[0]
    return {unescape(url) for url in re.findall(rf'href="({RELEASES}(?:\?[^"]*)?)"', above)}


def test_the_page_to_read_the_copy_and_the_pages_around_them_lead_back_to_the_list(root, superuser, releases):
    release = publish(PressRelease.objects.get(headline="Both"))
    url = form_url(release)
    for page in (url, url.replace("change", "history"), url.replace("change", "links")):
        assert ways_back(root.get(with_list(page)).content.decode()) == {f"{RELEASES}?{LEFT}"}, page
    begun = root.post(with_list(url), {"_copy": "on"})
    assert begun.url == with_list(url.replace("change", "copy"))
    form = root.get(begun.url)
    assert ways_back(form.content.decode()) == {f"{RELEASES}?{LEFT}"}
    submitted = root.post(begun.url, sent_by_browser(form) | {"_submit": "on"})
    assert submitted.url == f"{RELEASES}?{LEFT}"  # Django alone would have forgotten one of the two cities
    withdrawn = root.post(with_list(url), {"_withdraw": "on", "withdrawal_reason": "Wrong hall."})
    assert withdrawn.url == with_list(url)


def test_the_page_on_which_a_signing_is_recorded_leads_back_to_the_list(root):
    agreement = make_memorandum(make_city(), signed="", title="Letter")
    opened = root.get(with_list(form_url(agreement).replace("change", "sign")))
    assert f'href="{AGREEMENTS}?{LEFT.replace("&", "&amp;")}"' in opened.content.decode()


@pytest.mark.parametrize("left", ["//elsewhere.example.org", '#"><b>', "%00", "o=1" * 500])
def test_a_list_that_nobody_left_leads_nowhere_else(root, left):
    page = root.get(form_url(make_city()), {"_changelist_filters": left}).content.decode()
    assert f'href="{CITIES}?' in page
    assert "><b>x" not in page


def test_rows_say_what_each_cell_is(root):
    make_city("Lille")
    page = root.get(CITIES).content.decode()
    assert '<td data-heading="Country" class="field-in_country">Germany</td>' in page
    assert 'data-heading="&lt;' not in page


def test_a_list_takes_the_same_queries_whatever_is_chosen(root, django_assert_max_num_queries):
    for number in range(60):
        FormerName.objects.create(city=make_city(f"City {number}"), name=f"Once {number}")
    with django_assert_max_num_queries(16):
        root.get(RELEASES, {"cities": [f"city-{number}" for number in range(MOST_CHOSEN)], "view": "without-photo"})


@pytest.mark.parametrize("asked", [{}, {"view": "draft"}, {"cities": "lille"}])
def test_nothing_is_made_distinct_that_cannot_come_twice(root, releases, django_assert_max_num_queries, asked):
    with django_assert_max_num_queries(16) as queries:
        root.get(RELEASES, asked)
    assert not [query["sql"] for query in queries if "DISTINCT" in query["sql"]]


def test_search_finds_a_release_of_two_cities_once(root, releases):
    assert listed(root, RELEASES, q='"l"') == ["Both", "Only Lille"]
