"""Two people at one form: nobody's save wins silently, nobody's text is lost, and each sees that the other is there."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from news.models import PressContact, PressRelease
from partners.models import City, Milestone, Theme
from tests.back_office import edit_url, form_url, press, sent_by_browser, signed_in
from tests.factories import (
    SCAN,
    make_city,
    make_contact,
    make_document,
    make_memorandum,
    make_release,
    make_superuser,
    make_theme,
    make_user,
    publish,
)
from twinning.core.publishing.copies import begin

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return signed_in(make_user("Twinning editor", first_name="Ann", last_name="Editor"))


@pytest.fixture
def bob():
    return signed_in(make_user("Twinning editor", first_name="Bob", last_name="Editor"))


def opened(client, record) -> dict:
    return sent_by_browser(client.get(form_url(record)))


def theirs(response) -> dict:
    """What the colleague changed, as label: (before, after, changed here too)."""
    return {d.label: (d.before, d.after, mine) for d, mine in response.context["conflict"].theirs}


def test_second_save_shows_the_colleagues_text_beside_ones_own_and_saves_nothing(ann, bob):
    theme = make_theme()
    sent = opened(ann, theme)
    press(bob, theme, summary="Bob was here.")
    response = ann.post(form_url(theme), sent | {"summary": "Ann was here.", "_save": "on"})
    assert response.status_code == 200
    assert theirs(response) == {"Summary": ("What cities do together.", "Bob was here.", True)}
    page = response.content.decode()
    assert "Bob Editor saved this on" in page
    assert "Nothing is saved yet" in page
    assert response.context["adminform"].form["summary"].value() == "Ann was here."
    assert Theme.objects.get().summary == "Bob was here."


def test_saving_again_after_the_comparison_counts(ann, bob):
    theme = make_theme()
    sent = opened(ann, theme)
    press(bob, theme, summary="Bob was here.")
    response = ann.post(form_url(theme), sent | {"summary": "Ann was here.", "_save": "on"})
    again = sent_by_browser(response) | {"_save": "on"}
    assert ann.post(form_url(theme), again).status_code == 302
    assert Theme.objects.get().summary == "Ann was here."


def test_what_one_has_not_touched_comes_from_the_colleague(ann, bob):
    theme = make_theme()
    sent = opened(ann, theme)
    press(bob, theme, summary="Bob was here.", description="<p>Long.</p>")
    response = ann.post(form_url(theme), sent | {"name": "Climate and energy", "_save": "on"})
    form = response.context["adminform"].form
    assert [form[name].value() for name in ("name", "summary", "description")] == [
        "Climate and energy", "Bob was here.", "<p>Long.</p>"
    ]  # fmt: skip
    assert not any(mine for _before, _after, mine in theirs(response).values())
    ann.post(form_url(theme), sent_by_browser(response) | {"_save": "on"})
    theme.refresh_from_db()
    assert (theme.name, theme.summary) == ("Climate and energy", "Bob was here.")


def test_line_ends_of_a_browser_are_no_change(ann, bob):
    memorandum = make_memorandum(make_city(), internal_notes="One\nTwo")
    sent = opened(ann, memorandum) | {"internal_notes": "One\r\nTwo"}
    press(bob, memorandum, internal_notes="One\r\nTwo\r\nThree")
    response = ann.post(form_url(memorandum), sent | {"place": "Leeds", "_save": "on"})
    assert theirs(response) == {"Internal notes": ("One\nTwo", "One\nTwo\nThree", False)}
    assert response.context["adminform"].form["internal_notes"].value() == "One\nTwo\nThree"


def test_relations_of_both_are_kept(ann, bob):
    climate, sport = make_theme(), make_theme("Sport")
    memorandum = make_memorandum(make_city())
    sent = opened(ann, memorandum)
    press(bob, memorandum, themes=[str(climate.pk)])
    response = ann.post(form_url(memorandum), sent | {"place": "Leeds", "_save": "on"})
    ann.post(form_url(memorandum), sent_by_browser(response) | {"_save": "on"})
    memorandum.refresh_from_db()
    assert (memorandum.place, list(memorandum.themes.all())) == ("Leeds", [climate])
    response = ann.post(form_url(memorandum), sent | {"themes": [str(sport.pk)], "_save": "on"})
    assert response.context["adminform"].form["themes"].value() == [str(sport.pk)]


@pytest.fixture
def city():
    city = make_city()
    for year in ("1969", "1979", "1989"):
        Milestone.objects.create(city=city, date=year, title=f"Event of {year}")
    return city


def titles(response) -> list[str]:
    formset = next(i.formset for i in response.context["inline_admin_formsets"] if i.formset.prefix == "milestones")
    return [form["title"].value() for form in formset.forms]


def test_parts_of_both_are_kept(ann, bob, city):
    sent = opened(ann, city)
    new = {"milestones-TOTAL_FORMS": "4", "milestones-3-date": "1999", "milestones-3-title": "New of Bob"}
    press(bob, city, **new, **{"milestones-1-title": "Changed by Bob"})
    mine = {"milestones-TOTAL_FORMS": "4", "milestones-3-date": "2009", "milestones-3-title": "New of Ann"}
    response = ann.post(form_url(city), sent | mine | {"milestones-0-title": "Changed by Ann", "_save": "on"})
    expected = ["Changed by Ann", "Changed by Bob", "Event of 1989", "New of Bob", "New of Ann"]
    assert titles(response) == expected
    ann.post(form_url(city), sent_by_browser(response) | {"_save": "on"})
    assert [m.title for m in City.objects.get().milestones.all()] == expected


def test_part_that_the_colleague_removed_stays_with_what_was_typed_into_it(ann, bob, city):
    sent = opened(ann, city)
    press(bob, city, **{"milestones-0-DELETE": "on", "milestones-1-DELETE": "on"})
    response = ann.post(form_url(city), sent | {"milestones-0-title": "Changed by Ann", "_save": "on"})
    assert titles(response) == ["Event of 1989", "Changed by Ann"]
    ann.post(form_url(city), sent_by_browser(response) | {"_save": "on"})
    assert {m.title for m in City.objects.get().milestones.all()} == {"Event of 1989", "Changed by Ann"}


def test_part_removed_here_stays_removed(ann, bob, city):
    sent = opened(ann, city)
    press(bob, city, summary="Bob was here.")
    response = ann.post(form_url(city), sent | {"milestones-0-DELETE": "on", "_save": "on"})
    formset = next(i.formset for i in response.context["inline_admin_formsets"] if i.formset.prefix == "milestones")
    assert formset.forms[0]["DELETE"].value()


def test_approver_does_not_approve_what_changed_under_their_eyes(ann):
    theme, approver = make_theme(), signed_in(make_user("Approver"))
    theme.submit(by=make_superuser(), at=timezone.now())
    sent = sent_by_browser(approver.get(edit_url(theme)))
    press(ann, theme, summary="Changed at the last moment.")
    response = approver.post(edit_url(theme), sent | {"_approve": "on"})
    assert theirs(response)["Summary"][1] == "Changed at the last moment."
    theme.refresh_from_db()
    assert not theme.approved_at


def test_working_copies_are_guarded_too(ann, bob):
    theme = publish(make_theme())
    begin(theme, by=make_superuser(), at=timezone.now())
    url = reverse("admin:partners_theme_copy", args=[theme.pk])
    sent = sent_by_browser(ann.get(url))
    bob.post(url, sent_by_browser(bob.get(url)) | {"summary": "Bob was here.", "_save": "on"})
    response = ann.post(url, sent | {"summary": "Ann was here.", "_save": "on"})
    assert theirs(response) == {"Summary": ("What cities do together.", "Bob was here.", True)}
    assert "Bob was here." in bob.get(url).content.decode()


def test_records_without_a_workflow_are_guarded_too():
    officers = [signed_in(make_user("Press officer")) for _person in range(2)]
    contact = make_contact()
    sent = opened(officers[0], contact)
    press(officers[1], contact, role="Head of press")
    response = officers[0].post(form_url(contact), sent | {"hours": "9 to 5", "_save": "on"})
    assert theirs(response) == {"Role": ("", "Head of press", False)}
    assert PressContact.objects.get().hours == ""


def test_accounts_are_guarded_too():
    admins = [signed_in(make_user("Administrator")) for _person in range(2)]
    user = make_user("Twinning editor")
    sent = opened(admins[0], user)
    press(admins[1], user, first_name="Ann")
    response = admins[0].post(form_url(user), sent | {"last_name": "Editor", "_save": "on"})
    assert theirs(response) == {"First name": ("", "Ann", False)}


def test_chosen_file_is_asked_for_again(ann, bob):
    memorandum = make_memorandum(make_city())
    make_document(memorandum)
    sent = opened(ann, memorandum)
    press(bob, memorandum, place="Leeds")
    upload = SimpleUploadedFile("letter.pdf", SCAN)
    response = ann.post(form_url(memorandum), sent | {"documents-0-file": upload, "_save": "on"})
    assert "Choose these files again: letter.pdf." in response.content.decode()


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "99999999999999999999", "1e9", "\x00"])
def test_form_of_an_unknown_state_is_compared_with_what_is_there(ann, version):
    theme = make_theme()
    sent = opened(ann, theme)
    response = ann.post(form_url(theme), sent | {"summary": "Typed.", "_version": version, "_save": "on"})
    assert response.status_code == 200
    assert response.context["adminform"].form["summary"].value() == "Typed."
    assert Theme.objects.get().summary == "What cities do together."
    assert ann.post(form_url(theme), sent_by_browser(response) | {"_save": "on"}).status_code == 302


def test_state_of_another_record_is_no_excuse(ann, bob):
    release_officer = signed_in(make_user("Press officer"))
    theme, release = make_theme(), make_release()
    other = opened(release_officer, release)["_version"]
    sent = opened(ann, theme)
    press(bob, theme, summary="Bob was here.")
    ann.post(form_url(theme), sent | {"summary": "Ann.", "_version": other, "_save": "on"})
    assert Theme.objects.get().summary == "Bob was here."
    assert PressRelease.objects.get().headline == "Cities sign again"


def test_change_past_the_forms_is_noticed(ann):
    theme = make_theme()
    sent = opened(ann, theme)
    Theme.objects.update(summary="Changed by a command.")
    response = ann.post(form_url(theme), sent | {"name": "Other", "_save": "on"})
    assert theirs(response) == {"Summary": ("What cities do together.", "Changed by a command.", False)}
    assert "Somebody else saved this" in response.content.decode()


def test_own_faults_do_not_make_a_conflict(ann):
    theme = make_theme()
    response = press(ann, theme, summary="")
    assert not response.context["conflict"]
    assert (
        ann.post(form_url(theme), sent_by_browser(response) | {"summary": "Better.", "_save": "on"}).status_code == 302
    )


# Being there ----------------------------------------------------------------------------------------------------------


def open_url(record) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_open", args=[record.pk])


def test_form_says_who_else_has_it_open(ann, bob):
    theme = make_theme()
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        bob.get(form_url(theme))
        since = f"{timezone.localtime(now):%H:%M}"
        assert f"Bob Editor has had this form open since {since}." in ann.get(form_url(theme)).content.decode()
        assert "Bob Editor has had" not in bob.get(form_url(theme)).content.decode()


def test_form_that_is_still_open_is_heard_and_one_that_was_left_is_forgotten(ann, bob):
    theme = make_theme()
    assert ann.post(open_url(theme)).json() == {"others": []}
    assert len(bob.post(open_url(theme)).json()["others"]) == 1
    ann.post(open_url(theme), {"leave": "on"})
    assert bob.post(open_url(theme)).json() == {"others": []}


@pytest.mark.parametrize(("how", "minutes"), [("get", 15), ("post", 1.5)])
def test_silence_ends_it(ann, bob, how, minutes):
    theme, start = make_theme(), timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        ann.get(form_url(theme)) if how == "get" else ann.post(open_url(theme))
        clock.shift(timedelta(minutes=minutes) - timedelta(seconds=1))
        assert len(bob.post(open_url(theme)).json()["others"]) == 1
        clock.shift(timedelta(seconds=1))
        assert bob.post(open_url(theme)).json() == {"others": []}


def test_saving_leaves_the_form(ann, bob):
    theme = make_theme()
    press(ann, theme, summary="Done.")
    assert bob.post(open_url(theme)).json() == {"others": []}


def test_copy_and_record_are_different_forms(ann, bob):
    theme = publish(make_theme())
    begin(theme, by=make_superuser(), at=timezone.now())
    ann.get(reverse("admin:partners_theme_copy", args=[theme.pk]))
    assert len(bob.post(open_url(theme), {"copy": "on"}).json()["others"]) == 1


@pytest.mark.parametrize("role", ["Press officer", ""])
def test_only_those_who_may_write_say_that_they_are_there(role):
    assert signed_in(make_user(role)).post(open_url(make_theme())).status_code == 403


def test_form_that_nobody_else_has_open_shows_no_empty_box(editor):
    page = editor.get(form_url(make_theme())).content.decode()
    assert re.search(r'<p class="others" role="status"[^>]*></p>', page)  # :empty in the style sheet allows no blank
