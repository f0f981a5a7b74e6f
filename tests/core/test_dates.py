"""Partial dates: read from words, printed as precisely as known, compared by what they can mean."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from twinning.core.dates import PartialDate


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
    ],
)
def test_date_is_read_from_words_and_printed_in_words(typed, edtf, printed):
    value = PartialDate.parse(typed)
    assert (value.edtf, str(value)) == (edtf, printed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31 February 1969", "no such day"),
        ("1969-13", "no such day"),
        ("29 February 2021", "no such day"),
        ("0000", "no such day"),
        ("196?", "not a date we can read"),
        ("yesterday", "not a date we can read"),
        ("", "not a date we can read"),
        ("2 Juny 1969", "no month called “juny”"),
        ("2021 to 2003", "ends before it begins"),
        ("99999", "not a date we can read"),
        ("2020-21", "not a date we can read"),
        ("2020-24 to 2021", "not a date we can read"),
    ],
)
def test_what_is_no_date_is_refused_with_the_remedy(typed, said):
    with pytest.raises(ValidationError) as refused:
        PartialDate.parse(typed)
    assert said in refused.value.messages[0]


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest"),
    [
        ("196X", date(1960, 1, 1), date(1969, 12, 31)),
        ("1988", date(1988, 1, 1), date(1988, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("1969-06-02", date(1969, 6, 2), date(1969, 6, 2)),
        ("1991~", date(1991, 1, 1), date(1991, 12, 31)),
        ("2003/2021-11-24", date(2003, 1, 1), date(2021, 11, 24)),
    ],
)
def test_date_stands_for_all_the_days_it_can_mean(edtf, earliest, latest):
    value = PartialDate.parse(edtf)
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


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)))
def test_every_day_survives_the_way_through_words(day):
    printed = str(PartialDate.parse(day.isoformat()))
    value = PartialDate.parse(printed)
    assert (value.earliest, value.latest) == (day, day)


EDTF = st.from_regex(r"[12][0-9]{2}X|[12][0-9]{3}(-[0-4][0-9](-[0-3][0-9])?)?[~?%]?(/2[0-9]{3})?", fullmatch=True)


@given(EDTF)
def test_what_is_read_can_be_printed_and_read_again(text):
    try:
        value = PartialDate.parse(text)
    except ValidationError:
        return
    again = PartialDate.parse(str(value))
    assert (again.earliest, again.latest) == (value.earliest, value.latest)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_but_never_fails(text):
    try:
        PartialDate.parse(text)
    except ValidationError:
        pass
