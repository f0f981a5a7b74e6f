"""What happens to an agreement: sign, renew, amend, suspend, resume, end, abandon, by model and by page."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from partners.models import Decision, Memorandum, Signatory, Suspension
from partners.models.verbs import VERBS
from partners.verb_pages import THEN
from tests.back_office import form_url, sent_by_browser, signed_in
from tests.errors import refusal
from tests.factories import make_city, make_memorandum, make_user, publish
from twinning.core.fields.dates import PartialDate
from twinning.core.history.events import HistoryEvent
from twinning.core.publishing.copies import WorkingCopy

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
day = PartialDate.parse
DECISION = {"body": "Full council", "date": day("3 March 2020"), "url": ""}


@pytest.fixture
def writer():
    return make_user("Administrator")


def kept(memorandum) -> dict:
    return WorkingCopy.objects.of(memorandum).get().snapshot


def test_oath_is_signed_on_another_day_in_another_city_by_somebody_else_than_planned(writer):
    lille = make_city("Lille", since="1968")
    oath = make_memorandum(lille, signed="", planned="1 April 2020", planned_place="Leeds", signatories_unknown=False)
    Signatory.objects.create(memorandum=oath, city=lille, office="Mayor", is_planned=True)
    signatories = [{"city": None, "office": "Leader of the council"}, {"city": lille, "office": "Deputy mayor"}]
    oath.sign(by=writer, at=NOW, signed=day("2 June 2020"), place="Lille", signatories=signatories, decision=DECISION)
    oath = Memorandum.objects.get(pk=oath.pk)
    assert (str(oath.planned), oath.planned_place, str(oath.signed), oath.place) == (
        "1 April 2020", "Leeds", "2 June 2020", "Lille",
    )  # fmt: skip
    assert [(one.office, one.is_planned) for one in oath.signatories.all()] == [
        ("Mayor", True), ("Leader of the council", False), ("Deputy mayor", False),
    ]  # fmt: skip
    assert [(one.about, str(one)) for one in oath.decisions.all()] == [("sign", "Full council, 3 March 2020")]
    event = HistoryEvent.objects.of(oath).first()
    assert (event.what, event.by, event.snapshot["fields"]["signed"]) == ("sign", writer, "2020-06-02")
    publish(oath)


def test_signing_of_a_public_agreement_waits_in_its_working_copy_for_another(writer):
    plan = publish(make_memorandum(make_city(), signed="", signatories_unknown=True))
    plan.sign(by=writer, at=NOW, signed=day("2 June 2020"), signatories_unknown=True)
    assert Memorandum.objects.get(pk=plan.pk).signed is None
    copy = WorkingCopy.objects.of(plan).get()
    copy.submit(by=writer, at=NOW)
    assert not copy.may("approve", by=writer, at=NOW)
    copy.approve(by=make_user("Approver"), at=NOW)
    assert str(Memorandum.objects.get(pk=plan.pk).signed) == "2 June 2020"
    published = HistoryEvent.objects.of(plan).first()
    assert [step[0] for step in published.details["steps"]] == ["sign", "submit", "approve"]


def test_who_takes_a_verb_is_an_author(writer):
    plan = publish(make_memorandum(make_city(), signed=""))
    plan.sign(by=make_user("Twinning editor"), at=NOW, signed=day("2020"))
    copy = WorkingCopy.objects.of(plan).get()
    copy.submit(by=make_user("Twinning editor"), at=NOW)
    approver = make_user("Approver")
    plan.suspend(by=approver, at=NOW, begins=day("2022"), reason="War.")
    copy.refresh_from_db()
    assert copy.is_changed_by(approver)
    assert not copy.may("approve", by=approver, at=NOW)


def test_verbs_on_a_public_agreement_go_into_one_copy(writer):
    memorandum = publish(make_memorandum(make_city(), signed="2018"))
    memorandum.suspend(by=writer, at=NOW, begins=day("March 2022"), reason="War.")
    memorandum.resume(by=writer, at=NOW, ends=day("2024"))
    memorandum.end(by=writer, at=NOW, ended_on=day("2025"), end_reason="The cities have merged.", decision=DECISION)
    assert not Suspension.objects.exists()
    assert not Decision.objects.exists()
    [spell] = kept(memorandum)["parts"]["suspensions"]
    assert spell["fields"] == {"begins": "2022-03", "ends": "2024", "reason": "War."}
    assert kept(memorandum)["fields"]["ended_on"] == "2025"
    assert [row["fields"]["about"] for row in kept(memorandum)["parts"]["decisions"]] == ["end"]


def test_verb_is_refused_while_an_approved_copy_waits(writer):
    memorandum = publish(make_memorandum(make_city()))
    memorandum.suspend(by=writer, at=NOW, begins=day("2022"), reason="War.")
    copy = WorkingCopy.objects.of(memorandum).get()
    copy.submit(by=writer, at=NOW)
    copy.approve(by=make_user("Approver"), at=NOW, publish_at=NOW + timedelta(days=3))
    assert refusal(memorandum.resume, by=writer, at=NOW, ends=day("2024")) == ["copy_approved"]


def test_renewal_is_a_draft_filled_from_the_old_one(writer):
    city = make_city()
    first = publish(
        make_memorandum(city, title="Five years", ends="2023", renewal_months=0, languages="English", kind="letter")
    )
    second = first.renew(by=writer, at=NOW, title="Five more years", planned=day("2027"))
    assert (second.renews, second.kind, second.purpose, second.languages) == (first, "letter", first.purpose, "English")
    assert list(second.cities.all()) == [city]
    assert (second.signed, second.ends, second.state(at=NOW)) == (None, None, "draft")
    assert HistoryEvent.objects.of(first).first().what == "renew"
    assert refusal(Memorandum.objects.get(pk=first.pk).renew, by=writer, at=NOW, title="Another") == [
        "not_possible_now"
    ]
    assert Memorandum.objects.count() == 2


def test_renewal_of_a_five_year_agreement_proposes_five_years_more_and_takes_another_end(writer):
    terms = {"signed": "12 February 2021", "ends": "11 February 2026", "notice_days": 90}
    client, first = signed_in(writer), publish(make_memorandum(make_city(), **terms))
    form = client.get(page_of(first, "renew")).context["form"]
    assert str(form["ends"].value()) == "11 February 2031"
    client.post(page_of(first, "renew"), {"title": "Five more years", "ends": "end of 2031"})
    assert not Memorandum.objects.filter(renews=first).exists()
    client.post(page_of(first, "renew"), {"title": "Five more years", "ends": "31 December 2031"})
    second = Memorandum.objects.get(renews=first)
    assert (str(second.ends), second.notice_days) == ("31 December 2031", 90)


def test_three_parties_are_each_asked_who_signed_and_each_has_a_side_on_the_page(writer, client):
    city = publish(make_city("Lille", since="1968"))
    plan = make_memorandum(city, signed="", other_parties="Port of Hull", signatories_unknown=False)
    offices = {"council": "Leader", f"city-{city.pk}": "Mayor", "party-0": "Harbour master"}
    sent = {"signed": "2 June 2020"} | {f"office-{side}": office for side, office in offices.items()}
    signed_in(writer).post(page_of(plan, "sign"), sent)
    signed = publish(Memorandum.objects.get(pk=plan.pk))
    sides = client.get(signed.get_absolute_url()).context["signatories"]
    assert [(side.name, str(side.signed[0])) for side in sides] == [
        ("Leeds", "Leader"), ("Lille", "Mayor"), ("Port of Hull", "Harbour master"),
    ]  # fmt: skip
    [row] = client.get("/agreements/").context["register"].rows
    assert row.parties == "Lille, Port of Hull"


def test_amendment_is_a_draft_and_the_old_one_stays_in_force(writer):
    first = publish(make_memorandum(make_city()))
    addendum = first.amend(by=writer, at=NOW, title="Addendum")
    assert (addendum.amends, addendum.renews, addendum.kind) == (first, None, "addendum")
    assert first.status(on=TODAY, at=None) == "in-force"


def test_notice_ends_an_agreement_that_renews_itself_with_its_term(writer):
    terms = {"ends": "2025-05-31", "renewal_months": 12, "notice_days": 90}
    memorandum = make_memorandum(make_city(), **terms)
    memorandum.end(by=writer, at=NOW, notice_on=date(2026, 3, 3), end_reason="Other plans.")
    assert str(Memorandum.objects.get(pk=memorandum.pk).ended_on) == "31 May 2027"


UNSIGNED, SUSPENDED = {"signed": ""}, {"suspensions": [{"begins": "2022"}]}


@pytest.mark.parametrize(
    ("fields", "verb", "given", "said"),
    [
        (UNSIGNED, "sign", {"signed": "1950"}, "signed: before_the_parties"),
        (UNSIGNED, "sign", {"signed": "9000"}, "signed: to_come"),
        ({}, "sign", {"signed": "2019"}, "not_possible_now"),
        (UNSIGNED | {"negotiated": "2020"}, "sign", {"signed": "2019"}, "negotiated: negotiated_after_signing"),
        (UNSIGNED | {"ends": "2018"}, "sign", {"signed": "2019"}, "partners_memorandum_ends_after_beginning"),
        (UNSIGNED, "renew", {"title": "Again"}, "not_possible_now"),
        (UNSIGNED, "amend", {"title": "Again"}, "not_possible_now"),
        (UNSIGNED, "suspend", {"begins": "2022", "reason": "War."}, "not_possible_now"),
        ({}, "suspend", {"begins": "2017", "reason": "War."}, "begins: not_in_force"),
        ({"ends": "9000"}, "suspend", {"begins": "9001", "reason": "War."}, "begins: not_in_force"),
        ({}, "suspend", {"begins": "2022", "reason": ""}, "reason: blank"),
        ({}, "resume", {"ends": "2022"}, "not_possible_now"),
        (SUSPENDED, "resume", {"ends": "2021"}, "ends: too_early"),
        (SUSPENDED, "suspend", {"begins": "2023", "reason": "War."}, "not_possible_now"),
        ({}, "end", {"ended_on": "2017", "end_reason": "Done."}, "ended_on: ends_before_beginning"),
        ({}, "end", {"end_reason": "Done."}, "ended_on: required"),
        ({}, "end", {"ended_on": "2019", "end_reason": ""}, "partners_memorandum_end_has_reason"),
        (UNSIGNED, "end", {"ended_on": "2019", "end_reason": "Done."}, "not_possible_now"),
        ({}, "abandon", {"abandoned_on": "2019", "end_reason": "Elections."}, "not_possible_now"),
    ],
)
@pytest.mark.parametrize("is_public", [False, True])
def test_what_cannot_be_is_refused_and_nothing_is_saved_by_half(writer, is_public, fields, verb, given, said):
    memorandum = make_memorandum(make_city(since="1969"), **fields)
    if is_public:
        publish(memorandum)
    before = (list(Memorandum.objects.values()), list(Suspension.objects.values()), HistoryEvent.objects.count())
    dates = {
        name: day(value) if name not in ("title", "reason", "end_reason") else value for name, value in given.items()
    }
    decided = {} if verb in ("renew", "amend") else {"decision": DECISION}
    assert refusal(getattr(memorandum, verb), by=writer, at=NOW, **decided, **dates) == [said]
    after = (list(Memorandum.objects.values()), list(Suspension.objects.values()), HistoryEvent.objects.count())
    assert after == before
    assert not WorkingCopy.objects.exists()
    assert not Decision.objects.exists()


def test_who_may_only_read_records_nothing():
    memorandum = make_memorandum(make_city())
    for verb, given in {"suspend": {"begins": day("2022"), "reason": "War."}, "renew": {"title": "Again"}}.items():
        with pytest.raises(PermissionDenied):
            getattr(memorandum, verb)(by=make_user("Press officer"), at=NOW, **given)


# The pages ------------------------------------------------------------------------------------------------------------


def page_of(memorandum, verb: str) -> str:
    return reverse(f"admin:partners_memorandum_{verb}", args=[memorandum.pk])


def buttons(client, memorandum, page="change") -> list[str]:
    """The verbs that are offered: by a link on the page on which it is read, by a button in its form."""
    html = client.get(reverse(f"admin:partners_memorandum_{page}", args=[memorandum.pk])).text
    ways = {name: (f'href="{page_of(memorandum, name)}"', f'name="{THEN}" value="{name}"') for name in VERBS}
    return [name for name, way in ways.items() if any(one in html for one in way)]


@pytest.mark.parametrize(
    ("fields", "offered"),
    [
        ({"signed": ""}, ["sign", "abandon"]),
        ({"signed": "2018"}, ["renew", "amend", "suspend", "end"]),
        ({"signed": "2018", "suspensions": [{"begins": "2022"}]}, ["renew", "amend", "resume", "end"]),
        ({"signed": "2018", "ends": "2019"}, ["renew"]),
        ({"signed": "", "abandoned_on": "2020", "end_reason": "x"}, []),
    ],
)
def test_form_has_the_buttons_of_what_can_begin(fields, offered):
    client, memorandum = signed_in(make_user("Administrator")), make_memorandum(make_city(), **fields)
    assert buttons(client, memorandum) == offered
    assert buttons(client, publish(memorandum)) == offered


def test_signing_by_page_leads_to_the_working_copy_and_offers_what_follows(writer):
    client, city = signed_in(writer), make_city()
    plan = publish(make_memorandum(city, signed=""))
    page = client.get(page_of(plan, "sign"))
    assert [name for name in page.context["form"].fields if name.startswith("office")] == [
        "office-council",
        f"office-city-{city.pk}",
    ]
    sent = {
        "signed": "2 June 2020",
        "place": "online",
        "office-council": "Leader",
        f"office-city-{city.pk}": "Lord Mayor",
    }
    response = client.post(page_of(plan, "sign"), sent | {"decision_body": "Full council", "remark": "By phone."})
    assert response.url == reverse("admin:partners_memorandum_copy", args=[plan.pk])
    assert [row["fields"]["office"] for row in kept(plan)["parts"]["signatories"]] == ["Leader", "Lord Mayor"]
    assert "Signing recorded" in client.get(response.url).text
    assert buttons(client, plan, "copy") == ["renew", "amend", "suspend", "end"]
    # What the copy says already is not asked a second time.
    assert client.get(page_of(plan, "sign")).context["why_not"]


@pytest.mark.parametrize(
    ("verb", "sent", "field"),
    [
        ("end", {"ended_on": "2017", "end_reason": "Done."}, "ended_on"),
        ("end", {"ended_on": "", "end_reason": "Done."}, "ended_on"),
        ("end", {"ended_on": "31 February 2020", "end_reason": "Done."}, "ended_on"),
        ("suspend", {"begins": "2017", "reason": "War."}, "begins"),
        ("suspend", {"begins": "2020", "reason": ""}, "reason"),
        ("suspend", {"begins": "2020", "reason": "War.", "decision_url": "https://example.org"}, "decision_body"),
        ("renew", {"title": ""}, "title"),
    ],
)
def test_page_says_at_the_field_what_is_wrong_and_keeps_what_was_typed(writer, verb, sent, field):
    memorandum = publish(make_memorandum(make_city()))
    response = signed_in(writer).post(page_of(memorandum, verb), sent)
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (200, [field])
    assert form.data.dict() == sent
    assert not WorkingCopy.objects.exists()


def test_button_in_the_form_of_a_draft_saves_it_first(writer):
    client, draft = signed_in(writer), make_memorandum(make_city(), signed="")
    sent = sent_by_browser(client.get(form_url(draft))) | {"title": "Another title", "_then": "sign"}
    response = client.post(form_url(draft), sent)
    assert response.url == page_of(draft, "sign")
    draft.refresh_from_db()
    assert draft.title == "Another title"
