"""Agreements: constraints on dates and parties, and the order in which they are found."""

import re
from datetime import date, timedelta
from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from partners.models import Memorandum, Signatory
from tests.errors import refusal
from tests.factories import make_city, make_memorandum, make_theme, publish
from twinning.core.search.results import Results

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)
NUMBERS = count(1)


def test_search_has_agreements_by_their_signing_and_what_is_signed_later_by_its_publication(settings):
    """What came onto the site last is not the newest; and nothing is dated in the future."""
    settings.TIME_ZONE = "Asia/Shanghai"
    signed = {"Old": "1969", "Open": "before 1949", "New": "February 2021", "Coming": "2031", "Planned": ""}
    lille = make_city("Lille")
    for number, (name, day) in enumerate(signed.items()):
        memorandum = make_memorandum(lille, title=f"{name} charter", signed=day)
        publish(memorandum, at=timezone.now() - timedelta(days=9 - number))
    found = [hit.title.split()[0] for hit in Results("charter", at=timezone.now())[:9]]
    assert found == ["Planned", "Coming", "New", "Old", "Open"]
    Memorandum.objects.filter(title="Old charter").update(publish_at=timezone.now() - timedelta(days=20))
    assert [hit.title.split()[0] for hit in Results("charter", at=timezone.now())[:9]] == found


@pytest.mark.parametrize(
    ("dates", "rule"),
    [
        ({"signed": "2018", "in_force": "2017"}, "in_force_follows_signing"),
        ({"signed": "2018", "ends": "2017-12-31"}, "ends_after_beginning"),
        ({"signed": "2018", "in_force": "2020", "ends": "2019"}, "ends_after_beginning"),
        ({"signed": "", "in_force": "2019"}, "in_force_is_signed"),
        ({"signed": "2018", "abandoned_on": "2019", "end_reason": "x"}, "abandoned_is_unsigned"),
        ({"signed": "2018", "ended_on": date(2019, 1, 1)}, "end_has_reason"),
    ],
)
def test_impossible_dates_are_refused_by_form_and_database(dates, rule):
    memorandum = make_memorandum()
    for name, value in dates.items():
        setattr(memorandum, name, value)
    assert refusal(memorandum.full_clean) == [f"partners_memorandum_{rule}"]
    with pytest.raises(IntegrityError), transaction.atomic():
        memorandum.save()


def test_dates_of_different_precision_are_compared_by_what_they_can_mean():
    make_memorandum(signed="2018-09", in_force="2018", ends="2018").full_clean()


@pytest.mark.parametrize("relation", ["renews", "amends"])
def test_agreements_make_no_circle(relation):
    first = make_memorandum(signed="1969")
    second = make_memorandum(signed="1995", **{relation: first})
    third = make_memorandum(signed="2021", **{relation: second})
    setattr(first, relation, third)
    assert refusal(first.full_clean) == [f"{relation}: circle"]


@pytest.mark.parametrize("relation", ["renews", "amends"])
def test_agreement_cannot_follow_itself(relation):
    memorandum = make_memorandum()
    setattr(memorandum, relation, memorandum)
    with pytest.raises(ValidationError):
        memorandum.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        memorandum.save()


def test_agreement_is_renewed_only_once():
    first = make_memorandum()
    make_memorandum(renews=first)
    assert refusal(Memorandum(title="x", slug="x", renews=first).full_clean) == ["renews: unique"]


def test_renewal_shares_a_city():
    first = make_memorandum(make_city("Dortmund"))
    other = make_memorandum(make_city("Lille"), renews=first)
    assert refusal(publish, other) == ["renews: no_shared_city"]


def test_agreement_without_a_city_cannot_be_published():
    assert refusal(publish, make_memorandum()) == ["cities: no_city"]


def test_signed_agreement_names_who_signed_for_each_side():
    dortmund, siegen = make_city("Dortmund"), make_city("Siegen")
    memorandum = make_memorandum(dortmund, siegen, signatories_unknown=False)
    assert unnamed_sides(memorandum) == "the council, Dortmund, Siegen"
    Signatory.objects.create(memorandum=memorandum, office="Leader of the council")
    Signatory.objects.create(memorandum=memorandum, office="Lord Mayor", city=dortmund)
    assert unnamed_sides(memorandum) == "Siegen"
    Signatory.objects.create(memorandum=memorandum, office="Mayor", city=siegen)
    publish(memorandum)


def unnamed_sides(memorandum) -> str:
    with pytest.raises(ValidationError) as refused:
        publish(memorandum)
    [error] = refused.value.error_dict["signatories"]
    assert error.code == "no_signatory"
    return error.params["sides"]


def test_planned_agreement_needs_no_signatory():
    publish(make_memorandum(make_city(), signed="", signatories_unknown=False))


def test_city_in_use_is_not_deleted_but_agreement_may_be():
    city, theme = make_city(), make_theme()
    memorandum = make_memorandum(city)
    memorandum.themes.add(theme)
    for used in (city, theme):
        with pytest.raises(ProtectedError), transaction.atomic():
            used.delete()
    memorandum.delete()
    city.delete()
    theme.delete()


def test_agreement_in_a_chain_is_not_deleted():
    first = make_memorandum()
    make_memorandum(renews=first)
    with pytest.raises(ProtectedError):
        first.delete()


@pytest.mark.parametrize(("days", "is_said"), [(-1, True), (30, False)])
def test_reason_of_an_end_is_told_when_it_has_come(client, days, is_said):
    ended_on = timezone.localdate() + timedelta(days=days)
    memorandum = publish(make_memorandum(make_city(), ended_on=ended_on, end_reason="The city has merged."))
    assert ("The city has merged." in client.get(memorandum.get_absolute_url()).content.decode()) == is_said


def test_old_agreement_that_is_added_today_stands_where_it_was_signed(client):
    city, now = publish(make_city("Siegen")), timezone.now()
    for year in (2018, 2003, 2021, 1995):
        publish(make_memorandum(city, title=f"Paper {year}", signed=str(year), signatories_unknown=True))
    publish(make_memorandum(city, title="Paper 1966", signed="June 1966", signatories_unknown=True), at=now)
    for path, years in {
        "/": ["2021", "2018", "2003", "1995"],
        "/agreements/": ["2021", "2018", "2003", "1995", "1966"],
    }.items():
        found = re.findall(r">Paper (\d{4})<", client.get(path).text)
        assert found[-len(years) :] == years  # the next anniversary stands above
    assert "Paper" not in client.get("/news/atom.xml").text
    page = client.get(Memorandum.objects.get(title="Paper 1966").get_absolute_url()).text
    today = timezone.localdate(now)
    assert "<dd>June 1966</dd>" in page
    assert page.count(f"{today.day} {today:%B %Y}") == 1
    assert re.search(r'Last updated <time datetime="[\d-]+">', " ".join(page.split()))
