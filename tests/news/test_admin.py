"""Forms of the back office for releases and press contacts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from news.models import PressContact, PressRelease, Quote, ReleaseContact
from news.quotes.approvals import Said
from tests.back_office import form_url, press, sent_by_browser, signed_in
from tests.errors import codes_in
from tests.factories import (
    PAST,
    make_city,
    make_contact,
    make_memorandum,
    make_release,
    make_superuser,
    make_theme,
    make_user,
    publish,
    say,
    submit,
)
from twinning.core.publishing.copies import begin
from twinning.core.publishing.gate import State
from twinning.core.publishing.steps import ALONE

pytestmark = pytest.mark.django_db


def part(prefix: str, **fields) -> dict:
    return {f"{prefix}-TOTAL_FORMS": 1, **{f"{prefix}-0-{name}": value for name, value in fields.items()}}


def test_release_is_written_with_all_that_belongs_to_it(officer):
    city, theme = make_city(), make_theme()
    memorandum, contact = make_memorandum(city), make_contact()
    typed = {
        "headline": "Cities sign again", "slug": "cities-sign-again", "standfirst": "They go on.", "body": "<p>Today.</p>",
        "cities": [city.pk], "themes": [theme.pk], "memoranda": [memorandum.pk],
    }  # fmt: skip
    parts = part("quotes", office="Lord Mayor", side="home", text="We go on.", position=1)
    press(
        officer, PressRelease, "_submit", **typed, **parts, **part("release_contacts", contact=contact.pk, position=1)
    )
    release = PressRelease.objects.get()
    assert release.state(at=timezone.now()) == State.IN_REVIEW
    assert [r.get() for r in (release.cities, release.themes, release.memoranda, release.contacts)] == [
        *(city, theme, memorandum, contact)
    ]
    assert release.quotes.get().office == "Lord Mayor"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"slug": "2021"}, "slug: year"),
        ({"language": "German"}, "language: invalid"),
        (part("quotes", office="", side="home", text="x", position=1), "quotes-0-office: required"),
    ],
)
def test_wrong_value_is_refused_at_its_field(officer, typed, code):
    assert codes_in(press(officer, make_release(), **typed)) == [code]


def test_same_contact_twice_is_refused(officer):
    release, contact = make_release(), make_contact()
    ReleaseContact.objects.create(release=release, contact=contact)
    typed = {
        "release_contacts-TOTAL_FORMS": 2,
        "release_contacts-1-contact": contact.pk,
        "release_contacts-1-position": 2,
    }
    response = press(officer, release, **typed)
    assert codes_in(response) == ["release_contacts-1-news_releasecontact_once"]


def test_release_with_an_unapproved_quote_is_not_published(approver, settings):
    settings.FOUR_EYES = ALONE
    release = submit(make_release())
    quote = Quote.objects.create(release=release, office="Lord Mayor", text="Perhaps.")
    say(quote, Said.ASKED)
    response = press(approver, release, "_approve", standfirst="Typed.")
    assert codes_in(response) == ["quote_not_approved"]
    assert response.context["adminform"].form["standfirst"].value() == "Typed."
    say(quote, Said.APPROVED)
    press(approver, release, "_approve")
    assert PressRelease.objects.get().is_published(at=timezone.now())


def test_release_that_is_no_longer_ready_can_still_be_withdrawn(approver):
    release = publish(make_release())
    Quote.objects.create(release=release, office="Lord Mayor", text="I never said that.")
    press(approver, release, "_withdraw", withdrawal_reason="A quote was not approved.")
    assert PressRelease.objects.get().state(at=timezone.now()) == State.WITHDRAWN


def test_correction_says_who_made_it():
    user, other = make_user("Approver"), make_user("Approver")
    copy = begin(publish(make_release()), by=user, at=timezone.now())
    for person, typed in (
        (user, part("change_notes", text="A date was put right.")),
        (other, {"change_notes-0-text": "Two dates were put right."}),
    ):
        client, form = signed_in(person), reverse("admin:news_pressrelease_copy", args=[copy.object_id])
        client.post(form, sent_by_browser(client.get(form)) | typed | {"_save": "on"})
        copy.refresh_from_db()
        [note] = copy.snapshot["parts"]["change_notes"]
        assert note["fields"]["noted_by"] == user.pk
    assert note["fields"]["text"] == "Two dates were put right."


def test_circle_of_contacts_is_refused(officer):
    office = make_contact()
    desk = make_contact("Desk", fallback=office)
    response = press(officer, office, fallback=desk.pk)
    assert codes_in(response) == ["fallback: circle"]


@pytest.mark.parametrize("phone", ["call me", "0113", "+44 113 496 0100 ext"])
def test_telephone_number_is_checked(officer, phone):
    response = press(officer, PressContact, name="Press office", email="press@example.org", phone=phone)
    assert codes_in(response) == ["phone: invalid"]


def test_contact_of_a_release_cannot_be_deleted():
    contact, release = make_contact(), make_release("Cities sign")
    ReleaseContact.objects.create(release=release, contact=contact)
    page = (
        signed_in(make_superuser()).get(reverse("admin:news_presscontact_delete", args=[contact.pk])).content.decode()
    )
    assert f'Press release: <a href="{form_url(release)}">Cities sign</a>' in page


def test_what_is_being_written_comes_before_what_is_published(officer):
    publish(make_release("Old"))
    publish(make_release("New"), at=PAST + timedelta(days=1))
    make_release("Draft")
    rows = officer.get(reverse("admin:news_pressrelease_changelist")).context["cl"].result_list
    assert [release.headline for release in rows] == ["Draft", "New", "Old"]


def test_fields_of_time_name_their_zone(officer):
    assert "When (London time)" in officer.get(form_url(PressRelease)).content.decode()


@pytest.mark.parametrize("model", ["pressrelease", "presscontact"])
def test_lists_take_the_same_queries_for_two_records_and_for_ten(django_assert_max_num_queries, model):
    root, url = signed_in(make_superuser()), reverse(f"admin:news_{model}_changelist")
    cities = [make_city(), make_city("Lille")]
    for _number in range(2):
        make_release(cities=cities)
        make_contact()
    with django_assert_max_num_queries(50) as few:
        root.get(url)
    for _number in range(8):
        make_release(cities=cities)
        make_contact()
    with django_assert_max_num_queries(len(few)):
        root.get(url)
