"""The life of an agreement: its status on any day, suspensions, terms and notice."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import combinations, count

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from partners.models import Memorandum, Suspension, life
from partners.models.life import Status
from tests.errors import refusal
from tests.factories import PAST, make_city, make_memorandum, publish
from twinning.core.fields.dates import stored_date

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)
NUMBERS = count(1)


def status_of(memorandum, *, on=TODAY, at=None):
    """The status by queryset and by instance, which must agree."""
    fresh = Memorandum.objects.get(pk=memorandum.pk)
    asked = Memorandum.objects.with_status(on=on, at=at).get(pk=memorandum.pk).status_now
    assert fresh.status(on=on, at=at) == asked
    return asked


@pytest.mark.parametrize(
    ("dates", "status"),
    [
        ({"signed": ""}, "planned"),
        ({"signed": "", "planned": "2022"}, "planned"),
        ({"signed": "2027-01"}, "planned"),
        ({"signed": "2018", "in_force": "2027-01-01"}, "planned"),
        ({"signed": "2018"}, "in-force"),
        ({"signed": "196X"}, "in-force"),
        ({"signed": "2018", "ends": "2040"}, "in-force"),
        ({"signed": "2018", "ends": "2027-05-20"}, "expiring"),
        ({"signed": "2018", "ends": "2026-11-21"}, "expiring"),
        ({"signed": "2018", "ends": "2027-05-21"}, "in-force"),
        ({"signed": "2018", "ends": "2026-11-20"}, "expired"),
        ({"signed": "2018", "ends": "2026-11-20", "renewal_months": 12}, "in-force"),
        ({"signed": "", "negotiated": "2025"}, "negotiated"),
        ({"signed": "", "negotiated": "2027"}, "planned"),
        ({"signed": "2027", "negotiated": "2025"}, "negotiated"),
        ({"signed": "2018", "negotiated": "2015"}, "in-force"),
        ({"signed": "2018", "suspensions": [{"begins": "March 2022"}]}, "suspended"),
        ({"signed": "2018", "suspensions": [{"begins": "2027"}]}, "in-force"),
        ({"signed": "2018", "suspensions": [{"begins": "2022", "ends": "2024"}]}, "in-force"),
        ({"signed": "2018", "suspensions": [{"begins": "2020", "ends": "2021"}, {"begins": "2026"}]}, "suspended"),
        ({"signed": "2018", "suspensions": [{"begins": "2022", "ends": "2026-11-21"}]}, "in-force"),
        ({"signed": "2018", "suspensions": [{"begins": "2022", "ends": "2026-11-22"}]}, "suspended"),
        ({"signed": "", "is_signed_on_unknown_day": True, "in_force": "2027"}, "planned"),
        (
            {"signed": "2018", "ended_on": "2027-03-01", "notice_on": date(2026, 8, 1), "end_reason": "By notice."},
            "expiring",
        ),
        ({"signed": "2018", "ended_on": "2027-03-01", "notice_on": date(2026, 12, 1), "end_reason": "x"}, "in-force"),
        ({"signed": "2018", "ended_on": "2028", "end_reason": "By notice."}, "in-force"),
        ({"signed": "2018", "ended_on": "2008", "end_reason": "Long ago."}, "ended"),
        ({"signed": "2018", "ended_on": "2022-03-01", "end_reason": "By notice."}, "ended"),
        ({"signed": "", "abandoned_on": "2022-03-01", "end_reason": "Elections."}, "abandoned"),
    ],
)
def test_status_follows_from_the_dates(dates, status):
    assert status_of(make_memorandum(**dates)) == status


def test_agreement_is_renewed_when_its_successor_is_signed():
    first = make_memorandum(signed="1969")
    second = make_memorandum(signed="", planned="2021", renews=first)
    assert status_of(first) == "in-force"
    second.signed = "2021-02-12"
    second.save()
    assert (status_of(first), status_of(second)) == ("renewed", "in-force")


def test_renewal_that_is_not_public_yet_does_not_show():
    city, now = make_city(), timezone.now()
    first = make_memorandum(city, signed="1969")
    second = make_memorandum(city, signed="2021", renews=first)
    assert status_of(first, at=now) == "in-force"
    publish(second)
    assert status_of(first, at=now) == "renewed"


def test_amended_agreement_stays_in_force():
    text = make_memorandum(signed="2003")
    make_memorandum(signed="2021-11-24", amends=text, kind="addendum")
    assert status_of(text) == "in-force"


# In the order in which one outweighs the next.
CAUSES = {
    "abandoned": {"signed": "", "abandoned_on": "2022-03-01"},
    "planned": {"signed": ""},
    "ended": {"ended_on": "2022-03-01"},
    "renewed": {},  # there is a signed successor
    "expired": {"ends": "2026-11-20"},
    "suspended": {"suspensions": [{"begins": "2022"}]},
    "expiring": {"ends": "2027-05-20"},
}


PAIRS = [pair for pair in combinations(CAUSES, 2) if pair != ("expired", "expiring")]  # an agreement has one end


@pytest.mark.parametrize(("outweighing", "other"), PAIRS)
def test_of_two_causes_one_outweighs_the_other(outweighing, other):
    memorandum = make_memorandum(**CAUSES[other] | CAUSES[outweighing], end_reason="A reason.")
    if "renewed" in (outweighing, other):
        make_memorandum(renews=memorandum)
    assert status_of(memorandum) == outweighing


YEARS = range(2000, 2031)
days = st.dates(date(2000, 1, 1), date(2030, 12, 31)).map(str)
dates = days | st.sampled_from([f"{year}" for year in YEARS] + [f"{year}-06" for year in YEARS] + ["200X", "201X"])
maybe = st.just("") | dates
spells = st.lists(st.tuples(dates, maybe).filter(lambda spell: spell[1] == "" or spell[0] <= spell[1]), max_size=2)
lives = st.fixed_dictionaries(
    {
        "negotiated": maybe, "signed": maybe, "in_force": maybe, "ends": maybe, "ended_on": maybe, "abandoned_on": maybe,
        "renewal_months": st.sampled_from([0, 12]), "is_signed_on_unknown_day": st.booleans(), "spells": spells,
        "notice_on": st.none() | st.dates(date(2000, 1, 1), date(2030, 12, 31)),
        "renews_earlier": st.booleans(), "is_public": st.booleans(),
    }
)  # fmt: skip
AT_ONCE = 500  # cases that are saved and asked for together


def possible(one: dict) -> Memorandum:
    """The agreement of a generated life, without what the database would refuse."""
    number = next(NUMBERS)
    plain = {name: value for name, value in one.items() if name not in ("spells", "renews_earlier", "is_public")}
    fields = {name: stored_date(value) if isinstance(value, str) else value for name, value in plain.items()}
    memorandum = Memorandum(title=f"{number}", slug=f"{number}", end_reason="A reason.", **fields)
    memorandum.is_signed_on_unknown_day &= not memorandum.signed
    memorandum.in_force = memorandum.in_force if memorandum.is_signed else ""
    memorandum.abandoned_on = "" if memorandum.is_signed else memorandum.abandoned_on
    signed, in_force, ends = memorandum.signed, memorandum.in_force, memorandum.ends
    if signed and in_force and signed.earliest > in_force.latest:
        memorandum.in_force = ""
    begins = memorandum.in_force_earliest or memorandum.signed_earliest
    if ends and begins and ends.latest < begins:
        memorandum.ends = ""
    if one["is_public"]:
        memorandum.approved_at, memorandum.publish_at = PAST, PAST
    return memorandum


def save_all(lives: list[dict], *, by) -> None:
    """Save agreements of which some renew the one before, with their suspensions, in three statements."""
    memoranda = [possible(one) for one in lives]
    for memorandum in memoranda:
        memorandum.approved_by = by if memorandum.approved_at else None
    Memorandum.objects.bulk_create(memoranda)
    pairs = list(zip(memoranda, memoranda[1:], lives[1:], strict=False))
    for before, memorandum, one in pairs:
        memorandum.renews = before if one["renews_earlier"] else None
    Memorandum.objects.bulk_update([memorandum for _before, memorandum, _one in pairs], ["renews"])
    Suspension.objects.bulk_create(
        Suspension(memorandum=memorandum, begins=stored_date(begins), ends=stored_date(ends), reason="War.")
        for memorandum, one in zip(memoranda, lives, strict=True)
        for begins, ends in one["spells"]
    )


def test_queryset_and_instance_agree_on_ten_thousand_cases(superuser, monkeypatch):
    monkeypatch.setattr(life, "lead_time", lambda: timedelta(days=1500))  # so that all statuses are met often
    now, seen = timezone.now(), Counter()
    cases = []

    @settings(max_examples=AT_ONCE, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(one=lives)
    def collect(one):
        cases.append(one)

    collect()
    save_all(cases, by=superuser)
    on_days = [date(2000 + 3 * number, 1 + number % 12, 1 + 3 * number % 28) for number in range(10)]
    for at in (None, now):
        for on in on_days:
            asked = (
                Memorandum.objects.with_status(on=on, at=at)
                .select_related("renewed_by")
                .prefetch_related("suspensions")
            )
            for memorandum in asked:
                assert memorandum.status(on=on, at=at) == memorandum.status_now, (vars(memorandum), on, at)
                seen[memorandum.status_now] += 1
    assert seen.total() >= 10_000
    assert min(seen[status] for status in Status) > 10, seen


@pytest.mark.parametrize("change", [
    {"signed": "2026-11-21"}, {"signed": "2026-11-21", "in_force": "2026-12"}, {"abandoned_on": "2026-11-21"}, {"negotiated": "2026-11-21"},
    {"signed": "2018", "ended_on": "2026-11-21"}, {"signed": "2018", "suspensions": [{"begins": "2026-11-21"}]},
    {"signed": "2018", "suspensions": [{"begins": "2026", "ends": "2026-11-21"}]},
])  # fmt: skip
def test_what_happens_today_changes_no_past_day(change):
    known = {name: value for name, value in change.items() if not str(value).startswith("2026")}
    known["suspensions"] = [spell | {"ends": ""} for spell in known.get("suspensions", []) if spell["begins"] == "2026"]
    before, after = (make_memorandum(**{"signed": "", "end_reason": "x"} | fields) for fields in (known, change))
    for days in (1, 30, 300, 3000, 5000):
        past = TODAY - timedelta(days=days)
        assert status_of(before, on=past) == status_of(after, on=past)


def test_renewal_of_today_changes_no_past_day():
    first = make_memorandum(signed="1969")
    make_memorandum(signed="2021-02-12", in_force="2021-07-01", renews=first)
    asked = [status_of(first, on=day) for day in (date(1996, 5, 1), date(2021, 6, 30), date(2021, 7, 1))]
    assert asked == ["in-force", "in-force", "renewed"]


def test_lead_time_is_a_setting(settings):
    memorandum = make_memorandum(ends="2027-11-01")
    assert status_of(memorandum) == "in-force"
    settings.AGREEMENT_EXPIRING_DAYS = 365
    assert status_of(memorandum) == "expiring"


@pytest.mark.parametrize(
    ("terms", "on", "decision"),
    [
        ({"ends": "2025-05-31"}, "2026-11-21", "2027-03-02"),
        ({"ends": "2025-05-31"}, "2027-03-02", "2027-03-02"),
        ({"ends": "2025-05-31"}, "2027-03-03", "2028-03-02"),
        ({"ends": "2030"}, "2026-11-21", "2030-10-02"),
        ({"ends": "2024-02-29", "notice_days": 0}, "2026-11-21", "2027-02-28"),
        ({"ends": "2025-05-31", "renewal_months": 0}, "2026-11-21", None),
        ({"ends": ""}, "2026-11-21", None),
        ({"ends": "2025-05-31", "notice_on": date(2026, 1, 1)}, "2026-11-21", None),
    ],
)
def test_next_decision_is_the_last_day_for_notice(terms, on, decision):
    memorandum = make_memorandum(**{"renewal_months": 12, "notice_days": 90} | terms)
    assert memorandum.next_decision(on=date.fromisoformat(on)) == (decision and date.fromisoformat(decision))


@pytest.mark.parametrize(
    ("given", "end", "is_late"), [("2026-03-02", "2026-05-31", False), ("2026-03-03", "2027-05-31", True)]
)
def test_late_notice_ends_the_next_term_and_warns(given, end, is_late):
    notice = date.fromisoformat(given)
    memorandum = make_memorandum(ends="2025-05-31", renewal_months=12, notice_days=90, notice_on=notice)
    assert memorandum.end_after_notice(notice) == date.fromisoformat(end)
    assert [bool(re.search("too late", doubt)) for doubt in memorandum.doubts()] == [True] * is_late


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"signed": "2018", "ends": "2018"}, 1),
        ({"signed": "2018-09", "in_force": "2018"}, 1),
        ({"signed": "2018-09-01", "in_force": "2018-09-01", "ends": "2019"}, 0),
        ({"negotiated": "2018", "signed": "2018"}, 1),
        ({"signed": "2018", "suspensions": [{"begins": "2020", "ends": "2020"}]}, 1),
        ({"signed": "2018", "suspensions": [{"begins": "2020"}, {"begins": "2021"}]}, 0),
        ({"signed": "2018", "renewal_months": 12}, 1),
    ],
)
def test_dates_that_overlap_only_warn(fields, number):
    memorandum = make_memorandum(**fields)
    memorandum.full_clean()
    assert len(memorandum.doubts()) == number


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ended_on": "2017", "end_reason": "x"}, "ended_on: ends_before_beginning"),
        ({"negotiated": "2019"}, "negotiated: negotiated_after_signing"),
        ({"renewal_months": 6, "notice_days": 200}, "notice_days: notice_too_long"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(fields, said):
    memorandum = make_memorandum()
    for name, value in fields.items():
        setattr(memorandum, name, value)
    assert refusal(memorandum.full_clean) == [said]


def test_suspension_lies_within_the_agreement():
    memorandum = make_memorandum(signed="2018")
    assert refusal(Suspension(memorandum=memorandum, begins="2017", reason="War.").full_clean) == ["begins: too_early"]
    spell = Suspension(memorandum=memorandum, begins="2020", ends="2019", reason="War.")
    assert refusal(spell.full_clean) == ["partners_suspension_ends_after_it_begins"]


@pytest.mark.parametrize(
    ("begin", "ends", "proposed"),
    [
        ("12 February 2021", "11 February 2026", "2031-02-11"),
        ("1 March 2019", "29 February 2024", "2029-02-28"),
        ("1 March 2021", "28 February 2026", "2031-02-28"),
        ("30 November 2020", "15 January 2021", "2021-03-04"),
        ("2021", "2026", "2031"),
        ("12 February 2021", "2026", "2031"),
        ("1 January 2021", "2025", "2030"),
        ("2021", "30 June 2026", "2031"),
        ("July 2021", "June 2026", "2031-06"),
        ("1 July 2021", "June 2026", "2031-06"),
        ("15 June 2021", "June 2026", "2031-06"),
        ("2021", "", None),
        ("2021", "about 2026", None),
        ("2021", "spring 2026", None),
        ("2021", "2021", None),
        ("1990s", "2026", None),
        ("2021", "31 December 9999", None),
    ],
)
def test_another_term_is_as_long_as_the_first_and_no_more_precise(begin, ends, proposed):
    memorandum = Memorandum(signed=begin, ends=ends)
    assert (memorandum.next_end and memorandum.next_end.edtf) == proposed


def test_no_other_term_is_proposed_where_it_renews_itself_or_was_ended():
    term = {"signed": "2021", "ends": "2026"}
    assert Memorandum(**term).next_end
    assert not Memorandum(**term, renewal_months=12).next_end
    assert not Memorandum(**term, ended_on="2024").next_end
