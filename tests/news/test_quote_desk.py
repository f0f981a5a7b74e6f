"""What offices answered about quotes stands on the desk of the colleague who asked, for as long as something is to do."""

import pytest
from django.utils import timezone

from news.models import Quote, QuoteLink
from news.quotes.approvals import Said
from news.quotes.desk import quotes_answered
from tests.desks import desk
from tests.factories import make_release, make_user, publish, say, submit
from twinning.core.desk.sections import Desk
from twinning.core.publishing.copies import WorkingCopy, begin

pytestmark = pytest.mark.django_db

REMARK = "Say “I agree”."


@pytest.fixture
def officer():
    return make_user("Press officer")


@pytest.fixture
def quote():
    body = "<p>Before.</p><p>[quote 1]</p>"
    release = make_release("The oath", body=body)
    return Quote.objects.create(release=release, position=1, speaker="Ann", office="Lord Mayor", text="We agree.")


def answer(quote, said: str, *, asked_by) -> None:
    """As if the office had answered on the link that somebody sent."""
    link = QuoteLink(release=quote.release, recipient="Office of the Lord Mayor")
    link.issue(quote, by=asked_by, at=timezone.now())
    assert link.answer(quote, said, person="Her office", remark=REMARK, at=timezone.now())


def lines(user) -> list[tuple[str, bool]]:
    section = desk(user).get("quotes")
    return [(line.name, line.is_wrong) for line in section.lines] if section else []


def test_answer_stands_on_the_desk_of_who_asked(officer, quote):
    assert lines(officer) == []
    answer(quote, Said.DECLINED, asked_by=officer)
    [line] = desk(officer)["quotes"].lines
    assert (line.name, line.remark, line.is_wrong) == ("Ann, Lord Mayor", REMARK, True)
    assert line.url == f"/admin/news/pressrelease/{quote.release_id}/quotes/"
    assert (
        line.why
        == "Office of the Lord Mayor does not approve these words, in “The oath”. Put them right, and ask again."
    )
    assert lines(make_user("Press officer")) == []
    assert lines(make_user("Twinning editor")) == []


def test_declined_words_leave_the_desk_when_they_are_changed_or_somebody_else_answers(officer, quote):
    answer(quote, Said.DECLINED, asked_by=officer)
    submit(quote.release)
    assert lines(officer) == [("Ann, Lord Mayor", True)]
    quote.text = "I agree."
    quote.save()
    assert lines(officer) == []
    quote.text = "We agree."
    quote.save()
    assert lines(officer) == [("Ann, Lord Mayor", True)]
    say(quote, Said.APPROVED)
    assert lines(officer) == []


def test_approved_words_leave_the_desk_with_the_release(officer, quote):
    answer(quote, Said.APPROVED, asked_by=officer)
    assert lines(officer) == [("Ann, Lord Mayor", False)]
    submit(quote.release)
    assert lines(officer) == []


def test_of_a_public_release_the_words_of_its_working_copy_count(officer, quote):
    answer(quote, Said.APPROVED, asked_by=officer)
    publish(quote.release)
    assert lines(officer) == []
    begin(quote.release, by=officer, at=timezone.now())
    assert lines(officer) == [("Ann, Lord Mayor", False)]
    copy = WorkingCopy.objects.of(quote.release).get()
    copy.snapshot["parts"]["quotes"][0]["fields"]["text"] = "I agree."
    copy.save()
    assert lines(officer) == []


def test_answers_are_found_in_as_many_queries_however_many_there_are(officer, quote, django_assert_num_queries):
    answer(quote, Said.DECLINED, asked_by=officer)
    asked = Desk(by=officer, at=timezone.now())
    quotes_answered(asked)
    for text in ("First.", "Second."):
        release = make_release(text, body="<p>[quote 1]</p>")
        other = Quote.objects.create(release=release, position=1, office="Mayor", text=text)
        answer(other, Said.APPROVED, asked_by=officer)
    with django_assert_num_queries(3):
        [section] = quotes_answered(asked)
    assert section.number == 3
