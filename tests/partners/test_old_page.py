"""The page that a council has today, pasted: cities, years, themes, agreements and contacts are found, and what was not is said."""

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.imports.agreements import AgreementImporter
from partners.imports.cities import CityImporter
from partners.models import City
from partners.oldpage.finding import find
from partners.oldpage.passages import passages
from tests.back_office import signed_in
from tests.factories import make_city, make_superuser, make_theme, make_user
from twinning.core.models import ImportUpload

pytestmark = pytest.mark.django_db

THEMES = (
    "Climate", "Culture and arts", "Economic development", "Health and wellbeing", "Peace and reconciliation",
    "Schools and youth", "Science and universities", "Sport",
)  # fmt: skip
PAGE = """International partnerships

Our partnerships began in the 1960s, when towns of a similar size all over Europe looked for peace after the war.
Today they reach from China to South Africa.

Brno, Czech Republic

The cities first met in 1990. They have been partners since 1991, and worked for reconciliation between East and West. A first
memorandum of understanding was signed in 2003, and an addendum was signed online on 24 November 2021. Street theatre and modern
architecture bring people together.

Dortmund, Germany

Contacts go back to 1949. The cities were twinned in 1969 by a letter of 2 June 1969. The memorandum was signed again
on 12 February 2021. It is about climate change, economic development, health and wellbeing.

Durban, South Africa

The partnership was established in 1998, in solidarity after the first free elections of 1994. Young people, business and
education profit from it.

Hangzhou, China

Our relationship with Hangzhou began in 1988 and rests on a shared heritage of textiles. Both universities exchange students.
The Olympic team trained here before the Games of 2012.

Lille, France

Leeds and Lille have been twinned since 1968. Schools have known one another since the 1940s. Festivals bring artists together.

Siegen, Germany

Siegen was twinned with Morley in 1966. Friendship circles on both sides keep it alive.

Contact

For more, write to the international office at international@example.org or call 0113 496 0100.
"""
EXPECTED = {
    "Brno": ("1991", {"Culture and arts", "Peace and reconciliation"}),
    "Dortmund": ("1969", {"Climate", "Economic development", "Health and wellbeing"}),
    "Durban": ("1998", {"Economic development", "Peace and reconciliation", "Schools and youth"}),
    "Hangzhou": ("1988", {"Science and universities", "Sport"}),
    "Lille": ("1968", {"Culture and arts", "Schools and youth"}),
    "Siegen": ("1966", set()),
}


PARAGRAPHS = """<h1>Twin cities</h1><div><p>Our oldest friendship is with Lille in France: twinned since 1968, with school links.</p>
<p>In 1991 a partnership with Brno in Czechia followed. Theatre festivals are part of it.</p>
<p>We also run a reading group on Mondays.</p><script>alert("Dortmund")</script>
<p>Most visitors ask about the climate partnership with Dortmund (Germany), which was formed in the 1960s.</p></div>"""


def themes() -> None:
    for name in THEMES:
        make_theme(name)


def page(text: str = PAGE) -> str:
    """The page as a browser copies it: a line for each heading and each paragraph."""
    return "\n".join(" ".join(block.split()) for block in text.split("\n\n"))


def found(text: str) -> dict:
    """The year and the themes of each city that is found."""
    themes()
    cities = find(passages(text)).cities
    return {city.place.name: (city.since and city.since.value, {one.value for one in city.themes}) for city in cities}


def test_six_cities_are_found_with_their_years_and_themes():
    assert found(page()) == EXPECTED


def test_paragraphs_of_html_without_headings_are_understood_and_scripts_are_not_read():
    assert found(PARAGRAPHS) == {
        "Lille": ("1968", {"Schools and youth"}),
        "Brno": (None, {"Culture and arts"}),
        "Dortmund": ("1960s", {"Climate"}),
    }


def test_each_finding_has_its_sentence_and_what_was_not_understood_is_said():
    findings = find(passages(page()))
    brno = findings.cities[0]
    assert brno.since.sentence.startswith("They have been partners since 1991")
    assert [(one.kind, one.signed) for one in brno.agreements] == [
        ("Memorandum of understanding", "2003"),
    ]
    dortmund = findings.cities[1]
    assert [(one.title, one.signed) for one in dortmund.agreements] == [
        ("Leeds – Dortmund memorandum of understanding 2021", "12 February 2021")
    ]
    assert [one.value for one in findings.mails] == ["international@example.org"]
    assert [one.value for one in findings.phones] == ["0113 496 0100"]
    assert "Today they reach from China to South Africa." in findings.rest
    assert not any("1991" in sentence for sentence in findings.rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n \n",
        "<p></p>",
        "<<<>>>",
        "…",
        "Reading is fun.",
        "x" * 50_000,
        "A " * 50_000,
        "1" * 50_000,
        "Aa partner " * 9_000,
        "a@" * 9_000,
    ],
)
def test_odd_texts_give_nothing_and_take_no_time(text):
    assert find(passages(text)).cities == []


def sent(client, **changes):
    """The answer to the proposals of the page, sent as they are but for some fields."""
    response = client.post(reverse("admin:partners_city_paste"), {"text": page()})
    given = {"text": page(), "_take": "1"}
    for city, agreements in response.context["proposals"].cities:
        for form in (city, *agreements):
            given |= {form.add_prefix(name): form[name].value() or "" for name in form.fields}
    given |= {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(
        reverse("admin:partners_city_paste"), {name: value for name, value in given.items() if value != ""}
    )


def test_what_is_taken_over_goes_on_as_imports_and_becomes_drafts():
    themes()
    person = make_user("Twinning editor")
    client = signed_in(person)
    names = {"city-1-name": "Dortmund am Hellweg", "city-2-take": ""}
    response = sent(client, **names)
    cities, agreements = ImportUpload.objects.order_by("pk")
    assert response.url == reverse("admin:partners_city_import_upload", args=[cities.pk])
    assert City.objects.count() == 0
    batch = CityImporter(at=timezone.now()).write(
        cities.plan(CityImporter(at=timezone.now())), file_name="a", by=person
    )
    assert len(batch.records) == 5
    brno = City.objects.get(name="Brno")
    assert (str(brno.since), brno.country.code, str(brno.latitude)[:5]) == ("1991", "CZ", "49.19")
    assert {focus.theme.name for focus in brno.focuses.all()} == EXPECTED["Brno"][1]
    assert "Street theatre" in brno.story
    plan = agreements.plan(AgreementImporter(at=timezone.now()))
    assert {(row.outcome, row.name) for row in plan.rows} >= {
        ("new", "Leeds – Dortmund memorandum of understanding 2021")
    }


def test_mistake_comes_back_at_its_field_and_nothing_typed_is_lost():
    client = signed_in(make_user("Twinning editor"))
    response = sent(client, **{"city-0-since": "the other day", "city-1-name": "Typed"})
    assert response.status_code == 200
    first, second = (city for city, _agreements in response.context["proposals"].cities[:2])
    assert list(first.errors) == ["since"]
    assert second["name"].value() == "Typed"
    assert ImportUpload.objects.count() == 0


def test_dropped_proposals_are_not_judged_and_nothing_ticked_is_said():
    client = signed_in(make_user("Twinning editor"))
    dropped = {f"city-{n}-take": "" for n in range(6)} | {
        f"city-{n}-agreement-{m}-take": "" for n in range(6) for m in range(3)
    }
    response = sent(client, **dropped, **{"city-0-since": "the other day"})
    assert "Nothing is ticked" in response.content.decode()


def test_city_that_is_here_is_named_and_not_ticked():
    city = make_city("Brno")
    response = signed_in(make_user("Twinning editor")).post(reverse("admin:partners_city_paste"), {"text": page()})
    [first, *_others] = response.context["proposals"].cities
    assert first[0].here == [city]
    assert first[0]["take"].value() is False
    assert "Add a press contact" not in response.content.decode()


def test_contact_leads_to_the_form_of_a_new_one_for_those_who_may_add_them():
    client = signed_in(make_superuser())
    response = client.post(reverse("admin:partners_city_paste"), {"text": page()})
    (mail, sentence, add_url), _phone = response.context["contacts"]
    assert mail in sentence
    assert f'value="{mail}"' in client.get(add_url).content.decode()
