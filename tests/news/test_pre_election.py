"""In a pre-election period two approvers let a new release out, and what elected members say, whichever way it becomes public."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from news.models import PreElectionPeriod, PressRelease, Quote
from news.pre_election import approved_for, kept
from tests.back_office import errors, form_url, press, sent_by_browser, signed_in
from tests.core.backoffice.test_bulk_steps import carry_out
from tests.desks import desk
from tests.factories import make_release, make_theme, make_user, publish, submit
from twinning.core.history.events import HistoryEvent
from twinning.core.publishing.copies import WorkingCopy, begin
from twinning.core.publishing.steps import ALONE

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(microsecond=0)
TODAY = timezone.localdate(NOW)
LIST = "/admin/news/preelectionperiod/"


def days(number: int) -> timedelta:
    return timedelta(days=number)


@pytest.fixture(autouse=True)
def forgotten():
    yield
    kept.forget()


@pytest.fixture
def period():
    return PreElectionPeriod.objects.create(election="Local elections", begins=TODAY, ends=TODAY + days(40))


@pytest.fixture
def approvers():
    return make_user("Approver"), make_user("Approver")


@pytest.fixture
def release():
    return submit(make_release("Cities sign"))


def refused(call, *args, **kwargs) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    return caught.value.messages


def test_two_approvers_let_a_new_release_out(period, approvers, release):
    first, second = approvers
    [said] = refused(release.approve, by=second, at=NOW)
    assert "Local elections" in said
    assert "Agree as second approver" in said
    assert refused(release.agree, by=first, at=NOW, remark=" ") == ["Say why it cannot wait. Only colleagues read it."]
    release.agree(by=first, at=NOW, remark="The bridge is closed.")
    assert refused(release.approve, by=first, at=NOW)
    release.approve(by=second, at=NOW)
    told = HistoryEvent.objects.of(release).filter(what__in=("agree", "approve")).values_list("what", "by", "remark")
    assert set(told) == {("agree", first.pk, "The bridge is closed."), ("approve", second.pk, "")}


@pytest.mark.parametrize("change", ["words", "submission"])
def test_agreement_is_to_these_words_and_to_this_submission(period, approvers, release, change):
    first, second = approvers
    release.agree(by=first, at=NOW, remark="The bridge is closed.")
    if change == "words":
        press(signed_in(make_user("Approver")), release, headline="Cities sign again")
    else:
        release.send_back(by=first, at=NOW, remark="Later.")
        submit(release, at=NOW)
    assert refused(release.approve, by=second, at=NOW)


def test_day_of_publication_counts_and_not_that_of_approval(period, approvers, release):
    first, second = approvers
    release.approve(by=second, at=NOW, publish_at=NOW + days(41))
    assert refused(release.reschedule, by=second, at=NOW, publish_at=NOW + days(39))
    release.agree(by=first, at=NOW, remark="The bridge is closed.")
    release.reschedule(by=second, at=NOW, publish_at=NOW + days(39))


def test_nobody_gets_round_it_by_hurrying_or_in_a_list(period, approvers, release):
    hurrying = make_user("Press officer")
    assert refused(release.publish_urgently, by=hurrying, at=NOW, reason="A flood.")
    page = carry_out(signed_in(approvers[0]), "approve", release, value="now")
    assert "Agree as second approver" in page.content.decode()
    release.refresh_from_db()
    assert not release.approved_at


@pytest.mark.parametrize("is_elected", [False, True])
def test_correction_waits_for_nobody_unless_an_elected_member_speaks(period, approvers, is_elected):
    first, second = approvers
    release = make_release("Cities sign")
    release.quotes.create(office="Leader of the council", text="We agree.", is_elected=is_elected)
    copy = begin(publish(release), by=first, at=NOW)
    copy.submit(by=make_user("Administrator"), at=NOW)
    if is_elected:
        assert refused(copy.approve, by=second, at=NOW)
        copy.agree(by=first, at=NOW, remark="A date was wrong.")
    copy.approve(by=second, at=NOW)


def test_office_of_one_gives_the_reason_first(period, approvers, release, settings):
    settings.FOUR_EYES = ALONE
    one = approvers[0]
    assert refused(release.approve, by=one, at=NOW)
    release.agree(by=one, at=NOW, remark="The bridge is closed.")
    release.approve(by=one, at=NOW)


def test_other_kinds_and_other_days_need_one_approver(approvers, release):
    PreElectionPeriod.objects.create(election="Past", begins=TODAY - days(9), ends=TODAY - days(1))
    release.approve(by=approvers[0], at=NOW)
    theme = submit(make_theme())
    PreElectionPeriod.objects.create(election="Today", begins=TODAY, ends=TODAY)
    theme.approve(by=approvers[0], at=NOW)
    assert "agree" not in theme.own_steps


@pytest.mark.parametrize(("begins", "ends", "field"), [(10, 5, "ends"), (40, 50, "begins"), (-5, 60, "begins")])
def test_days_that_cannot_be_are_told_at_their_field(period, begins, ends, field):
    typed = {"election": "Another", "begins": str(TODAY + days(begins)), "ends": str(TODAY + days(ends))}
    client = signed_in(make_user("Approver"))
    [said] = errors(client.post(f"{LIST}add/", typed | {"_save": "on"}))
    assert said.startswith(f"{field}: ")


def test_what_is_approved_already_is_listed_and_stands_on_the_desk_until_somebody_agrees(approvers):
    first, second = approvers
    release = submit(make_release("Cities sign"))
    release.approve(by=second, at=NOW, publish_at=NOW + days(3))
    client = signed_in(first)
    typed = {"election": "Local elections", "begins": str(TODAY), "ends": str(TODAY + days(9)), "_save": "on"}
    answer = client.post(f"{LIST}add/", typed, follow=True)
    page = answer.content.decode()
    assert f'<a href="{form_url(release)}">Cities sign</a>' in page
    assert "Pre-election period: Local elections" in page
    assert [line.name for line in desk(first)["pre-election"].lines] == ["Cities sign"]
    assert "pre-election" not in desk(make_user("Press officer"))
    release.agree(by=first, at=NOW, remark="The bridge is closed.")
    [period] = PreElectionPeriod.objects.all()
    assert approved_for(period, at=NOW) == []
    assert "pre-election" not in desk(first)


def test_list_takes_the_same_queries_however_much_is_approved(approvers, period, django_assert_num_queries):
    first, second = approvers
    for number in range(3):
        release = submit(make_release(f"Scheduled {number}"))
        release.approve(by=second, at=NOW, publish_at=NOW + days(50))
        release.quotes.create(office="Leader of the council", text="We agree.", is_elected=True)
        copy = begin(publish(make_release(f"Public {number}")), by=first, at=NOW)
        copy.snapshot["parts"]["quotes"] = [{"pk": 1, "fields": {"is_elected": number != 1}}]
        copy.save(update_fields=["snapshot"])
        WorkingCopy.objects.filter(pk=copy.pk).update(
            approved_at=NOW, approved_by=second, publish_at=NOW + days(number + 1)
        )
    PressRelease.objects.filter(headline__startswith="Scheduled").update(publish_at=NOW + days(2))
    with django_assert_num_queries(3):
        assert [str(one) for one in approved_for(period, at=NOW)] == [
            "Public 0", "Scheduled 0", "Scheduled 1", "Scheduled 2", "Public 2",
        ]  # fmt: skip


def test_step_is_offered_on_the_page_that_the_approver_reads(period, approvers, release):
    client, url = signed_in(approvers[0]), form_url(release)
    shown = client.get(url)
    assert "Agree as second approver" in shown.content.decode()
    client.post(url, sent_by_browser(shown) | {"_agree": "on", "remark": "The bridge is closed."})
    assert release.has_agreed(approvers[0])
    assert "agree" not in client.get(url).context["visit"].offered


def test_banner_costs_one_query_in_a_minute(period, approvers, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert kept.today(at=NOW) == kept.today(at=NOW) == period
    assert Quote().is_elected is False
