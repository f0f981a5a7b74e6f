"""The checks of a press release: what blocks, what warns, and how a finding is set aside in the back office."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from news.checks import CHECKS, contacts_with_a_stand_in, offices
from news.models import Quote, ReleaseContact
from news.quotes.approvals import Said, Way, note_answer
from partners.models import Signatory
from tests.factories import make_city, make_contact, make_memorandum, make_release, publish, submit
from twinning.core.models import SetAside, WorkingCopy
from twinning.core.publishing.copies import begin
from twinning.core.publishing.next_steps import what_it_lacks
from twinning.core.writing.checks import Draft, reasons_against

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
LONG = " ".join(["Leeds"] * 30)


def codes(record, at=NOW) -> list[str]:
    return [error.code for errors in reasons_against(record, CHECKS, at=at).values() for error in errors]


def name(release, contact):
    ReleaseContact.objects.create(release=release, contact=contact)


def test_contact_blocks_only_if_nobody_stands_in_on_the_day_of_publication():
    gone = make_contact("Old desk", valid_to=date(2026, 11, 30))
    replaced = make_contact("Night desk", valid_to=date(2026, 11, 30), fallback=make_contact("New desk"))
    release = make_release()
    name(release, gone)
    name(release, replaced)
    assert codes(release) == []
    later = NOW + timedelta(days=3)
    assert codes(release, at=later) == ["contact_gone"]
    found = list(contacts_with_a_stand_in(Draft(release, later)))
    assert [finding.record for finding in found] == [replaced]
    assert "“New desk”" in found[0].said


def test_contact_of_what_is_public_was_there_on_its_day():
    release = make_release()
    name(release, make_contact("Old desk", valid_to=date(2021, 12, 31)))
    publish(release)
    name(release, make_contact("New desk", valid_from=date(2026, 1, 1)))  # in a correction
    assert codes(release) == []


@pytest.mark.parametrize(
    ("signed", "is_named", "office", "is_found"),
    [
        ("4 July 2026", False, "Lord Mayor", True),  # within a year
        ("4 July 2021", False, "Lord Mayor", False),
        ("4 July 2021", True, "Lord Mayor", True),  # the release is about this very agreement
        ("4 July 2026", False, "leader of the Council", False),  # the same office
        ("4 July 2027", False, "Lord Mayor", False),  # not signed yet
    ],
)
def test_office_is_compared_with_that_on_the_day_of_a_signing(signed, is_named, office, is_found):
    agreement = make_memorandum(make_city(), signed=signed)
    Signatory.objects.create(memorandum=agreement, name="A. Example", office=office)
    release = make_release(memoranda=[agreement] if is_named else [])
    Quote.objects.create(release=release, speaker="A. Example", office="Leader of the Council", text="Yes.")
    found = list(offices(Draft(release, NOW)))
    assert [finding.record for finding in found] == [agreement] * is_found


def test_every_check_has_a_code_of_its_own_and_what_blocks_stands_first():
    assert len({check.code for check in CHECKS}) == len(CHECKS)
    blocks = [bool(check.blocks) for check in CHECKS]
    assert blocks == sorted(blocks, reverse=True)
    assert all(bool(check.blocks) != bool(check.warns) for check in CHECKS)


def test_finding_is_set_aside_with_a_reason_and_taken_up_again(officer, approver, editor):
    release = make_release(body=f"<p>{LONG}.</p>")
    address = reverse("admin:news_pressrelease_change", args=[release.pk])
    aside = reverse("admin:news_pressrelease_set_aside", args=[release.pk])
    said = {"check": "long_sentences", "excerpt": f"{LONG}."[:200]}

    page = officer.get(address).content.decode()
    assert "1 thing to look at again" in page
    assert "30 words in one sentence." in page

    assert officer.post(aside, said | {"reason": " "}).status_code == 302
    assert not SetAside.objects.exists()
    assert "Say in a word why" in officer.get(address).content.decode()

    answer = officer.post(aside, said | {"reason": "A list of names."})
    assert answer.url == f"{address}#checks"
    page = officer.get(address).content.decode()
    assert "0 things to look at again" in page
    assert "A list of names." in page

    submit(release, at=timezone.now())  # who approves it reads the reason, and who said so
    assert "A list of names." in approver.get(address).content.decode()
    assert approver.post(aside, said | {"again": "on", "edit": "on"}).url == f"{address}?edit=1#checks"
    assert "1 thing to look at again" in approver.get(address).content.decode()

    assert approver.post(aside, {"check": "contacts", "excerpt": "", "reason": "x"}).status_code == 400  # that blocks
    assert approver.get(aside).status_code == 405
    assert editor.post(aside, said | {"reason": "x"}).status_code == 403


def test_working_copy_is_checked_as_it_is_written(officer, superuser):
    release = publish(make_release())
    copy = begin(release, by=superuser, at=NOW)
    copy.keep(copy.snapshot | {"fields": copy.snapshot["fields"] | {"body": f"<p>{LONG}.</p>"}}, by=superuser, at=NOW)
    address = reverse("admin:news_pressrelease_copy", args=[release.pk])
    assert "30 words in one sentence." in officer.get(address).content.decode()
    assert "30 words" not in officer.get(reverse("admin:news_pressrelease_change", args=[release.pk])).content.decode()
    WorkingCopy.objects.get().submit(by=superuser, at=timezone.now())
    assert "30 words in one sentence." in officer.get(address).content.decode()  # read, and no longer written
    said = {"check": "long_sentences", "excerpt": f"{LONG}."[:200], "reason": "A list.", "copy": "on"}
    answer = officer.post(reverse("admin:news_pressrelease_set_aside", args=[release.pk]), said)
    assert answer.url == f"{address}#checks"


def test_declined_quote_blocks_by_the_same_table(superuser):
    release = make_release()
    quote = Quote.objects.create(release=release, office="Leader of the council", text="Yes.")
    note_answer(quote, Said.DECLINED, release=release, how=Way.PHONE, person="Office", by=superuser, at=NOW)
    assert codes(release) == ["quote_not_approved"]
    assert len(what_it_lacks(release, at=NOW)) == 1
