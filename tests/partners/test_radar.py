"""The renewal radar: what asks for a decision, where it is taken, and until when."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from partners.models import Milestone
from partners.radar import radar
from tests.back_office import signed_in
from tests.factories import make_city, make_document, make_memorandum, make_user, publish
from twinning.core.fields.date_words import day_in_words

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
    assert needs(city, news={city.pk: date(2025, 1, 1)}) == []
    Milestone.objects.create(city=city, date="2024", title="A visit")
    assert needs(city) == []


def test_city_whose_page_is_due_or_whose_officer_has_left_is_found(city):
    city.review_on = date(2026, 11, 1)
    city.save()
    city.owner.is_active = False
    city.owner.save()
    assert needs(city) == [("review", "change", date(2026, 11, 1)), ("no-owner", "change", None)]


def test_what_is_taken_down_and_what_has_ended_needs_nothing():
    ended = publish(make_city(changes=[{"status": "ended", "date": "2010"}]))
    assert needs(ended) == []


def test_radar_asks_twice_however_much_there_is(django_assert_num_queries):
    for number in range(5):
        make_memorandum(make_city(f"City {number}"), ends="2027-03-01")
    with django_assert_num_queries(2):
        radar(on=TODAY)


def test_decisions_stand_on_the_desk_of_whoever_writes_agreements():
    today = timezone.localdate()
    make_memorandum(make_city(), title="Ending charter", ends=(today + timedelta(days=30)).isoformat())
    make_memorandum(make_city("Brno"), title="Vague plan", signed="")
    make_memorandum(make_city("Lille"), title="In order", ends="")
    page = signed_in(make_user("Twinning editor")).get("/admin/").text
    asked = page.partition("Agreements to decide about")[2]
    assert asked.index("Ending charter") < asked.index("Vague plan")
    assert f"It ends soon. Renew it, or let it run out. Until {day_in_words(today + timedelta(days=30))}." in asked
    assert "In order" not in asked
    assert "Ending charter" not in signed_in(make_user("Press officer")).get("/admin/").text
