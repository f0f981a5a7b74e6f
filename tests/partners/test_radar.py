"""The renewal radar: what asks for a decision, where it is taken, and until when."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from partners.models import Delegation, Milestone, Outcome
from partners.radar import dates_to_come, radar
from tests.back_office import signed_in
from tests.desks import names
from tests.factories import make_city, make_document, make_memorandum, make_release, make_user, publish, submit
from twinning.core.fields.date_words import day_in_words
from twinning.core.publishing.copies import begin

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)


def needs(record, **known) -> list[tuple[str, str, date | None]]:
    return [(one.code, one.page, one.until) for one in radar(on=TODAY, **known) if one.record == record]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"signed": ""}, [("no-date", "change", None)]),
        ({"signed": "", "planned": "2027"}, []),
        ({"signed": "", "negotiated": "2024"}, [("long-negotiated", "sign", None)]),
        ({"signed": "", "negotiated": "2026"}, []),
        ({"ends": "2027-03-01"}, [("expiring", "renew", date(2027, 3, 1))]),
        ({"ends": "2030-03-01"}, []),
        ({"ends": "2025-05-31", "renewal_months": 12, "notice_days": 90}, [("notice", "end", date(2027, 3, 2))]),
        ({"ends": "2025-05-31", "renewal_months": 120, "notice_days": 90}, []),
        ({"signed": "", "abandoned_on": "2020", "end_reason": "x"}, []),
    ],
)
def test_agreement_that_needs_a_decision_is_found_with_its_page_and_day(fields, found):
    memorandum = make_memorandum(make_city(), **fields)
    make_document(memorandum)
    assert needs(memorandum) == found
    assert all(one.url.startswith("/admin/partners/") for one in radar(on=TODAY))


def test_signed_agreement_without_a_document_is_found():
    assert needs(make_memorandum(make_city())) == [("no-document", "change", None)]


@pytest.fixture
def city():
    return make_city(owner=make_user("Twinning editor"), since="2026")


def test_partnership_of_which_nothing_is_recorded_for_three_years_is_found(city):
    assert needs(city) == []
    city.since = "1969"
    city.save()
    assert needs(city) == [("quiet", "change", None)]
    assert needs(city, heard_of=lambda keys, since: set(keys) if since == date(2023, 11, 21) else set()) == []
    for happened in (
        Milestone(city=city, date="2024", title="A charter"),
        Delegation(city=city, date="2024", direction="in", purpose="To sing."),
        Outcome(city=city, date="2024", result="A choir."),
    ):
        happened.save()
        assert needs(city) == []
        happened.delete()
    assert needs(city) == [("quiet", "change", None)]


def test_city_whose_page_is_due_or_whose_officer_has_left_is_found(city):
    city.review_on = date(2026, 11, 1)
    city.save()
    city.owner.is_active = False
    city.owner.save()
    assert needs(city) == [("review", "change", date(2026, 11, 1)), ("no-owner", "change", None)]
    assert [one.url.partition("#")[2] for one in radar(on=TODAY)] == ["id_review_on", "id_owner"]


def test_what_is_taken_down_and_what_has_ended_needs_nothing():
    ended = publish(make_city(changes=[{"status": "ended", "date": "2010"}]))
    assert needs(ended) == []


def test_agreement_whose_renewal_has_begun_is_not_to_be_renewed_again(city):
    ending = make_memorandum(city, ends="2027-03-01")
    make_document(ending)
    renewal = make_memorandum(city, signed="", planned="2027", renews=ending)
    assert needs(ending) == []
    assert needs(renewal) == [("renewal", "sign", date(2027, 3, 1))]
    assert [one.owners for one in radar(on=TODAY)] == [{city.owner.pk}]
    renewal.signed = "1 November 2026"
    renewal.in_force = "2 March 2027"
    renewal.save()
    make_document(renewal)
    assert (needs(ending), needs(renewal)) == ([], [])


def test_line_leads_to_the_form_itself_where_nobody_has_to_begin_one_first(city):
    by, now = make_user("Administrator"), timezone.now()
    draft, waits, public, copied = (make_memorandum(city, title=f"Paper {number}") for number in range(4))
    submit(waits)
    begin(publish(copied), by=by, at=now).submit(by=city.owner, at=now)
    publish(public)
    client, urls = signed_in(make_user("Approver")), {one.record: one.url for one in radar(on=TODAY)}
    assert urls[copied].startswith(f"/admin/partners/memorandum/{copied.pk}/copy/")
    for record in (draft, waits, public, copied):
        opened = client.get(urls[record]).text
        assert ('id="documents-group"' in opened) == (record != public)
        assert urls[record].endswith("#documents-group")


def test_radar_asks_three_times_however_much_there_is(django_assert_num_queries):
    for number in range(5):
        make_memorandum(make_city(f"City {number}", owner=make_user()), ends="2027-03-01")
    with django_assert_num_queries(3):
        assert all(one.owners for one in radar(on=TODAY))


def test_days_to_come_are_found_however_far_away():
    city = make_city(review_on=date(2031, 1, 1))
    ending = make_memorandum(city, ends="2040-03-01")
    renewing = make_memorandum(city, ends="2035-05-31", renewal_months=12, notice_days=90)
    make_memorandum(city, ends="2025-05-31")
    found = [(one.record, one.code, one.until) for one in dates_to_come(on=TODAY)]
    assert found == [
        (city, "review", date(2031, 1, 1)),
        (renewing, "notice", date(2035, 3, 2)),
        (ending, "expiring", date(2040, 3, 1)),
    ]


def test_decisions_stand_on_the_desk_of_whoever_writes_agreements():
    today = timezone.localdate()
    make_memorandum(make_city(), title="Ending charter", ends=(today + timedelta(days=30)).isoformat())
    make_memorandum(make_city("Brno"), title="Vague plan", signed="")
    make_memorandum(make_city("Lille"), title="In order", ends="")
    page = signed_in(make_user("Twinning editor")).get("/admin/").text
    asked = page.partition("Agreements to decide about")[2]
    assert asked.index("Ending charter") < asked.index("Vague plan")
    assert f"It ends soon. Renew it, or let it run out. Until {day_in_words(today + timedelta(days=30))}." in asked
    assert "In order" not in asked.partition("Agreements without a document")[0]
    assert asked.index("Agreements without a document") < asked.index("In order")
    assert "Ending charter" not in signed_in(make_user("Press officer")).get("/admin/").text


def test_partnership_of_which_nothing_is_heard_stands_on_the_desk_of_its_officer():
    mine, other = make_user("Twinning editor"), make_user("Twinning editor")
    quiet, heard_of, left = (
        make_city("Dortmund", owner=mine), make_city("Lille", owner=mine), make_city("Brno", owner=make_user(is_active=False)),
    )  # fmt: skip
    publish(make_release(cities=[heard_of]), at=timezone.now())
    Milestone.objects.create(city=left, date=f"{timezone.localdate().year}", title="A visit")
    assert names(mine, "partnerships") == [str(left), str(quiet)]
    assert names(other, "partnerships") == [str(left)]
    assert names(make_user("Press officer"), "partnerships") == []
