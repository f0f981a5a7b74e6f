"""Releases, quotes, related releases and press contacts."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from news.models import ChangeNote, PressRelease, ReleaseContact
from news.models.contacts import current_contacts
from news.models.photo_calls import Kind
from news.queries import for_home, related
from tests.errors import refusal
from tests.factories import (
    PAST,
    make_city,
    make_contact,
    make_memorandum,
    make_release,
    make_superuser,
    make_theme,
    publish,
    submit,
)
from twinning.core.history.describe import details
from twinning.core.models import HistoryEvent
from twinning.core.publishing.copies import begin

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)


def test_release_without_a_text_is_not_published():
    assert refusal(publish, make_release(body="<p> </p>")) == ["body: no_text"]


def test_photo_call_needs_what_when_and_where():
    release = make_release()
    release.kind = Kind.PHOTO_CALL
    assert refusal(release.full_clean) == [f"event_{name}: required" for name in ("what", "starts_at", "where")]
    with pytest.raises(IntegrityError), transaction.atomic():
        release.save()


def test_leaver_is_replaced_by_the_fallback():
    office = make_contact("Press office")
    deputy = make_contact("Deputy", valid_to=date(2024, 1, 1), fallback=office)
    leaver = make_contact("Officer", valid_to=date(2023, 1, 1), fallback=deputy)
    assert current_contacts([leaver], on=date(2022, 12, 31)) == [leaver]
    assert current_contacts([leaver], on=date(2023, 1, 1)) == [leaver]
    assert current_contacts([leaver], on=date(2023, 1, 2)) == [deputy]
    assert current_contacts([leaver], on=TODAY) == [office]


def test_contact_who_stands_in_for_two_is_named_once_in_the_place_of_the_first():
    office, other = make_contact("Press office"), make_contact("Other")
    leavers = [make_contact(valid_to=date(2023, 1, 1), fallback=office) for _number in range(2)]
    assert current_contacts([leavers[0], other, leavers[1]], on=TODAY) == [office, other]


def test_leaver_without_a_fallback_disappears():
    assert current_contacts([make_contact(valid_to=date(2023, 1, 1))], on=TODAY) == []


def test_contact_who_has_not_started_is_not_shown():
    assert current_contacts([make_contact(valid_from=date(2027, 1, 1))], on=TODAY) == []


def test_contacts_send_nobody_round_in_a_circle():
    first = make_contact("A")
    second = make_contact("B", fallback=first)
    first.fallback = second
    assert refusal(first.full_clean) == ["fallback: circle"]


def test_contact_in_use_is_not_deleted():
    contact = make_contact()
    ReleaseContact.objects.create(release=make_release(), contact=contact)
    with pytest.raises(ProtectedError):
        contact.delete()


def test_pinned_release_comes_first_until_its_time_is_over():
    now = timezone.now()
    pinned = publish(make_release("Old and pinned", pinned_until=now + timedelta(days=1)), at=PAST)
    newer = publish(make_release("New"), at=now - timedelta(days=1))
    assert for_home(at=now) == [pinned, newer]
    assert for_home(at=now + timedelta(days=2)) == [newer, pinned]


def related_releases(release):
    now = timezone.now()
    release = PressRelease.objects.readable(at=now).for_page(at=now).get(pk=release.pk)
    return related(release, at=now)


def test_related_releases_are_the_chosen_ones_then_those_of_the_same_agreement_city_and_theme(client):
    city, theme = publish(make_city()), publish(make_theme())
    memorandum, hidden = publish(make_memorandum(city)), make_memorandum(city)
    release = publish(make_release(cities=[city], themes=[theme], memoranda=[memorandum, hidden]))
    about = {"theme": {"themes": [theme]}, "city": {"cities": [city]}, "agreement": {"memoranda": [memorandum]}}
    same = {name: publish(make_release(name, **records)) for name, records in about.items()}
    publish(make_release("Of a hidden agreement", memoranda=[hidden]))
    make_release("Draft", **about["agreement"])
    assert related_releases(release) == [same["agreement"], same["city"], same["theme"]]
    other = publish(make_release("Other"))
    twice = publish(make_release("Twice", cities=[city], memoranda=[memorandum]), at=timezone.now())
    assert related_releases(release) == [twice, same["agreement"], same["city"]]
    release.related.set([other, same["theme"]])
    assert {*related_releases(release)[:2]} == {same["theme"], other}
    assert related_releases(release)[2] == twice
    page = " ".join(client.get(release.get_absolute_url()).content.decode().split())
    assert f'<a href="/news/?city={city.slug}">All press releases about Dortmund</a>' in page


def test_change_without_a_note_is_recorded_as_minor_and_a_draft_has_nothing_to_correct():
    draft = make_release()
    assert refusal(ChangeNote(release=draft, text="Put right.").full_clean) == ["text: not_public"]
    release, by = publish(draft), make_superuser()
    for text, is_minor in (("", True), ("The year was put right.", False)):
        copy = begin(release, by=by, at=timezone.now())
        if text:
            row = {"noted_at": timezone.now().isoformat(), "text": text}
            copy.snapshot["parts"]["change_notes"].append({"pk": -1, "fields": row})
        copy.snapshot["fields"]["place"] = f"Leeds{text}"
        copy.keep(copy.snapshot, by=by, at=timezone.now())
        submit(copy, at=timezone.now()).approve(by=by, at=timezone.now())
        event = HistoryEvent.objects.of(release).first()
        assert (event.what, event.details["is_minor"]) == ("copy_published", is_minor)
        assert ("minor change" in " ".join(details(event, {}))) == is_minor


def test_more_than_three_related_releases_are_refused():
    release = make_release()
    release.related.set([make_release() for _unused in range(4)])
    assert refusal(publish, release) == ["related: too_many_related"]
