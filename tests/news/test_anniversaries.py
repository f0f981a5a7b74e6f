"""A round anniversary stands on the desk of the press a year ahead; the release about it begins with its facts."""

from datetime import UTC, datetime

import pytest

from news.models import PressRelease
from partners.models import Milestone
from tests.back_office import signed_in
from tests.desks import desk
from tests.factories import hide, make_city, make_memorandum, make_user, publish

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_round_years_are_announced_a_year_ahead_with_a_release_that_is_filled_in(time_machine):
    time_machine.move_to(NOW, tick=False)
    lille = publish(make_city("Lille", slug="lille", since="15 October 1967"))
    Milestone.objects.create(city=lille, date="15 October 1967", title="Signed", source="Minutes of the council, 1967")
    charter = publish(make_memorandum(lille, title="Charter", slug="charter", signed="1997"))
    for since in ("1960s", "15 October 1968", "15 October 1966"):
        publish(make_city(f"City of {since}", since=since))  # vague, too far away, no round year
    hide(make_city("Zanzimott", since="15 October 1967"), "scheduled", now=NOW)
    press = make_user("Press officer")
    section = desk(press)["anniversaries"]
    assert [line.name for line in section.lines] == ["60 years with Lille", "30 years since the signing of “Charter”"]
    assert section.lines[0].why.startswith("On 15 October 2027. Draft a release")
    assert section.lines[1].why.startswith("In 2027; nobody knows the day.")
    assert not section.asks
    assert "anniversaries" not in desk(make_user("Twinning editor"))

    client = signed_in(press)
    form = client.get(section.lines[0].url).context["adminform"].form
    assert form.initial["headline"] == "60 years with Lille"
    assert (
        "In 2027, Leeds and Lille look back on 60 years of partnership, since 15 October 1967." in form.initial["body"]
    )
    assert "Minutes of the council, 1967" in form.initial["notes_to_editors"]
    assert "/cities/lille/" in form.initial["notes_to_editors"]
    assert form.initial["cities"] == [lille.pk]
    about_charter = client.get(section.lines[1].url).context["adminform"].form.initial
    assert (about_charter["memoranda"], about_charter["cities"]) == ([charter.pk], [lille.pk])
    assert client.get("/admin/news/pressrelease/add/?anniversary=guess").context["adminform"].form.initial == {}
    assert not PressRelease.objects.exists()
