"""Coverage: links to what was written about a release, beside its text and outside its approval."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from news import queries
from news.coverage.links import NOT_READ_YET
from news.models import Coverage
from tests.back_office import signed_in
from tests.factories import hide, make_release, make_user, publish
from twinning.core.history.events import HistoryEvent
from twinning.core.publishing.copies import WorkingCopy

pytestmark = pytest.mark.django_db

TYPED = {
    "title": "Dortmund feiert", "outlet": "Dortmunder Zeitung", "day": "2026-05-01", "language": "de",
    "url": "https://zeitung.example.org/feiert",
}  # fmt: skip


def page(release) -> str:
    return reverse("admin:news_pressrelease_coverage", args=[release.pk])


def make_coverage(release, **fields):
    about = {
        "title": "Our article",
        "outlet": "The Paper",
        "url": "https://paper.example.org/",
        "day": date(2026, 5, 2),
    }
    return Coverage.objects.create(release=release, added_by=make_user("Press officer"), **about | fields)


def test_press_adds_coverage_to_what_is_public_and_takes_it_out_without_approval(client):
    release, officer = publish(make_release()), make_user("Press officer")
    desk = signed_in(officer)
    assert page(release) in desk.get(reverse("admin:news_pressrelease_change", args=[release.pk])).text
    answer = desk.post(page(release), TYPED | {"_add": "on"}, follow=True)
    assert "Dortmunder Zeitung, 1 May 2026" in answer.text
    public = client.get(release.get_absolute_url()).text
    assert '<a href="https://zeitung.example.org/feiert" lang="de" dir="ltr">Dortmund feiert</a>' in public
    assert not WorkingCopy.objects.of(release).exists()
    [kept] = release.coverage.all()
    desk.post(page(release), {"_remove": kept.pk})
    again = desk.post(page(release), {"_remove": kept.pk}, follow=True)
    assert "taken out before" in again.text
    assert "Dortmund feiert" not in client.get(release.get_absolute_url()).text
    told = [(event.what, event.by, event.details.get("url")) for event in HistoryEvent.objects.of(release)[:2]]
    assert told == [(f"coverage_{what}", officer, TYPED["url"]) for what in ("removed", "added")]


def test_what_is_typed_wrong_is_told_at_its_field_and_kept():
    release, tomorrow = publish(make_release()), timezone.localdate() + timedelta(days=1)
    make_coverage(release, url=TYPED["url"])
    desk = signed_in(make_user("Press officer"))
    answer = desk.post(page(release), TYPED | {"day": tomorrow.isoformat(), "outlet": "", "_add": "on"})
    form = answer.context["form"]
    assert {name: form.errors[name][0] for name in form.errors} == {
        "outlet": "Write which newspaper or programme it was.",
        "day": "This day is still to come.",
        "url": "This address is in the list already.",
    }
    assert 'value="Dortmund feiert"' in answer.text
    for address in ("mailto:press@example.org", "javascript:alert(1)", "no address"):
        form = desk.post(page(release), TYPED | {"url": address, "_add": "on"}).context["form"]
        assert form.errors["url"] == ["Paste the whole address, for example https://news.example.org/lille."]


def test_nothing_is_added_to_what_nobody_has_read_nor_by_those_who_only_read():
    draft, public = make_release("Draft"), publish(make_release("Public"))
    hide(scheduled := make_release("Scheduled"), "scheduled", now=timezone.now())
    desk = signed_in(make_user("Press officer"))
    for release in (draft, scheduled):
        assert "Nobody outside has read this yet" in desk.get(page(release)).text
        refused = desk.post(page(release), TYPED | {"_add": "on"}).context["form"]
        assert refused.non_field_errors() == [str(NOT_READ_YET)]
    reader = signed_in(make_user("Twinning editor"))
    assert "Add a link" not in reader.get(page(public)).text
    assert reader.post(page(public), TYPED | {"_add": "on"}).status_code == 403
    assert not Coverage.objects.exists()


def test_public_gets_coverage_where_the_council_shows_it_and_while_the_release_stands(settings):
    release, now = publish(make_release()), timezone.now()
    kept = make_coverage(release)
    assert queries.coverage(release) == [kept]
    settings.SHOW_COVERAGE = False
    assert queries.coverage(release) == []
    settings.SHOW_COVERAGE = True
    release.withdraw(by=make_user("Approver"), at=now, reason="Wrong")
    assert queries.coverage(release) == []
