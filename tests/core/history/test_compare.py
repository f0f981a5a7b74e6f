"""The differences between two states of a record, as people read them."""

import time
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Group, Permission
from hypothesis import given
from hypothesis import strategies as st

from news.models.photo_calls import Kind
from partners.models import City, Document, Focus, Memorandum, Milestone, Signatory
from tests.factories import (
    PAST,
    SCAN,
    make_city,
    make_document,
    make_memorandum,
    make_release,
    make_theme,
    make_user,
)
from twinning.core.history.compare import differences
from twinning.core.history.events import EventKind, note
from twinning.core.history.snapshots import take
from twinning.core.history.text_diff import word_diff

pytestmark = pytest.mark.django_db


def changed(record, **changes) -> list:
    """The differences that changed fields make."""
    before = take(record)
    for name, value in changes.items():
        setattr(record, name, value)
    record.save()
    return differences(type(record), before, take(record))


def side_by_side(found) -> list[tuple[str, str, str, str]]:
    return [(one.place, one.label, one.before, one.after) for one in found]


# Fields ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "label", "before", "after"),
    [
        ({"summary": "Friends."}, "Summary", "A friendship with Dortmund.", "Friends."),
        ({"kind": "friendship"}, "Kind of partnership", "Twin city", "Friendship"),
        ({"hue": 7}, "Colour", "Colour 1", "Colour 7"),
        ({"country": "CZ"}, "Country", "Germany", "Czechia"),
        ({"since": "about 1968"}, "Since", "1969", "about 1968"),
        ({"review_on": date(2027, 3, 4)}, "Look at this page again on", "", "4 March 2027"),
        ({"latitude": "50"}, "Latitude", "51.51360", "50.00000"),
        ({"story": "<p>Long ago.</p><p>Since then.</p>"}, "Story", "", "Long ago.\nSince then."),
    ],
)
def test_field_is_compared_in_words(changes, label, before, after):
    assert side_by_side(changed(make_city(), **changes)) == [("", label, before, after)]


def test_moment_is_shown_with_its_zone():
    found = changed(make_release(), event_starts_at=datetime(2027, 7, 1, 8, 30, tzinfo=UTC))
    assert side_by_side(found) == [("", "When", "", "Thursday 1 July 2027, 09:30 BST")]


def test_boolean_is_yes_or_no():
    found = changed(make_memorandum(), signatories_unknown=False)
    assert side_by_side(found) == [("", "Signatories unknown", "yes", "no")]


def test_equal_fields_are_left_out():
    city = make_city()
    assert differences(City, take(city), take(city)) == []


def test_field_that_one_snapshot_does_not_have_is_left_out():
    state = take(make_city())
    older = state | {"fields": {name: value for name, value in state["fields"].items() if name != "summary"}}
    assert differences(City, older, state) == []


def test_key_names_part_and_field():
    city = make_city()
    before = take(city)
    milestone = Milestone.objects.create(city=city, date="1969", title="Oath")
    between = take(city)
    City.objects.update(summary="New.")
    Milestone.objects.update(title="Charter")
    assert [one.key for one in differences(City, between, take(city))] == [
        ("", None, "summary"),
        ("milestones", milestone.pk, "title"),
    ]
    assert {one.key[:2] for one in differences(City, before, between)} == {("milestones", milestone.pk)}


# Related records ------------------------------------------------------------------------------------------------------


def test_related_records_are_shown_by_their_names():
    memorandum, dortmund, brno = make_memorandum(), make_city(), make_city("Brno")
    memorandum.cities.set([brno])
    before = take(memorandum)
    memorandum.cities.set([dortmund, brno])
    found = differences(Memorandum, before, take(memorandum))
    assert side_by_side(found) == [("", "Partner cities", "Brno", "Brno, Dortmund")]


def test_colleague_is_shown_by_the_full_name():
    found = changed(make_city(), owner=make_user(first_name="Ann", last_name="Editor"))
    assert [one.after for one in found] == ["Ann Editor"]


def test_record_that_was_deleted_is_shown_by_the_name_that_it_had():
    memorandum, cities = make_memorandum(), [make_city(), make_city("Brno")]
    memorandum.cities.set(cities)
    before = take(memorandum)
    memorandum.cities.clear()
    note(cities[0], EventKind.DELETE, by=None, at=PAST)
    for city in cities:
        city.delete()
    found = differences(Memorandum, before, take(memorandum))
    assert side_by_side(found) == [
        ("", "Partner cities", "something since deleted, “Dortmund”, since deleted", ""),
    ]


def test_number_of_queries_does_not_grow_with_related_records(django_assert_max_num_queries):
    city = make_city()
    before = take(city)
    for number in range(30):
        Focus.objects.create(city=city, theme=make_theme(f"Theme {number}"))
    state = take(city)
    with django_assert_max_num_queries(2):
        found = differences(City, before, state)
    assert len(found) == 30


def test_names_that_need_other_records_come_in_as_few_queries(django_assert_max_num_queries):
    role = Group.objects.create(name="Helpers")
    before = take(role)
    role.permissions.set(Permission.objects.filter(codename__startswith="view_"))
    state = take(role)
    with django_assert_max_num_queries(2):
        [found] = differences(Group, before, state)
    assert "city | Can view city" in found.after


# Parts ----------------------------------------------------------------------------------------------------------------


def test_part_that_was_added_or_removed_says_so_and_what_it_holds():
    city = make_city()
    without = take(city)
    Milestone.objects.create(city=city, date="2 June 1969", title="Oath of friendship")
    added = differences(City, without, take(city))
    assert side_by_side(added) == [
        ("Milestone added: Oath of friendship", "Date", "", "2 June 1969"),
        ("Milestone added: Oath of friendship", "What happened", "", "Oath of friendship"),
    ]
    removed = differences(City, take(city), without)
    assert {(one.place, one.part_change) for one in removed} == {("Milestone removed: Oath of friendship", "removed")}


def test_changed_part_is_shown_by_its_name():
    city = make_city()
    focus = Focus.objects.create(city=city, theme=make_theme("Sport"))
    before = take(city)
    Focus.objects.filter(pk=focus.pk).update(note="Football")
    assert side_by_side(differences(City, before, take(city))) == [
        ("Theme of the partnership: Sport", "Note", "", "Football")
    ]


def test_part_without_a_name_is_shown_by_its_kind():
    memorandum = make_memorandum()
    before = take(memorandum)
    Signatory.objects.create(memorandum=memorandum, city=make_city(), office="")
    found = differences(Memorandum, before, take(memorandum))
    assert side_by_side(found) == [("Signatory added", "Signs for", "", "Dortmund")]


def test_part_that_refers_to_a_deleted_record_is_shown():
    city, theme = make_city(), make_theme("Sport")
    focus = Focus.objects.create(city=city, theme=theme)
    before = take(city)
    focus.delete()
    theme.delete()
    found = differences(City, before, take(city))
    assert side_by_side(found) == [("Theme of the partnership removed", "Theme", "something since deleted", "")]


# Files and rich text --------------------------------------------------------------------------------------------------


def test_file_is_shown_by_the_name_under_which_it_was_uploaded():
    memorandum = make_memorandum()
    document = make_document(memorandum, name="scan.pdf", content=SCAN.ljust(2048))
    before = take(memorandum)
    new = make_document(memorandum, name="text.pdf", content=SCAN.ljust(4096))
    Document.objects.filter(pk=document.pk).update(file=new.file.name, name=new.name, size=new.size)
    new.delete()
    found = differences(Memorandum, before, take(memorandum))
    assert side_by_side(found) == [("Document: Scan", "File", "scan.pdf (2.0\xa0KB)", "text.pdf (4.0\xa0KB)")]


def test_another_file_of_the_same_name_shows_as_such():
    memorandum = make_memorandum()
    document = make_document(memorandum)
    before = take(memorandum)
    Document.objects.filter(pk=document.pk).update(file="an/other")
    assert [one.note for one in differences(Memorandum, before, take(memorandum))] == ["Another file of the same name."]


def test_change_of_formatting_alone_shows_as_such():
    city = make_city(why="<p>Peace between enemies</p>")
    [found] = changed(city, why="<p>Peace <strong>between</strong> enemies</p>")
    assert found.note == "Only the formatting differs."
    assert found.before == "Peace between enemies"
    assert found.after == "Peace [bold] between [end of bold] enemies"


def test_change_of_a_mark_or_a_table_alone_shows_as_such():
    city = make_city(why="<p>CO2</p>")
    [found] = changed(city, why="<p>CO<sub>2</sub></p>")
    assert (found.before, found.after, found.note) == ("CO2", "CO₂", "")
    city = make_city("Lille", why="<p>25th</p>")
    [found] = changed(city, why="<p>25<sup>th</sup></p>")
    assert found.after == "25 [raised] th [end of raised]"


def test_changed_address_of_a_link_shows():
    city = make_city(why='<p>See <a href="https://example.org/a">here</a></p>')
    [found] = changed(city, why='<p>See <a href="https://example.org/b">here</a></p>')
    assert (found.before, found.after, found.note) == (
        "See here (https://example.org/a)",
        "See here (https://example.org/b)",
        "",
    )


# Word by word ---------------------------------------------------------------------------------------------------------


def test_long_text_has_its_words_marked_and_a_short_one_not():
    long = "We have been friends for more than fifty years, and so it will stay."
    [found] = changed(make_release(body=f"<p>{long}</p>"), body=f"<p>{long.replace('fifty', 'sixty')}</p>")
    assert found.marks == [
        ("We have been friends for more than ", "same"),
        ("fifty", "del"),
        (" ", "same"),
        ("sixty", "ins"),
        (" years, and so it will stay.", "same"),
    ]
    assert changed(make_release(), headline="Short")[0].marks == []


def test_choice_and_new_text_have_no_words_marked():
    found = changed(make_release(), kind=Kind.STATEMENT, notes_to_editors=f"<p>{'Background. ' * 20}</p>")
    assert [one.marks for one in found] == [[], []]


def test_new_paragraph_is_marked():
    assert word_diff("One two", "One\n\ntwo") == [("One", "same"), ("\n\n", "ins"), ("two", "same")]


@given(st.text("ab \n", max_size=60), st.text("ab \n", max_size=60))
def test_same_and_added_words_are_the_new_text_same_and_removed_ones_the_old(before, after):
    pieces = word_diff(before, after)
    assert "".join("".join(t for t, kind in pieces if kind != "del").split()) == "".join(after.split())
    assert "".join("".join(t for t, kind in pieces if kind != "ins").split()) == "".join(before.split())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 50_000, "a b " * 25_000),
        ("\n".join(f"p{n} " * 300 for n in range(100)), "\n".join(f"p{n} " * 299 for n in range(100))),
        ("\n".join(f"w{n}" for n in range(20_000)), "\n".join(f"w{n}" for n in range(20_000, 0, -1))),
    ],
    ids=["one paragraph", "many paragraphs", "many lines"],
)
def test_very_long_texts_are_compared_within_seconds(before, after):
    begun = time.perf_counter()
    pieces = word_diff(before, after)
    assert time.perf_counter() - begun < 5
    assert "".join(text for text, kind in pieces if kind != "del").split() == after.split()
