"""Themes are merged and retired: what named one names the other, its address leads there, and history undoes it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from news.models import PressRelease
from partners.models import City, Focus, Memorandum, Theme
from tests.back_office import signed_in
from tests.factories import (
    PAST,
    make_city,
    make_memorandum,
    make_release,
    make_subscriber,
    make_superuser,
    make_theme,
    make_user,
    publish,
)
from twinning.core.history import snapshots
from twinning.core.history.events import HistoryEvent
from twinning.core.models import WorkingCopy
from twinning.core.publishing.copies import begin
from twinning.core.publishing.restore import restore_into_copy

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Two public themes; of two cities, agreements and releases the first names the one, the second both."""
    old, new = publish(make_theme("Music")), publish(make_theme("Culture"))
    for number, themes in enumerate(([old], [old, new])):
        city = publish(make_city(f"City {number}"))
        for theme in themes:
            Focus.objects.create(city=city, theme=theme, begins="1990")
        memorandum = make_memorandum(city, slug=f"agreement-of-{number}")
        memorandum.themes.set(themes)
        publish(memorandum)
        publish(make_release(f"News {number}", themes=themes, slug=f"news-{number}"))
        make_subscriber(f"reader{number}@example.org", themes=themes)
    old.slug = "old-music"
    old.save()
    return old, new


def change(theme: Theme, **fields) -> Theme:
    """Change a public theme by way of its working copy, which somebody else approves."""
    at = timezone.now()
    copy = begin(theme, by=make_superuser(), at=at)
    copy.keep(copy.snapshot | {"fields": copy.snapshot["fields"] | fields}, by=make_superuser(), at=at)
    copy.submit(by=make_superuser(), at=at)
    copy.approve(by=make_superuser(), at=at)
    return Theme.objects.get(pk=theme.pk)


def ties() -> dict:
    """The themes that each record names, by their names."""
    named = {str(city): sorted(str(one.theme) for one in city.focuses.all()) for city in City.objects.all()}
    for record in (*Memorandum.objects.all(), *PressRelease.objects.all()):
        named[record.slug] = sorted(map(str, record.themes.all()))
    subscribers = make_subscriber("nobody@example.org").__class__.objects
    named |= {one.email: sorted(map(str, one.themes.all())) for one in subscribers.exclude(email="nobody@example.org")}
    subscribers.filter(email="nobody@example.org").delete()
    return named


def test_merged_theme_leaves_every_link_to_the_other_and_restoring_undoes_it(world, client):
    old, new = world
    before = ties()
    copy_of_city = begin(City.objects.get(name="City 0"), by=make_superuser(), at=timezone.now())
    version = snapshots.take(PressRelease.objects.get(slug="news-0"))

    steps = HistoryEvent.objects.of(old).count()
    old = change(old, merged_into=new.pk)
    assert set(map(tuple, ties().values())) == {("Culture",), ("Culture", "Culture")}  # a city keeps both its periods
    assert HistoryEvent.objects.of(old).count() <= steps + 2  # how it was, and one step
    for address in ("/themes/music/", "/themes/old-music/"):
        assert client.get(address).headers["Location"] == "/themes/culture/"
    for address in ("/agreements/?theme=old-music", "/news/?theme=old-music", "/search/?q=news&theme=music"):
        page = client.get(address).text
        assert "old-music" not in page
        assert "City 0" in page or "News 0" in page
    assert "Music" not in client.get("/themes/").text + client.get("/search/?q=music").text
    assert not Theme.objects.published(at=timezone.now()).filter(pk=old.pk).exists()
    assert not old.is_published(at=timezone.now())
    # What was written before follows: a working copy, and a version of the history.
    with snapshots.as_if(copy_of_city.fresh_record(), copy_of_city.snapshot):
        assert [str(one) for one in Focus.objects.filter(city__name="City 0")] == ["Culture"]
    snapshots.put_back(PressRelease.objects.get(slug="news-0"), version)
    assert ties()["news-0"] == ["Culture"]

    PressRelease.objects.get(slug="news-1").themes.clear()  # what was decided meanwhile stays
    first = next(
        one for one in HistoryEvent.objects.of(old) if one.snapshot and not one.snapshot["fields"]["merged_into"]
    )
    restore_into_copy(old, first, by=make_superuser(), at=timezone.now())
    assert ties()["City 0"] == ["Culture"]  # nobody has approved it yet
    copy = WorkingCopy.objects.of(old).get()
    copy.submit(by=make_superuser(), at=timezone.now())
    copy.approve(by=make_superuser(), at=timezone.now())
    assert ties() == before | {"news-1": []}
    assert client.get("/themes/old-music/").status_code == 200
    assert client.get("/themes/music/").headers["Location"] == "/themes/old-music/"
    assert "Music" in client.get("/search/?q=music").text


def test_theme_into_which_others_were_merged_can_be_merged_itself(world, client):
    old, new = world
    third = publish(make_theme("Arts"))
    change(old, merged_into=new.pk)
    change(new, merged_into=third.pk)
    assert client.get("/themes/music/").headers["Location"] == "/themes/arts/"
    change(new, merged_into=None)
    assert client.get("/themes/music/").headers["Location"] == "/themes/culture/"


def test_what_cannot_be_merged_is_refused(world):
    old, new = world
    draft = make_theme("Draft")
    for theme, into, said in ((old, old, "into itself"), (draft, new, "Only a theme that was public")):
        theme.merged_into = into
        with pytest.raises(ValidationError, match=said):
            theme.full_clean()
    old.merged_into = make_theme("Another draft")
    with pytest.raises(ValidationError, match="“Another draft” is not public"):
        old.check_ready(at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.save()
    change(old, merged_into=new.pk)
    third = publish(make_theme("Third"))
    third.merged_into = Theme.objects.get(pk=old.pk)
    with pytest.raises(ValidationError, match="was merged into another theme itself"):
        third.full_clean()


def test_hidden_target_is_not_betrayed_by_what_was_merged_into_it(world, client):
    old, new = world
    change(old, merged_into=new.pk)
    Theme.objects.get(pk=new.pk).take_down(by=make_superuser(), at=timezone.now())
    assert client.get("/themes/music/").status_code == client.get("/themes/guess/").status_code == 404


def test_retired_theme_stays_where_it_was_chosen_and_leaves_choosers(world, client, time_machine):
    old, _new = world
    tomorrow = timezone.localdate() + timedelta(days=1)
    old = change(old, ended=tomorrow.isoformat())
    assert "has ended" not in client.get("/themes/old-music/").text
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert "The work on this theme has ended" in client.get("/themes/old-music/").text
    assert "The work on it has ended" in client.get("/themes/").text
    assert "Music" in client.get("/cities/city-0/").text
    chooser = "/admin/autocomplete/?app_label=partners&model_name=focus&field_name=theme&term="
    found = signed_in(make_user("Twinning editor")).get(chooser).json()["results"]
    assert [one["text"] for one in found] == ["Culture"]
    assert old.is_retired(on=tomorrow)
    assert not Theme.objects.offered(on=tomorrow).filter(pk=old.pk).exists()
    assert Theme.objects.offered(on=PAST.date()).filter(pk=old.pk).exists()


def test_alerts_offer_no_retired_theme_and_leave_it_to_those_who_chose_it(world, client, settings):
    settings.ALERTS = True
    old, _new = world
    change(old, ended="2020")
    assert "Music" not in client.get("/alerts/").text
    assert "Culture" in client.get("/alerts/").text
    assert "/alerts/?theme=culture" in client.get("/themes/culture/").text
    assert "/alerts/?theme=" not in client.get("/themes/old-music/").text


def test_form_of_a_draft_has_no_field_to_merge_it(world):
    old, new = world
    editor = signed_in(make_user("Twinning editor"))
    draft = make_theme("Draft")
    assert "merged_into" not in editor.get(f"/admin/partners/theme/{draft.pk}/change/").text
    begin(old, by=make_superuser(), at=timezone.now())
    copy = f"/admin/partners/theme/{old.pk}/copy/"
    form = editor.get(copy)
    sent = {"name": "Music", "slug": "old-music", "summary": "x", "description": "", "ended": "", "merged_into": new.pk}
    editor.post(copy, sent | {"_version": form.context["version"], "_save": ""})
    assert WorkingCopy.objects.of(old).get().snapshot["fields"]["merged_into"] == new.pk
    assert Theme.objects.get(pk=old.pk).merged_into is None
