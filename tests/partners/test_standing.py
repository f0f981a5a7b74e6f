"""What is true of a partnership over time: its changes, former names and partners, and agreements that were signed twice."""

import re
from datetime import date
from importlib import import_module

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from partners.kinds import PARTNERSHIPS
from partners.models import Change, City, Focus, FormerName, Memorandum, Signatory, Signing
from partners.models.memoranda import Status as AgreementStatus
from tests.back_office import errors, form_url, press
from tests.errors import refusal
from tests.factories import make_city, make_memorandum, make_theme, publish
from tests.facts import body_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 28)
LONG = [
    {"date": "1998", "status": "active", "kind": "twin-city", "reason": ""},
    {"date": "March 2022", "status": "suspended", "reason": "The war."},
    {"date": "2024", "status": "active", "held_by": "association", "reason": ""},
    {"date": "2027", "status": "ended", "reason": "The association is dissolved."},
]


def page_of(client, record) -> str:
    return body_of(client.get(record.get_absolute_url()).content.decode())


# How it stands --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "status", "kind", "held_by"),
    [
        (date(1967, 12, 31), "proposed", "friendship", "council"),
        (date(1968, 1, 1), "active", "friendship", "council"),
        (date(1997, 12, 31), "active", "friendship", "council"),
        (date(1998, 1, 1), "active", "twin-city", "council"),
        (date(2022, 2, 28), "active", "twin-city", "council"),
        (date(2022, 3, 1), "suspended", "twin-city", "council"),
        (TODAY, "active", "twin-city", "association"),
        (date(2027, 1, 1), "ended", "twin-city", "association"),
    ],
)
def test_partnership_stands_as_its_latest_change_says(on, status, kind, held_by):
    made = make_city(since="1968", kind="friendship", changes=reversed(LONG))
    standing = made.standing(on=on)
    assert (standing.status, standing.kind, standing.held_by) == (status, PARTNERSHIPS[kind], held_by)
    listed = City.objects.with_changes().with_status(on=on).get()
    assert (listed.status_now, listed.kind_now, listed.standing(on=on)) == (status, kind, standing)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"since": "1968"}, "active"),
        ({"since": ""}, "active"),
        ({"since": "2030"}, "proposed"),
        ({"since": "", "is_proposed": True}, "proposed"),
        ({"since": "1968", "is_proposed": True}, "proposed"),
        ({"since": "", "is_proposed": True, "changes": [{"status": "ended"}]}, "ended"),
        ({"changes": [{"status": "dormant"}]}, "dormant"),
        ({"changes": [{"status": "dormant"}, {"status": "active", "date": "2020"}]}, "dormant"),
        ({"changes": [{"status": "dormant", "date": "2012"}, {"status": "active", "date": "2012"}]}, "active"),
        ({"changes": [{"status": "ended", "date": "after 2010"}]}, "ended"),
        ({"changes": [{"status": "ended", "date": "before 1990"}]}, "ended"),
    ],
    ids=str,
)
def test_instance_and_annotation_agree(fields, status):
    made = make_city(**fields)
    assert made.standing(on=TODAY).status == status
    assert City.objects.with_status(on=TODAY).get().status_now == status


def test_page_tells_the_whole_story_and_does_not_contradict_itself(client, time_machine):
    time_machine.move_to("2026-11-28T12:00:00+00:00")
    city = publish(make_city(since="1968", kind="friendship", changes=LONG))
    page = page_of(client, city)
    assert "<dt>Twin city since</dt><dd>1998</dd>" in page
    assert "<dt>Years together</dt><dd>58</dd>" in page
    assert '<span class="status status-active">Active</span>' in page
    assert "<dt>Held by</dt><dd>A twinning association</dd>" in page
    story = page.partition('<h2 id="timeline">')[2].partition("</section>")[0]
    told = ["1968", "Friendship", "1998", "Twin city", "March 2022", "The war.", "2024", "2027", "dissolved."]
    places = [story.find(words) for words in told]
    assert -1 not in places
    assert places == sorted(places)
    assert "notice" not in page.partition('<nav class="jump"')[0].partition('class="columns"')[2]

    time_machine.move_to("2027-06-01T12:00:00+00:00")
    page = page_of(client, city)
    assert "<strong>Ended, 2027</strong></p><p>The association is dissolved.</p>" in page
    assert "<dt>Twin city</dt><dd>1968 to 2027</dd>" in page
    assert "Years together" not in page


def test_theme_that_began_in_a_spring_says_so(client):
    city, theme = publish(make_city()), publish(make_theme())
    Focus.objects.create(city=city, theme=theme, begins="spring 2021", ends="after 2022")
    assert "spring 2021 to after 2022" in page_of(client, city)


def test_proposed_partnership_says_so(client):
    page = page_of(client, publish(make_city(since="", is_proposed=True)))
    assert '<span class="status status-proposed">Proposed</span>' in page


def test_change_needs_a_reason_where_people_ask_and_comes_after_the_beginning():
    city = make_city(since="1968", changes=[{"date": "1950", "status": "active"}])
    assert refusal(publish, city) == ["changes: too_early"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.create(city=city, status="dormant")
    with pytest.raises(ValidationError, match="Give a reason"):
        Change(city=city, status="ended").full_clean()


def test_officer_records_a_change_and_finds_the_city_by_what_it_is_today(editor):
    city = make_city()
    row = {"changes-TOTAL_FORMS": 1, "changes-0-date": "2012", "changes-0-status": "ended"}
    response = press(editor, city, **row)
    assert "Give a reason for a partnership that is dormant, suspended or ended." in response.content.decode()
    press(editor, city, **row, **{"changes-0-reason": "The council decided so."})
    assert city.standing(on=TODAY).is_over
    make_city("Lille")
    listed = editor.get(form_url(City).replace("add/", ""), {"status": "ended"}).context["cl"].result_list
    assert [one.name for one in listed] == ["Dortmund"]


# Kinds ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def own_kinds(settings):
    settings.PARTNERSHIP_KINDS = ["Sister city", "Twin city", "Port partnership"]
    settings.AGREEMENT_KINDS = ["Pact", "Letter", "Friendship agreement", "Friendship"]


def test_council_has_its_own_kinds(own_kinds, editor, client):
    page = editor.get(form_url(City)).content.decode()
    kinds = re.search(r'<select name="kind".*?</select>', page, re.DOTALL)[0]
    assert re.findall(r'<option value="([^"]*)"', kinds) == ["sister-city", "twin-city", "port-partnership"]
    city = publish(make_city(kind="port-partnership"))
    assert "<dt>Port partnership since</dt><dd>1969</dd>" in page_of(client, city)
    kinds = {"pact": "Pact", "friendship": "Friendship agreement", "friendship-": "Friendship"}
    for kind, name in kinds.items():
        assert f"<dt>Kind</dt><dd>{name}</dd>" in page_of(client, publish(make_memorandum(city, kind=kind)))


def test_kind_that_left_the_list_stays_on_the_page_and_is_not_replaced_silently(own_kinds, settings, editor, client):
    city = publish(make_city(kind="port-partnership"))
    draft = make_city("Lille", kind="port-partnership")
    settings.PARTNERSHIP_KINDS = []
    assert "<dt>Port partnership since</dt><dd>1969</dd>" in page_of(client, city)
    page = editor.get(form_url(draft)).content.decode()
    assert '<option value="" selected>Port partnership (no longer in the list)</option>' in page
    assert "kind: This field is required." in errors(press(editor, draft, kind=""))
    draft.refresh_from_db()
    assert draft.kind == "port-partnership"


# Former partners ------------------------------------------------------------------------------------------------------


def test_former_partner_leaves_the_partners_and_stays_within_reach(client):
    publish(make_city("Lille"))
    left = publish(make_city("Bygone", since="1973", changes=[{"status": "ended", "date": "September 2012"}]))
    home, cities = client.get("/").content.decode(), body_of(client.get("/cities/").content.decode())
    assert "Bygone" not in home
    partners, _, former = cities.partition('<h2 id="former">Former partners</h2>')
    assert ("Lille" in partners, "Bygone" in partners) == (True, False)
    assert f'<a href="{left.get_absolute_url()}">Bygone</a>, Germany' in former
    assert "1973 to September 2012" in former
    assert "Nobody replied." in former


def test_end_that_is_still_to_come_changes_nothing_yet(client):
    publish(make_city("Bygone", changes=[{"status": "ended", "date": "2099"}]))
    assert "Bygone" in client.get("/").content.decode()
    assert "Former partners" not in client.get("/cities/").content.decode()


# The place ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("signed", "is_named"), [("1974", True), ("1990", True), ("1995", False), ("", False)])
def test_agreement_says_what_the_place_was_called_when_it_was_signed(client, signed, is_named):
    chemnitz = publish(make_city("Chemnitz"))
    name = {"name": "Karl-Marx-Stadt", "language": "de", "country": "East Germany"}
    FormerName.objects.create(city=chemnitz, **name, begins="1953", ends="1990")
    page = page_of(client, publish(make_memorandum(chemnitz, signed=signed)))
    said = 'Chemnitz, at that time<span lang="de" dir="ltr">Karl-Marx-Stadt</span>, East Germany'
    assert (said in page) == is_named


def test_former_name_of_a_hidden_city_is_not_told(client):
    hidden = make_city("Zanzimott")
    FormerName.objects.create(city=hidden, name="Quixombre")
    assert "Quixombre" not in page_of(client, publish(make_memorandum(hidden, signed="1974")))


def test_city_is_found_by_its_former_name_and_country(client):
    city = publish(make_city("Chemnitz"))
    FormerName.objects.create(city=city, name="Karl-Marx-Stadt", country="East Germany")
    for words in ("karl marx stadt", "east germany"):
        assert city.get_absolute_url() in client.get("/search/", {"q": words}).content.decode()


def test_staff_find_a_city_by_its_former_name(editor):
    city = make_city("Chemnitz")
    for name in ("Karl-Marx-Stadt", "Kärl"):
        FormerName.objects.create(city=city, name=name)
    make_city("Lille")
    listed = editor.get(form_url(City).replace("add/", ""), {"q": "karl"}).context["cl"].result_list
    assert [one.name for one in listed] == ["Chemnitz"]


# Agreements -----------------------------------------------------------------------------------------------------------


def test_agreement_signed_nobody_knows_when_says_so(client):
    memorandum = publish(make_memorandum(publish(make_city()), signed="", is_signed_on_unknown_day=True))
    assert memorandum.status(on=TODAY, at=None) == AgreementStatus.IN_FORCE
    assert Memorandum.objects.with_status(on=TODAY, at=None).get().status_now == AgreementStatus.IN_FORCE
    page = page_of(client, memorandum)
    assert "<dt>Signed</dt><dd>Date unknown</dd>" in page
    for text in ("Planned", "In preparation", "Not yet"):
        assert text not in page
    assert "Signed, date unknown" in body_of(client.get("/agreements/").content.decode())


@pytest.mark.parametrize(
    "fields", [{"signed": "1968"}, {"signed": "", "abandoned_on": date(2020, 1, 1), "end_reason": "No money."}]
)
def test_unknown_day_of_signing_contradicts_others(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_memorandum(make_city(), is_signed_on_unknown_day=True, **fields)


def test_renewal_signed_nobody_knows_when_renews():
    old = make_memorandum(make_city())
    make_memorandum(signed="", is_signed_on_unknown_day=True, renews=old)
    assert old.status(on=TODAY, at=None) == AgreementStatus.RENEWED
    assert Memorandum.objects.with_status(on=TODAY, at=None).get(pk=old.pk).status_now == AgreementStatus.RENEWED


def test_agreement_names_all_its_signings_and_parties(client):
    memorandum = make_memorandum(publish(make_city("Lille")), signed="15 October 1968", place="Lille",
                                 other_parties="Anglo-French Society", signatories_unknown=False)  # fmt: skip
    Signing.objects.create(memorandum=memorandum, date="11 April 1969", place="Leeds")
    Signatory.objects.create(memorandum=memorandum, office="Chair", party="Anglo-French Society")
    assert refusal(publish, memorandum) == ["signatories: no_signatory"]  # those of the cities are not among them
    for city in (None, *memorandum.cities.all()):
        Signatory.objects.create(memorandum=memorandum, office="Mayor", city=city)
    page = page_of(client, publish(memorandum))
    assert "<dt>Signed</dt><dd>15 October 1968</dd>" in page
    assert "<dt>Signed again</dt><dd>11 April 1969, Leeds</dd>" in page
    assert '<th scope="row">Anglo-French Society</th><td data-label="Signed">Chair</td>' in page
    assert "Anglo-French Society" in client.get("/agreements/").content.decode()


# An upgrade -----------------------------------------------------------------------------------------------------------

MIGRATION = import_module("partners.migrations.0012_status_becomes_changes")
OLD = {"status": "active", "status_on": "", "status_reason": "", "until": ""}


@pytest.mark.parametrize(
    ("old", "changes"),
    [
        ({}, []),
        ({"status": "proposed"}, []),
        ({"status_reason": "No matter."}, []),
        ({"status": "dormant", "status_reason": "R."}, [("dormant", "", "R.")]),
        ({"status": "suspended", "status_on": "2022", "status_reason": "R."}, [("suspended", "2022", "R.")]),
        ({"status": "ended", "until": "2012-09", "status_reason": "R."}, [("ended", "2012-09", "R.")]),
        ({"status": "ended", "status_on": "2011", "until": "2012", "status_reason": "R."}, [("ended", "2011", "R.")]),
        ({"until": "2012-09"}, [("ended", "2012-09", "It ended.")]),
        (
            {"status": "dormant", "status_on": "2010", "status_reason": "R.", "until": "2012"},
            [("dormant", "2010", "R."), ("ended", "2012", "R.")],
        ),
    ],
    ids=str,
)
def test_upgrade_makes_changes_of_what_stood_there(old, changes):
    found = MIGRATION.changes_of(OLD | old)
    assert [(change["status"], change["date"], change["reason"]) for change in found] == changes
    snapshot = {"fields": OLD | old | {"name": "Lille"}, "relations": {}, "parts": {"photos": []}}
    after = MIGRATION.rewrite(snapshot, keys=[7])
    assert after["fields"] == {"name": "Lille", "is_proposed": old.get("status") == "proposed"}
    keys = [7, MIGRATION.FIRST_OWN_KEY + 1][: len(changes)]
    assert [(row["pk"], row["fields"]["status"]) for row in after["parts"]["changes"]] == [
        (key, change[0]) for key, change in zip(keys, changes, strict=True)
    ]
    assert MIGRATION.rewrite(after, keys=[]) == after
