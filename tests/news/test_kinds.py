"""Kinds of release: what each needs, and photo calls, which have a calendar file and leave the lists when they are over."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from icalendar import Calendar

from news.models import PressRelease, Quote, ReleaseContact
from news.models.photo_calls import Kind, not_over
from tests.back_office import press, signed_in
from tests.errors import codes_in, refusal
from tests.factories import PAST, make_city, make_contact, make_release, make_theme, make_user, publish

pytestmark = pytest.mark.django_db

BEGINS = PAST + timedelta(days=3)


def make_call(headline: str = "Flags go up", *, contact=None, **fields) -> PressRelease:
    event = {"event_what": "Flags, and the mayor", "event_where": "Town hall", "event_starts_at": BEGINS}
    call = make_release(headline, kind=Kind.PHOTO_CALL, **event | fields)
    ReleaseContact.objects.create(release=call, contact=contact or make_contact())
    return call


def test_each_kind_needs_what_it_is_for_and_no_more():
    statement = make_release(kind=Kind.STATEMENT, body="")
    assert refusal(publish, statement) == ["body: no_text"]
    Quote.objects.create(release=statement, office="Leader", text="We stand together.")
    publish(statement)
    assert refusal(publish, make_release(body="")) == ["body: no_text"]
    leaver = make_contact(valid_to=BEGINS.date() - timedelta(days=1))
    assert refusal(publish, make_call(contact=leaver)) == ["release_contacts: no_contact"]
    publish(make_call(body=""))


def test_photo_call_ends_after_it_begins_and_the_form_says_so_beside_the_field():
    call = make_call()
    call.event_ends_at = BEGINS
    assert refusal(call.full_clean) == ["event_ends_at: ends_before"]
    with pytest.raises(IntegrityError), transaction.atomic():
        call.save()
    officer = signed_in(make_user("Press officer"))
    answer = press(officer, make_release(), kind="photo-call", event_where="Town hall")
    call.event_ends_at = BEGINS + timedelta(minutes=90)
    assert call.end_in_words == "11:30"
    call.event_ends_at += timedelta(days=1)
    assert call.end_in_words == "Tuesday 16 February 2021, 11:30 GMT"
    assert {*codes_in(answer)} == {"event_what: required", "event_starts_at: required"}
    page = officer.get(f"/admin/news/pressrelease/{call.pk}/change/").content.decode()
    assert ("of-photo-calls" in page, "news/admin-kinds.css" in page) == (True, True)


def test_photo_call_leaves_all_lists_at_the_moment_at_which_it_is_over_and_keeps_its_page(client, time_machine):
    city, theme = publish(make_city(), at=PAST), publish(make_theme(), at=PAST)
    about = {"cities": [city], "themes": [theme]}
    ends = BEGINS + timedelta(minutes=90)
    call = publish(make_call(event_ends_at=ends, pinned_until=timezone.now() + timedelta(days=900), **about))
    open_ended = publish(make_call("No end is named", **about))
    other = publish(make_release("Stays", **about))
    other.related.add(call)
    lists = ["/", "/news/", "/news/2021/", "/news/feed.json", "/news/atom.xml", f"/news/?theme={theme.slug}"]
    lists += [record.get_absolute_url() for record in (city, theme, other)]

    def listed(words: str) -> set[bool]:
        return {words in client.get(path).content.decode() for path in lists}

    for moment, is_over, open_is_over in (
        (ends - timedelta(seconds=1), False, False),
        (ends, True, False),
        (BEGINS + timedelta(hours=2), True, True),
    ):
        time_machine.move_to(moment, tick=False)
        found = [(call, is_over, "Flags go up"), (open_ended, open_is_over, "No end is named")]
        for release, over, headline in found:
            assert release.is_over(at=moment) == over
            assert PressRelease.objects.filter(not_over(moment), pk=release.pk).exists() != over
            assert listed(headline) == {not over}
            page = client.get(release.get_absolute_url()).content.decode()
            assert ("This photo call is over." in page, "Add it to your calendar" in page) == (over, not over)


def test_calendar_file_names_the_event_and_is_there_for_public_photo_calls_alone(client):
    call = make_call("Flags, go up; today", event_ends_at=BEGINS + timedelta(hours=1))
    path = f"{call.get_absolute_url()}photo-call.ics"
    assert client.get(path).status_code == 404
    answer = client.get(f"{publish(call).get_absolute_url()}photo-call.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(event["summary"]), str(event["location"])) == ("Flags, go up; today", "Town hall")
    assert (event["dtstart"].dt, event["dtend"].dt) == (BEGINS, BEGINS + timedelta(hours=1))
    assert str(event["uid"]) == call.feed_id
    assert BEGINS.date() == date(2021, 2, 15)
    other = publish(make_release())
    assert client.get(f"{other.get_absolute_url()}photo-call.ics").status_code == 404
