"""Partial dates: read from words, printed as precisely as known, compared by what they can mean."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from time import process_time

import edtf
import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings
from django.utils.dateformat import format as format_date
from django.utils.translation import override
from hypothesis import example, given
from hypothesis import strategies as st

from tests.back_office import press
from tests.factories import make_city
from twinning.core.fields import dates
from twinning.core.fields.date_words import day_in_words
from twinning.core.fields.dates import PartialDate
from twinning.core.fields.moments import moment_in_words
from twinning.core.history.snapshots import put_back, take


@pytest.mark.parametrize(
    ("typed", "edtf", "printed"),
    [
        ("1960s", "196X", "1960s"),
        ("the 1960s", "196X", "1960s"),
        ("1988", "1988", "1988"),
        ("about 1991", "1991~", "about 1991"),
        ("c. 1991", "1991~", "about 1991"),
        ("perhaps 1989", "1989?", "perhaps 1989"),
        ("February 2021", "2021-02", "February 2021"),
        ("sept. 2018", "2018-09", "September 2018"),
        ("2 June 1969", "1969-06-02", "2 June 1969"),
        ("2nd june 1969", "1969-06-02", "2 June 1969"),
        ("12/02/2021", "2021-02-12", "12 February 2021"),
        ("12.2.2021", "2021-02-12", "12 February 2021"),
        ("1969-06-02", "1969-06-02", "2 June 1969"),
        ("2003/2021", "2003/2021", "2003 to 2021"),
        ("2003 to 2021", "2003/2021", "2003 to 2021"),
        ("1940s–1950s", "194X/195X", "1940s to 1950s"),
        ("about 1960s", "196X~", "about 1960s"),
        ("  2   June 1969 ", "1969-06-02", "2 June 1969"),
        ("early 1990s", "[1990..1993]", "early 1990s"),
        ("mid-1960s", "[1964..1966]", "mid-1960s"),
        ("late 1960s", "[1967..1969]", "late 1960s"),
        ("late 19th century", "[1867..1899]", "late 19th century"),
        ("before 1949", "[..1948]", "before 1949"),
        ("before 1 March 1948", "[..1948-02-29]", "before 1 March 1948"),
        ("before January 1949", "[..1948-12]", "before January 1949"),
        ("before the 1950s", "[..1949]", "before 1950"),
        ("after 1949", "[1950..]", "after 1949"),
        ("1988 or 1989", "[1988,1989]", "1988 or 1989"),
        ("1940s or 1950s", "[194X,195X]", "1940s or 1950s"),
        ("between 1988 and 1992", "[1988..1992]", "between 1988 and 1992"),
        ("1968/69", "[1968..1969]", "1968/69"),
        ("1999/00", "[1999..2000]", "1999/00"),
        ("1968 to 1969", "1968/1969", "1968 to 1969"),
        ("2020-21", "2020/2021", "2020 to 2021"),
        ("2011–12", "2011/2012", "2011 to 2012"),
        ("spring 2021", "2021-21", "spring 2021"),
        ("Fall 2020", "2020-23", "autumn 2020"),
        ("winter 1968/69", "1968-12/1969-02", "winter 1968/69"),
        ("19th century", "18XX", "19th century"),
        ("the 21st century", "20XX", "21st century"),
        ("836", "0836", "836"),
        ("about 836", "0836~", "about 836"),
        ("3 May 836", "0836-05-03", "3 May 836"),
        ("830s", "083X", "830s"),
        ("04/2021", "2021-04", "April 2021"),
        ("from 2003 to 2021", "2003/2021", "2003 to 2021"),
    ],
)
def test_date_is_read_from_words_and_printed_in_words(typed, edtf, printed):
    value = PartialDate.parse(typed)
    assert (value.edtf, str(value)) == (edtf, printed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31 February 1969", "no_such_day"),
        ("1969-13", "no_such_day"),
        ("29 February 2021", "no_such_day"),
        ("0000", "no_such_day"),
        ("196?", "not_a_date"),
        ("yesterday", "not_a_date"),
        ("", "not_a_date"),
        ("2 Junny 1969", "no_such_month"),
        ("2021 to 2003", "ends_before_it_begins"),
        ("99999", "not_a_date"),
        ("2020-24 to 2021", "not_a_date"),
        ("2011-12", "month_or_span"),
        ("2003-05", "month_or_span"),
        ("2011 to 2011-12", "month_or_span"),
        ("68/69", "not_a_date"),
        ("early 1990s to 2003", "not_a_date"),
        ("before 1", "no_such_day"),
        ("between 1992 and 1988", "ends_before_it_begins"),
    ],
)
def test_what_is_no_date_is_refused_with_the_remedy(typed, code):
    with pytest.raises(ValidationError) as refused:
        PartialDate.parse(typed)
    assert refused.value.code == code
    assert (typed.split()[-1] if typed else "") in refused.value.messages[0]


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest"),
    [
        ("196X", date(1960, 1, 1), date(1969, 12, 31)),
        ("1988", date(1988, 1, 1), date(1988, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("1969-06-02", date(1969, 6, 2), date(1969, 6, 2)),
        ("1991~", date(1991, 1, 1), date(1991, 12, 31)),
        ("2003/2021-11-24", date(2003, 1, 1), date(2021, 11, 24)),
        ("[1988,1989]", date(1988, 1, 1), date(1989, 12, 31)),
        ("[1989,1988]", date(1988, 1, 1), date(1989, 12, 31)),
        ("[..1948]", date.min, date(1948, 12, 31)),
        ("[1950..]", date(1950, 1, 1), date.max),
        ("2020-21", date(2020, 3, 1), date(2020, 5, 31)),
        ("2020-24", date(2020, 1, 1), date(2021, 2, 28)),
        ("18XX", date(1800, 1, 1), date(1899, 12, 31)),
        ("0836-02", date(836, 2, 1), date(836, 2, 29)),
    ],
)
def test_date_stands_for_all_the_days_it_can_mean(edtf, earliest, latest):
    value = PartialDate.stored(edtf)
    assert (value.earliest, value.latest) == (earliest, latest)


@pytest.mark.parametrize(
    ("since", "years"),
    [
        ("1969-06-02", 57),
        ("1969", 57),
        ("2021-02", 5),
        ("196X", None),
        ("1991~", None),
        ("2003/2021", None),
        ("2026", None),
    ],
)
def test_years_are_counted_only_from_a_year_that_is_certain(since, years):
    assert PartialDate.parse(since).full_years(on=date(2026, 11, 21)) == years


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("15. Oktober 1968", "15 October 1968"),
        ("Oktober 1968", "October 1968"),
        ("1. März 1948", "1 March 1948"),
        ("5 ao\u0302ut 1968", None),
        ("5 aou\u0302t 1968", "5 August 1968"),
        ("1er mai 1968", "1 May 1968"),
        ("15. října 1968", "15 October 1968"),
        ("15. októbra 1968", "15 October 1968"),
        ("15. oktobra 1968", "15 October 1968"),
        ("15. марта 1968", "15 March 1968"),
        ("2. januarja 1969", "2 January 1969"),
        ("říjen 1968", "October 1968"),
        ("15 oktober 1968", "15 October 1968"),
        ("15 de octubre de 1968", "15 October 1968"),
        ("15 października 1968", "15 October 1968"),
        ("um 1991", "about 1991"),
        ("vers 1991", "about 1991"),
        ("1960er", "1960s"),
        ("1960er Jahre", "1960s"),
        ("années 1960", "1960s"),
        ("Anfang der 1990er Jahre", "early 1990s"),
        ("vor dem 1. März 1948", "before 1 March 1948"),
        ("1988 oder 1989", "1988 or 1989"),
        ("von 2003 bis 2021", "2003 to 2021"),
        ("October 15, 1968", "15 October 1968"),
        ("1968/10/15", "15 October 1968"),
        ("1968. 10. 15.", "15 October 1968"),
    ],
)
def test_date_is_read_in_the_words_of_the_partners(typed, printed):
    value = read(typed)
    assert (str(value) if value else None) == printed


# Where the language has a genitive, a date has it: “15. října” beside “říjen”.
@pytest.mark.parametrize("pattern", ["F Y", "E Y", "j. F Y", "j E Y", "j. E Y", "j M Y"])
@pytest.mark.parametrize(
    "language", ["de", "fr", "cs", "nl", "da", "sv", "pl", "it", "es", "pt", "hu", "ru", "uk", "el", "tr"]
)
def test_every_month_is_read_in_the_language_in_which_it_was_printed(language, pattern):
    """What is October in Croatian and November in Czech is a question, which names both."""
    for month in range(1, 13):
        day = date(1968, month, 15)
        with override(language):
            typed = format_date(day, pattern)
        if value := read(typed):
            assert (value.earliest.month, value.earliest <= day <= value.latest) == (month, True), typed
        else:
            with pytest.raises(ValidationError, match=f"can mean .*{day:%B} 1968") as asked:
                PartialDate.parse(typed)
            assert asked.value.code == "two_meanings"


def test_month_that_is_another_one_in_another_language_is_a_question():
    with pytest.raises(ValidationError, match="can mean 12 October 1968 or 12 November 1968"):
        PartialDate.parse("12 listopad 1968")


@pytest.mark.parametrize(
    ("country", "typed", "printed"),
    [
        *((country, "04/07/1998", "4 July 1998") for country in ("GB", "IE", "DE", "FR", "CZ", "AU")),
        ("US", "04/07/1998", "7 April 1998"),
        ("CA", "04.07.1998", "4 July 1998"),
        *((country, "31/12/1998", "31 December 1998") for country in ("GB", "US", "CA")),
        *((country, "12/31/1998", "31 December 1998") for country in ("GB", "US", "CA")),
        *((country, "04/04/1998", "4 April 1998") for country in ("GB", "US", "CA")),
        *((country, "1998-07-04", "4 July 1998") for country in ("GB", "US", "CA")),
        *((country, "15.10.1968", "15 October 1968") for country in ("GB", "US", "CA")),
    ],
)
def test_country_of_the_council_says_which_figure_is_the_month(settings, country, typed, printed):
    settings.COUNTRY = country
    assert format_date(PartialDate.parse(typed).earliest, "j F Y") == printed


@pytest.mark.parametrize(("country", "typed"), [("CA", "04/07/1998"), ("JP", "04/07/1998"), ("US", "04.07.1998")])
def test_where_the_country_does_not_settle_it_the_month_is_asked_for(settings, country, typed):
    settings.COUNTRY = country
    readings = "4 July 1998 or 7 April 1998" if country == "JP" else "July 4, 1998 or April 7, 1998"
    with pytest.raises(ValidationError) as asked:
        PartialDate.parse(typed)
    assert asked.value.messages == [f"“{typed}” can mean {readings}. Write the one that you mean."]


@given(
    st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)), st.sampled_from(["GB", "DE", "US", "CA", "JP"])
)
def test_figures_are_read_as_a_day_that_they_can_mean_or_asked_for(day, country):
    """By a country that writes so, the same day is read again; another one asks, or reads the only other day there is."""
    with override_settings(COUNTRY=country):
        for typed in (f"{day:%d/%m/%Y}", f"{day:%m/%d/%Y}", f"{day.day}.{day.month}.{day.year}"):
            value, is_open = read(typed), max(day.day, day.month) <= 12 and day.day != day.month
            possible = {day, day.replace(day=day.month, month=day.day)} if is_open else {day}
            assert value.earliest in possible if value else is_open
    for settled, pattern in (("DE", "%d/%m/%Y"), ("US", "%m/%d/%Y")):
        with override_settings(COUNTRY=settled):
            assert PartialDate.parse(f"{day:{pattern}}").earliest == day


def test_question_names_both_that_can_be_meant():
    with pytest.raises(ValidationError, match="can mean December 2011 or 2011 to 2012"):
        PartialDate.parse("2011-12")


def test_what_is_stored_is_no_question():
    assert str(PartialDate.stored("2011-12")) == "December 2011"
    assert str(PartialDate.stored("2020-21")) == "spring 2020"


@pytest.mark.parametrize(("latitude", "months"), [(53.8, (3, 9)), (-41.3, (9, 3))])
def test_seasons_are_those_of_the_council(settings, latitude, months):
    settings.HOME_LATITUDE = latitude
    assert tuple(dates._bounds_of_season(2021, season)[0].month for season in (21, 23)) == months


@pytest.mark.django_db
def test_season_survives_the_database_a_form_and_a_snapshot():
    city = make_city(since="spring 2020", anniversaries_from="before 2031")
    city.refresh_from_db()
    assert (str(city.since), city.since_earliest) == ("spring 2020", date(2020, 3, 1))
    put_back(city, take(city) | {"fields": take(city)["fields"] | {"decision_on": "2020-22"}})
    city.refresh_from_db()
    dates = (city.since, city.anniversaries_from, city.decision_on)
    assert [str(date) for date in dates] == ["spring 2020", "before 2031", "summer 2020"]


COUNTRIES = st.sampled_from(["GB", "US", "CA"])


@given(st.dates(min_value=date(100, 1, 1), max_value=date(2999, 12, 31)), COUNTRIES)
@example(date(836, 10, 5), "US")
def test_every_day_survives_the_way_through_words(day, country):
    with override_settings(COUNTRY=country):
        printed = str(PartialDate.parse(day.isoformat()))
        value = PartialDate.parse(printed)
    assert (value.earliest, value.latest) == (day, day)


@pytest.mark.parametrize(
    ("country", "words", "moment"),
    [
        ("GB", "2 June 1969", "Thursday 4 March 2027, 00:01 GMT"),
        ("DE", "2 June 1969", "Thursday 4 March 2027, 00:01 GMT"),
        ("US", "June 2, 1969", "Thursday, March 4, 2027, 00:01 GMT"),
        ("CA", "June 2, 1969", "Thursday, March 4, 2027, 00:01 GMT"),
    ],
)
def test_dates_are_printed_as_the_country_of_the_council_writes_them(settings, country, words, moment):
    settings.COUNTRY = country
    assert str(PartialDate.of(date(1969, 6, 2))) == day_in_words(date(1969, 6, 2)) == words
    assert str(PartialDate.parse("1969-06-02/1970-01")) == f"{words} to January 1970"
    assert moment_in_words(datetime(2027, 3, 4, 0, 1, tzinfo=UTC)) == moment


YEARS = st.integers(100, 2999).map(str)
DECADES = st.integers(10, 299).map(lambda decade: f"{decade}0s")
CENTURIES = st.integers(4, 20).map(lambda number: f"{number}th century")
MONTHS = st.builds("{} {}".format, st.sampled_from(["January", "Feb", "sept."]), YEARS)
SEASONS = st.builds("{} {}".format, st.sampled_from(["spring", "summer", "autumn"]), YEARS)
DAYS = st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)).map(date.isoformat)
POINTS = st.one_of(YEARS, DECADES, CENTURIES, MONTHS, SEASONS, DAYS)
PHRASES = st.one_of(
    POINTS,
    st.builds("{} {}".format, st.sampled_from(["about", "perhaps", "before", "after"]), POINTS),
    st.builds("{} {}".format, st.sampled_from(["early", "mid", "late"]), st.one_of(DECADES, CENTURIES)),
    st.builds("{} or {}".format, POINTS, POINTS),
    st.builds("{} to {}".format, POINTS, POINTS),
    st.builds("between {} and {}".format, POINTS, POINTS),
    st.integers(1000, 2998).map(lambda year: f"{year}/{(year + 1) % 100:02}"),
)


def read(text) -> PartialDate | None:
    with suppress(ValidationError):
        return PartialDate.parse(text)


@given(PHRASES, COUNTRIES)
@example("winter 1968/69", "GB")
@example("1999/00", "GB")
def test_what_is_read_can_be_printed_and_read_again(text, country):
    with override_settings(COUNTRY=country):
        if value := read(text):
            assert PartialDate.parse(str(value)) == PartialDate.stored(value.edtf) == value


@given(st.one_of(POINTS, st.builds("{} to {}".format, POINTS, POINTS), st.builds("{} or {}".format, POINTS, POINTS)))
def test_no_year_is_printed_that_was_not_said(text):
    if value := read(text):
        assert set(re.findall(r"\d{3,4}", str(value))) <= {year.lstrip("0") for year in re.findall(r"\d{3,4}", text)}
        assert value.year is None or str(value.year) in text


@given(PHRASES)
def test_what_is_stored_is_edtf_by_the_judgement_of_another(text):
    """A library reads it, and finds the same days.

    It knows no uncertain season, no days of an open set, and no set from a year to a month.
    """
    value = read(text)
    if not value or re.search(r"-2[1-4][~?]", value.edtf):
        return
    if ".." in value.edtf and len({len(end) for end in value.edtf.strip("[]").split("..") if end}) > 1:
        return
    parsed = edtf.parse_edtf(value.edtf)
    if value.edtf.startswith("[..") or value.edtf.endswith("..]"):
        return
    bounds = [date(*moment[:3]) for moment in (parsed.lower_strict(), parsed.upper_strict())]
    assert bounds == [value.earliest, value.latest]


@given(st.one_of(st.text(max_size=30), st.text("0123456789X-/[].,~?o r", max_size=20)))
def test_any_text_is_read_or_refused_but_never_fails(text):
    for reader in (PartialDate.parse, PartialDate.stored):
        with suppress(ValidationError):
            assert str(reader(text))


@pytest.mark.django_db
def test_form_asks_which_is_the_month_and_keeps_what_was_typed(settings, editor):
    settings.COUNTRY = "CA"
    city = make_city(since="1969")
    page = press(editor, city, since="04/07/1998").content.decode()
    assert "“04/07/1998” can mean July 4, 1998 or April 7, 1998. Write the one that you mean." in page
    assert 'value="04/07/1998"' in page
    assert press(editor, city, since="15. Oktober 1968").status_code == 302
    city.refresh_from_db()
    assert (city.since.edtf, str(city.since)) == ("1968-10-15", "October 15, 1968")


@pytest.mark.parametrize("text", ["x" * 99_999, "a 1, " * 20_000, "between " * 9_000], ids=["word", "days", "between"])
def test_page_pasted_into_a_date_is_refused_at_once(text):
    started = process_time()
    with pytest.raises(ValidationError) as refused:
        PartialDate.parse(text)
    assert refused.value.code == "not_a_date"
    assert process_time() - started < 0.5
