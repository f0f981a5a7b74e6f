"""The timeline of a partnership, and the answers to what residents ask about it."""

import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from partners.answers import not_recorded
from partners.models import City, Decision, Delegation, Focus, Milestone, Outcome, Signing
from tests.back_office import signed_in
from tests.factories import make_city, make_memorandum, make_release, make_superuser, make_theme, make_user, publish
from tests.previews import make_link
from twinning.core.history import snapshots
from twinning.core.publishing.copies import begin

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=400)


@pytest.fixture
def city():
    """A partnership in which everything happened once, and in which sources differ."""
    city = make_city(
        "Hangzhou", since="1988", since_source="The paper of 2018", sources_differ="1989: the BBC", kind="friendship",
        changes=[{"date": "1998", "status": "active", "kind": "twin-city", "source": "Minutes"}, {"status": "dormant"}],
    )  # fmt: skip
    Milestone.objects.create(city=city, date="2012", title="A training camp", sources_differ="2011: the club")
    for theme, period in {
        "Sport": {"begins": "1999", "ends": "2003"},
        "Silk": {"begins": "about 1990"},
        "Tea": {},
    }.items():
        Focus.objects.create(city=city, theme=publish(make_theme(theme)), note=f"Note on {theme}.", **period)
    Delegation.objects.create(city=city, date="May 2012", purpose="To see it", people=4, cost=1217, paid_by="The fund")
    Delegation.objects.create(city=city, date="2012", purpose="To play", direction="in")
    Outcome.objects.create(city=city, date="2013", result="A club of friends", source="The club")
    return publish(city)


def make_agreements(city: City) -> None:
    first = publish(make_memorandum(city, title="Treaty", slug="treaty", signed="2 June 1989", place="Leeds"))
    Signing.objects.create(memorandum=first, date="1990", place="Hangzhou")
    Decision.objects.create(memorandum=first, body="Full council", date="May 1989", url="https://example.org/minutes")
    publish(make_memorandum(city, title="Renewal", slug="renewal", signed="2018", renews=first))
    make_memorandum(city, title="Secret", slug="secret", signed="2015")
    publish(make_memorandum(city, title="Plan", slug="plan", signed="", planned="2090"))


def page_of(client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def timeline(client, city: City) -> list[str]:
    """The words of each date of the timeline, without markup."""
    page = page_of(client, city.get_absolute_url())
    listed = page.partition('<ol class="timeline">')[2].partition("</ol>")[0]
    return [" ".join(strip_tags(item.replace("<", " <")).split()) for item in listed.split("<li>")[1:]]


def test_everything_stands_in_one_list_by_date_with_its_sources(client, city):
    make_agreements(city)
    publish(make_release("Silk again", cities=[city], first_issued="March 2001"))
    make_release("Hidden", cities=[city], first_issued="March 2002")
    assert timeline(client, city) == [
        "1988 Friendship, held by: The council Beginning of the partnership Source: The paper of 2018 "
        "Sources differ: 1989: the BBC",
        "2 June 1989 Treaty Agreement signed, Leeds",
        "1990 Treaty Agreement signed again, Hangzhou",
        "about 1990 Silk Work on this theme begins",
        "1998 Twin city Change of the partnership Nobody replied. Source: Minutes",
        "1999 Sport Work on this theme, 1999 to 2003 Note on Sport.",
        "March 2001 Silk again Press release",
        "2012 A training camp Sources differ: 2011: the club To play They visited us",
        "May 2012 To see it We visited them People 4 Cost £1,217 Paid by The fund",
        "2018 Renewal Agreement signed",
        "2090 Plan Agreement to be signed",
        "Without a date Dormant Change of the partnership Nobody replied.",
    ]


def test_page_repeats_nothing_of_the_timeline_beside_what_holds_today(client, city):
    make_agreements(city)
    page = page_of(client, city.get_absolute_url())
    beside = page.partition("<aside")[2]
    assert [title in beside for title in ("Treaty", "Renewal", "Plan")] == [False, True, True]
    work = page.partition('<h2 id="themes">')[2].partition("</section>")[0]
    assert re.findall(r"Note on (\w+)", work) == ["Tea", "Silk"]


def test_long_archive_is_not_on_the_page_and_takes_no_further_query(client, city):
    def queries() -> int:
        client.get(city.get_absolute_url())
        with CaptureQueriesContext(connection) as asked:
            client.get(city.get_absolute_url())
        return len(asked)

    def issue(number: int) -> None:
        for _each in range(number):
            publish(make_release("Again", cities=[city]), at=LONG_AGO)

    issue(6)
    make_agreements(city)
    few, page = queries(), page_of(client, city.get_absolute_url())
    assert "Earlier press releases about" not in page
    issue(6)
    assert queries() == few
    assert sum(item.count("Press release") for item in timeline(client, city)) == 6
    assert '<a href="/news/?city=hangzhou">Earlier press releases about Hangzhou</a>' in page_of(
        client, city.get_absolute_url()
    )


def test_answers_say_what_is_recorded_and_leave_out_the_rest(client, city):
    bare = publish(make_city("Bare"))
    page = page_of(client, f"{bare.get_absolute_url()}answers")
    assert re.findall(r'<h2 id="(\w+)"', page) == ["why", "since"]
    assert "not recorded" not in page.lower()

    make_agreements(city)
    page = page_of(client, f"{city.get_absolute_url()}answers")
    assert re.findall(r'<h2 id="(\w+)"', page) == ["why", "since", "decided", "cost", "outcomes"]
    assert 'Signing: Treaty</dt> <dd><a href="https://example.org/minutes">Full council, May 1989</a>' in page
    assert "<dt>2012</dt> <dd> £1,217 for 1 of 2 visits" in page
    assert "A club of friends" in page
    assert [title in page for title in ("Renewal", "Secret", "Plan")] == [True, False, False]
    assert f'<a href="{city.get_absolute_url()}answers">' in page_of(client, city.get_absolute_url())


def test_answers_of_a_withdrawn_city_are_gone_and_nothing_leads_to_them(client, city):
    city.withdraw(by=make_superuser(), at=timezone.now(), reason="Wrong.")
    assert client.get(f"{city.get_absolute_url()}answers").status_code == 404
    assert "answers" not in page_of(client, city.get_absolute_url())


def test_preview_leads_to_the_answers_below_its_own_link(client):
    _link, address = make_link(make_city("Draft"))
    assert f'<a href="{address}answers">' in page_of(client, address)
    assert "Draft: answers to residents" in page_of(client, f"{address}answers")
    assert client.get("/cities/draft/answers").status_code == 404


def test_visits_are_the_offices_own_unless_the_council_shows_them(client, city, settings):
    settings.SHOW_VISITS = False
    addresses = (city.get_absolute_url(), f"{city.get_absolute_url()}answers", "/data/cities.json", "/search/?q=see")
    pages = "".join(client.get(address).getvalue().decode() for address in addresses)
    assert [word for word in ("To see it", "1217", "1,217", "The fund", "visits cost") if word in pages] == []
    settings.SHOW_VISITS = True
    [entry] = json.loads(client.get("/data/cities.json").getvalue())
    assert [visit["purpose"] for visit in entry["visits"]] == ["To play", "To see it"]
    assert entry["visits"][1]["cost"] == 1217
    assert [outcome["result"] for outcome in entry["outcomes"]] == ["A club of friends"]
    assert '""result"": ""A club of friends""' in client.get("/data/cities.csv").getvalue().decode()


def test_office_reads_what_nobody_recorded(client, city):
    assert not_recorded(city) == ["Who decided?", "What did some visits cost?"]
    Decision.objects.create(memorandum=make_memorandum(city), body="Full council")
    assert not_recorded(city) == ["What did some visits cost?"]
    bare = publish(make_city("Bare"))
    page = signed_in(make_user("Press officer")).get(f"/admin/partners/city/{bare.pk}/change/").content.decode()
    assert "<li>Who decided?</li>" in page
    assert "<li>What came of it?</li>" in page


def test_outcomes_and_visits_are_in_copies_and_come_back_whole(city):
    before = snapshots.take(city)
    copy = begin(city, by=make_superuser(), at=timezone.now())
    assert [visit["fields"]["cost"] for visit in copy.snapshot["parts"]["delegations"]] == [1217, None]
    Outcome.objects.all().delete()
    Delegation.objects.update(cost=5)
    snapshots.put_back(city, before)
    assert Outcome.objects.get().result == "A club of friends"
    assert [visit.cost for visit in Delegation.objects.order_by("cost")] in ([None, 1217], [1217, None])


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"date": "soon"}, "date"), ({"date": ""}, "date"), ({"date": "1999", "cost": -1}, "cost"),
        ({"date": "1999", "report_url": "no link"}, "report_url"), ({"date": "1999", "people": "many"}, "people"),
    ],
)  # fmt: skip
def test_wrong_visit_is_refused_at_its_field(city, fields, wrong):
    with pytest.raises(ValidationError) as refused:
        Delegation(city=city, purpose="Tea", **fields).full_clean()
    assert list(refused.value.message_dict) == [wrong]
