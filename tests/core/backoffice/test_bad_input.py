"""What goes wrong at a desk: forty quotes, a choice that a colleague has just deleted, a role that may only view."""

import pytest
from django.contrib.auth.models import Permission

from news.models import PressRelease
from tests.back_office import errors, form_url, press, sent_by_browser, signed_in
from tests.factories import make_city, make_memorandum, make_release, make_theme, make_user, publish

pytestmark = pytest.mark.django_db


def test_forty_quotes_are_saved_and_stand_in_the_form_again(officer):
    quotes = {"quotes-TOTAL_FORMS": 40}
    for number in range(40):
        said = {
            "speaker": f"Speaker {number}",
            "office": "Mayor",
            "side": "other",
            "text": "We go on.",
            "position": number + 1,
        }
        quotes |= {f"quotes-{number}-{name}": value for name, value in said.items()}
    release = make_release()
    saved = press(officer, release, **quotes)
    assert saved.status_code == 302, errors(saved)
    assert release.quotes.count() == 40
    assert officer.get(form_url(release)).content.decode().count('value="Speaker ') == 40


@pytest.mark.parametrize("name", ["cities", "themes", "memoranda"])
def test_choice_that_was_just_deleted_is_said_at_its_field_and_what_was_typed_stays(officer, name):
    make = {"cities": make_city, "themes": make_theme, "memoranda": lambda: make_memorandum(make_city())}[name]
    release, chosen = make_release(), make()
    sent = sent_by_browser(officer.get(form_url(release))) | {name: [chosen.pk], "headline": "Typed", "_save": "on"}
    chosen.delete()
    page = officer.post(form_url(release), sent)
    assert [error.partition(":")[0] for error in errors(page)] == [name]
    assert 'value="Typed"' in page.content.decode()


def test_who_may_only_view_reads_and_finds_nothing_to_press_in_vain():
    reader = make_user()
    reader.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = signed_in(reader)
    records = [make_release(), publish(make_release()), make_theme(), publish(make_city()), make_memorandum()]
    for record in records:
        page = client.get(form_url(record))
        assert page.templates[0].name == "core/backoffice/reading.html"
        assert not page.context["ways"]
        assert not page.context["next"].code
        assert page.context["next"].sentence  # whose turn it is
        assert client.post(form_url(record), {"_submit": "on"}).status_code == 403
        listed = client.get(form_url(record).partition(f"{record.pk}/")[0])
        assert "/add/" not in listed.content.decode().split('id="content-main"')[1]
    assert PressRelease.objects.filter(submitted_at=None).count() == 1
    assert client.get("/admin/").status_code == 200
