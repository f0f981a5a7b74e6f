"""The site and Wikidata are compared through the gate; commands name what Wikidata lacks, lists what it knows, and nothing is written."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from partners.models import City
from partners.wikidata.comparing import compare
from partners.wikidata.quickstatements import commands
from partners.wikidata.statements import Statement, read, time_of
from tests.back_office import signed_in
from tests.factories import hide, make_city, make_user, publish
from twinning.core.fields.dates import PartialDate
from twinning.core.spreadsheets.sheets import NotReadable

pytestmark = pytest.mark.django_db

HOME, DORTMUND, LILLE = "Q39121", "Q1295", "Q648"


def date(text: str) -> PartialDate:
    return PartialDate.parse(text)


def city(name: str = "Dortmund", wikidata_id: str = DORTMUND, since: str = "2 June 1969", **fields) -> City:
    return publish(make_city(name, wikidata_id=wikidata_id, since=since, **fields))


def compared(*statements: Statement):
    return compare(statements, home=HOME, at=timezone.now())


def written(*statements: Statement) -> list[str]:
    return commands(compared(*statements).lines).splitlines()


def test_commands_say_both_sides_with_dates_and_the_public_page():
    city(changes=[{"date": "March 2020", "status": "ended", "reason": "Given up."}])
    rest = (
        'P580\t+1969-06-02T00:00:00Z/11\tP582\t+2020-03-00T00:00:00Z/10\tS854\t"http://localhost:8000/cities/dortmund/"'
    )
    assert written() == [f"{HOME}\tP190\t{DORTMUND}\t{rest}", f"{DORTMUND}\tP190\t{HOME}\t{rest}"]


def test_only_what_is_missing_is_written():
    dortmund = city()
    there = Statement(HOME, DORTMUND, start=date("1969"))
    assert written(there, Statement(DORTMUND, HOME)) == [
        f'{DORTMUND}\tP190\t{HOME}\tP580\t+1969-06-02T00:00:00Z/11\tS854\t"http://localhost:8000/cities/dortmund/"'
    ]
    found = compared(there, Statement(DORTMUND, HOME, start=date("June 1969")))
    assert (found.lines, found.agreeing, found.unknown) == ([], [dortmund], [])


def test_item_alone_says_nothing_of_the_other_side():
    city()
    assert written(Statement(HOME, DORTMUND, start=date("1969"))) == []


def test_dates_that_cannot_be_the_same_are_shown_and_not_written():
    city()
    found = compared(Statement(HOME, DORTMUND, start=date("1970"), end=date("2001")))
    assert found.lines == found.agreeing == []
    told = [(one.what, one.ours, str(one.theirs)) for one in found.disagreements]
    assert told == [("since", "2 June 1969", "1970"), ("until", "not ended", "2001")]


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn", "taken-down"])
def test_nothing_is_said_to_wikidata_of_what_is_not_public(state):
    hide(make_city("Dortmund", wikidata_id=DORTMUND), state, now=timezone.now())
    found = compared()
    assert (found.lines, found.left_out) == ([], [])


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"wikidata_id": ""}, "It has no Wikidata id."),
        ({"home_side": "Morley"}, "Our side is Morley, which has an item of its own."),
        ({"is_proposed": True, "since": None}, "It is only proposed."),
        ({"since": "836"}, "Its dates are from before 1583, for which Wikidata asks for a calendar."),
        (
            {"changes": [{"date": None, "status": "ended", "reason": "Given up."}]},
            "It has ended, and no date says when.",
        ),
    ],
)
def test_left_out_cities_are_named_with_the_reason(fields, reason):
    left = city(**fields)
    found = compared()
    assert (found.lines, found.left_out) == ([], [(left, reason)])


def test_what_wikidata_knows_is_listed_with_what_is_here_already():
    draft = make_city("Dortmund", wikidata_id=DORTMUND)
    nameless = city("Lille", wikidata_id="")
    found = compared(
        Statement(HOME, DORTMUND, other_label="Dortmund", start=date("1969")),
        Statement(LILLE, HOME, item_label="Lille"),
        Statement(HOME, "Q14960", other_label="Brno"),
        Statement("Q1", "Q2"),
    )
    assert [(one.item, one.name, one.ours) for one in found.unknown] == [
        ("Q14960", "Brno", []),
        (DORTMUND, "Dortmund", [draft]),
        (LILLE, "Lille", [nameless]),
    ]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2 June 1969", "+1969-06-02T00:00:00Z/11"),
        ("June 1969", "+1969-06-00T00:00:00Z/10"),
        ("1969", "+1969-00-00T00:00:00Z/9"),
        ("1960s", "+1960-00-00T00:00:00Z/8"),
        ("20th century", "+2000-00-00T00:00:00Z/7"),
        ("about 1969", ""),
        ("spring 1969", ""),
    ],
)
def test_time_of_wikidata_and_back(text, time):
    assert time_of(date(text)) == time
    if time:
        [again] = read(json.dumps([Statement(HOME, LILLE, start=date(text)).row]).encode())
        assert again.start == date(text)


ENTITY = "http://www.wikidata.org/entity/"
EXPECTED = [Statement(HOME, DORTMUND, "Leeds", "Dortmund", PartialDate.stored("1969"), None)]
ROW = {
    "from": f"{ENTITY}{HOME}", "fromLabel": "Leeds", "to": f"{ENTITY}{DORTMUND}", "toLabel": "Dortmund",
    "start": "1969-01-01T00:00:00Z", "startPrecision": "9",
}  # fmt: skip
TIME = {"datavalue": {"value": {"time": "+1969-00-00T00:00:00Z", "precision": 9}}}
CLAIM = {"mainsnak": {"datavalue": {"value": {"id": DORTMUND}}}, "qualifiers": {"P580": [TIME]}, "rank": "normal"}
OLD = CLAIM | {"rank": "deprecated"}
ITEM = {"labels": {"en": {"value": "Leeds"}}, "claims": {"P190": [CLAIM, OLD]}}


def test_every_kind_of_file_is_read():
    cells = {name: {"type": "literal", "value": value} for name, value in ROW.items()}
    assert read(json.dumps([ROW]).encode()) == EXPECTED
    assert read(json.dumps({"results": {"bindings": [cells]}}).encode()) == EXPECTED
    assert read((",".join(ROW) + "\n" + ",".join(ROW.values())).encode("utf-8-sig")) == EXPECTED
    [of_item] = read(json.dumps({"entities": {HOME: ITEM}}).encode())
    assert (of_item.other, of_item.start, of_item.item_label) == (DORTMUND, EXPECTED[0].start, "Leeds")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[" * 100_000, b"[1]", b'{"results": 1}', b'{"entities": {"Q1": []}}', b"PK\x03\x04\x00", b"a,b\n1,2",
        b'[{"from": "javascript:Q1x", "to": "Q2"}]', b'{"results": {"bindings": [{"from": "Q1"}]}}',
    ],
)  # fmt: skip
def test_other_files_are_refused_with_a_sentence(data):
    with pytest.raises(NotReadable) as refused:
        read(data)
    [sentence] = refused.value.messages
    assert sentence.endswith(".")


def test_times_that_nobody_knows_are_none():
    odd = [ROW | {"start": time} for time in ("t123", f"{ENTITY}x", "-0044-03-15T00:00:00Z", "1969-13-45T00:00:00Z")]
    odd[-1]["startPrecision"] = "11"
    assert [one.start for one in read(json.dumps(odd).encode())] == [None] * 4


def test_pages_show_the_result_and_send_the_commands(settings):
    settings.HOME_WIKIDATA = HOME
    dortmund = city()
    client = signed_in(make_user("Twinning editor"))
    start = client.get(reverse("admin:partners_city_wikidata")).content.decode()
    assert f"wd:{HOME}" in start
    rows = [
        ROW
        | {"to": f"{ENTITY}{LILLE}", "toLabel": "<b>Lille</b>", "start": "1968-10-15T00:00:00Z", "startPrecision": "11"}
    ]
    file = SimpleUploadedFile("query.json", json.dumps(rows).encode())
    response = client.post(reverse("admin:partners_city_wikidata"), {"file": file})
    page = response.content.decode()
    assert "&lt;b&gt;Lille&lt;/b&gt;" in page
    [(_one, add_url)] = response.context["unknown"]
    form = client.get(add_url).content.decode()
    assert f'value="{LILLE}"' in form
    assert 'value="15 October 1968"' in form
    sent = client.post(reverse("admin:partners_city_wikidata_file"), {"known": response.context["known"]})
    assert sent.content.decode().startswith(f"{HOME}\tP190\t{DORTMUND}\t")
    assert "attachment" in sent["Content-Disposition"]
    assert client.post(reverse("admin:partners_city_wikidata_file"), {"known": "{"}).status_code == 400
    assert list(City.objects.all()) == [dortmund]


def test_bad_file_comes_back_with_a_sentence_and_without_a_setting_the_page_says_so(settings):
    settings.HOME_WIKIDATA = HOME
    client = signed_in(make_user("Twinning editor"))
    address = reverse("admin:partners_city_wikidata")
    page = client.post(address, {"file": SimpleUploadedFile("a.txt", b"{")}).content.decode()
    assert "neither a result of the query below nor an item of Wikidata" in page
    settings.HOME_WIKIDATA = ""
    assert "HOME_WIKIDATA" in client.get(address).content.decode()
