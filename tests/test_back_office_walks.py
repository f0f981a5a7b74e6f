"""Ten tasks of the staff, from the desk on, by keyboard alone, as a screen reader is told of them; each is counted.

Every task is walked at 1,280 px, on a phone, and on a phone without JavaScript. ``docs/publishing.md`` has the numbers.
"""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import expect

from partners.models import Memorandum, Signatory
from tests.browser import auditor
from tests.desks import schedule
from tests.factories import SCAN, make_city, make_document, make_memorandum, make_release, publish, submit
from tests.walks import Walk
from twinning.core.fields.dates import PartialDate

pytestmark = pytest.mark.browser

HANDBOOK = Path(__file__).parent.parent / "docs" / "publishing.md"
WAYS = {"wide": (1280, True), "phone": (390, True), "plain": (390, False)}
LONG = ("Verwaltungsgemeinschaftsangelegenheiten und " * 5)[:160]
CUT_OFF = "[...document.querySelectorAll('.results')].some(box => box.scrollWidth > box.clientWidth)"


# The tasks ------------------------------------------------------------------------------------------------------------


def write_and_submit(walk, word):
    walk.begin("press")
    walk.follow("Add – Press releases")
    walk.fill("Headline", f"Written {word}")
    walk.fill("Standfirst", "They go on together.")
    walk.fill("Text", "Both cities signed today.")
    walk.press("Save and submit")
    walk.hears(f"“Written {word}”: Submitted on")


def approve_with_an_embargo(walk, word):
    walk.begin("approver")
    walk.follow(f"Waiting {word}")
    walk.unfold("Approve for a moment")
    walk.fill("Publish on", "040421270900a")  # whatever comes first, day or month
    walk.press("Approve for a moment")
    walk.hears("Scheduled for Friday 4 April 2127, 09:00 BST")


def give_a_preview_link(walk, word):
    walk.begin("press")
    walk.follow(f"Coming {word}")
    walk.follow("Preview links (0)")
    walk.fill("Name", "A. Journalist")
    walk.press("Make the link")
    expect(walk.page.get_by_label("Address")).to_have_value(re.compile("/preview/"))


def correct_a_published_release(walk, word):
    walk.begin("press")
    walk.find(f"Wrong {word}")
    walk.press("Edit")
    walk.fill("What was corrected", "The hall was named wrongly.")
    walk.press("Save and submit")
    walk.hears("Working copy: Submitted on")


def withdraw(walk, word):
    walk.begin("approver")
    walk.find(f"Outdated {word}")
    walk.unfold("What else can be done")
    walk.fill("Public reason", "The date was wrong.")
    walk.press("Withdraw")
    walk.hears("The page now says why")


def add_a_city(walk, word):
    walk.begin("editor")
    walk.follow("Add – Cities")
    place = {"wide": "Aberdeen", "phone": "Bristol", "plain": "Cardiff"}[word]
    walk.fill("Name in English", place)
    if walk.has_script:
        walk.page.get_by_role("option").first.wait_for()
        walk.page.keyboard.press("ArrowDown")
        walk.page.keyboard.press("Enter")
        walk.clicks += 1
    else:
        walk.fill("Address", place.lower())
        walk.fill("Country", "United K")
        walk.fill("Latitude", "51.48")
        walk.fill("Longitude", "-3.18")
        walk.fill("Time zone", "Europe/London")
    walk.fill("Summary", "A friendship.")
    walk.press("Save and submit")
    walk.hears(f"“{place}”: Submitted on")


def record_a_signing(walk, word):
    walk.begin("editor")
    walk.follow(f"Letter {word}")
    walk.fill("Signed on", "20 November 2026")
    walk.press("Record the signing")
    walk.press("Save and submit")
    walk.hears("Working copy: Submitted on")


def find_a_release_of_five_years_ago(walk, word):
    walk.begin("press")
    walk.find(f"Old {word}")
    expect(walk.page.get_by_role("heading", level=1)).to_have_text(f"Old {word}")


def replace_a_scan(walk, word):
    walk.begin("editor")
    walk.follow("Agreements")
    walk.follow(f"Charter {word}")
    walk.press("Edit")
    walk.upload("File", "better.pdf", SCAN + b"\n% better\n")
    walk.press("Save and submit")
    walk.hears("Working copy: Submitted on")


def see_what_waits(walk, word):
    walk.begin("approver")
    expect(walk.page.get_by_role("heading", name="Waiting for your approval")).to_be_visible()
    walk.hears_headings(2)


TASKS = {
    "Write a release and submit it": write_and_submit,
    "Approve it with an embargo": approve_with_an_embargo,
    "Give a preview link": give_a_preview_link,
    "Correct a published release": correct_a_published_release,
    "Withdraw a release": withdraw,
    "Add a city": add_a_city,
    "Record a signing": record_a_signing,
    "Find a release of five years ago": find_a_release_of_five_years_ago,
    "Replace a scan": replace_a_scan,
    "See what waits for approval": see_what_waits,
}

FIND = ["searchbox “Find by a name or a word”", "button “Find in: Press releases”"]
SUBMIT = "button “Save and submit”"
SAID = {
    write_and_submit: [
        "link “Add – Press releases”", "textbox “Headline” required", "textbox “Standfirst” required", "textbox “Text”", SUBMIT,
    ],
    approve_with_an_embargo: [
        "link “Waiting {}”", "DisclosureTriangle “Approve for a moment” not expanded",
        "DateTime “Publish on (London time)”", "button “Approve for a moment”",
    ],
    give_a_preview_link: [
        "link “Coming {}”", "link “Preview links (0)”", "textbox “Name” required", "button “Make the link”",
    ],
    correct_a_published_release: [
        *FIND, "link “Wrong {}”", "button “Edit”", "textbox “What was corrected”", SUBMIT,
    ],
    withdraw: [
        *FIND, "link “Outdated {}”", "DisclosureTriangle “What else can be done” not expanded",
        "textbox “Public reason” required", "button “Withdraw”",
    ],
    add_a_city: [
        "link “Add – Cities”", "combobox “Name in English” not expanded required", "textbox “Summary” required", SUBMIT,
    ],
    # Without the gazetteer; of an empty list of countries Chromium says “invalid” where it says “required” of other fields.
    (add_a_city, "plain"): [
        "link “Add – Cities”", "textbox “Name in English” required", "textbox “Address”", "combobox “Country” not expanded invalid",
        "spinbutton “Latitude” required", "spinbutton “Longitude” required", "textbox “Time zone” required",
        "textbox “Summary” required", SUBMIT,
    ],
    record_a_signing: [
        "link “Letter {}”", "textbox “Signed on” required", "button “Record the signing”", SUBMIT,
    ],
    find_a_release_of_five_years_ago: [*FIND, "link “Old {}”"],
    replace_a_scan: ["link “Agreements”", "link “Charter {}”", "button “Edit”", "button “File”", SUBMIT],
    see_what_waits: ["heading “Your desk”", "heading “Waiting for your approval”"],
}  # fmt: skip


# The world ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world(demo_site):
    """For each way of walking the records that its tasks are about, and one that waits whatever is approved."""
    at, press = timezone.now(), get_user_model().objects.get(username="press")
    for word in WAYS:
        make_release(f"Waiting {word}").submit(by=press, at=at - timedelta(hours=1))  # first on the desk
        schedule(make_release(f"Coming {word}"), in_days=3)
        publish(make_release(f"Wrong {word}"), at=at - timedelta(days=1))
        publish(make_release(f"Outdated {word}"), at=at - timedelta(days=2))
        publish(make_release(f"Old {word}"), at=at - timedelta(days=5 * 365))
        city = publish(make_city(f"City {word}"))
        letter = make_memorandum(city, title=f"Letter {word}", signed="", negotiated="2020", signatories_unknown=False)
        Signatory.objects.create(memorandum=letter, name="A. Mayor", office="Lord Mayor", city=city, is_planned=True)
        publish(letter)
        charter = make_memorandum(city, title=f"Charter {word}")
        make_document(charter, title=f"Scan {word}")
        publish(charter)
    make_release(LONG).submit(by=press, at=at)
    submit(make_city(LONG[:100], slug="long-city"), at=at)
    submit(make_memorandum(title=LONG), at=at)


@pytest.fixture(scope="module")
def walks(browser, demo_site, world, browser_context_args):
    """A walk for each way, each with one window."""
    made, contexts = {}, []

    def walk(way: str, sign_in) -> Walk:
        if way not in made:
            width, has_script = WAYS[way]
            size = {"viewport": {"width": width, "height": 844}, "java_script_enabled": has_script}
            context = browser.new_context(**browser_context_args | size)
            contexts.append(context)
            audit = auditor(context)
            made[way] = Walk(context.new_page(), demo_site, audit, sign_in, has_script)
        return made[way]

    yield walk
    for context in contexts:
        context.close()


def counted() -> dict[str, tuple[int, ...]]:
    """The numbers of the handbook: of each task our clicks and fields, and those in the other program."""
    rows = re.findall(r"^\| (.+?) \| (\d+) \+ (\d+) \| (\d+) \+ (\d+)", HANDBOOK.read_text(), flags=re.M)
    return {task: tuple(map(int, numbers)) for task, *numbers in rows}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("task", TASKS)
def test_task_is_done_by_keyboard(walks, sign_in, task, way):
    walk = walks(way, sign_in)
    TASKS[task](walk, way)
    assert walk.problems() == []
    told = SAID.get((TASKS[task], way)) or SAID[TASKS[task]]
    assert walk.said == [one.format(way) for one in told]
    if way == "wide":
        assert (walk.clicks, walk.fields) == counted()[task][:2]


@pytest.fixture
def first_of_month() -> date:
    return (timezone.localdate() + timedelta(days=90)).replace(day=1)


@pytest.fixture
def five_years(demo_site, first_of_month):
    """An agreement of five years that ends soon."""
    begin, end = first_of_month.replace(year=first_of_month.year - 5), first_of_month - timedelta(days=1)
    city = publish(make_city("Five"))
    ending = publish(make_memorandum(city, title="Five years", signed=begin, ends=end, notice_days=90))
    yield ending
    Memorandum.objects.filter(renews=ending).delete()
    ending.delete()
    city.delete()


def test_what_lapses_is_found_and_renewed_by_keyboard(walks, sign_in, five_years, first_of_month):
    walk = walks("wide", sign_in)
    walk.begin("editor")
    walk.follow("Agreements")
    walk.follow("Ends within a year")
    expect(walk.page.get_by_role("link", name="Five years", exact=True)).to_be_visible()
    assert walk.problems() == []
    walk.begin("editor")
    walk.follow("Five years")
    proposed = PartialDate.of(first_of_month.replace(year=first_of_month.year + 5) - timedelta(days=1))
    expect(walk.field("Ends on")).to_have_value(str(proposed))
    assert walk.problems() == []
    walk.press("Renew it")
    walk.hears("Renewal begun: “Renewal of: Five years”.")
    assert (walk.clicks, walk.fields) == (2, 0)


def test_link_to_a_field_arrives_there_below_an_editor_that_comes_later(walks, sign_in, five_years):
    walk = walks("wide", sign_in)
    walk.begin("editor")
    draft = make_memorandum(five_years.cities.get(), title="Renewed", signed="", renews=five_years)
    for _time in range(3):
        walk.page.goto("about:blank")
        walk.page.goto(f"{walk.site.url}/admin/partners/memorandum/{draft.pk}/change/#id_planned")
        walk.page.locator(".ProseMirror").filter(visible=True).first.wait_for()
        walk.page.wait_for_timeout(500)
        assert 0 <= walk.page.locator("#id_planned").bounding_box()["y"] < 100


@pytest.mark.parametrize("way", ["wide", "phone"])
def test_title_of_160_characters_fits_on_the_desk_and_in_every_list(walks, sign_in, way):
    walk = walks(way, sign_in)
    walk.begin("approver")
    for address in ("", "waiting/", "news/pressrelease/", "partners/city/", "partners/memorandum/"):
        walk.page.goto(f"{walk.site.url}/admin/{address}")
        expect(walk.page.get_by_role("link", name=re.compile("^Verwaltungs")).first).to_be_visible()
        assert not walk.page.evaluate("document.documentElement.scrollWidth > innerWidth"), address
        assert not walk.page.evaluate(CUT_OFF), address


def test_no_task_takes_more_than_elsewhere_and_three_take_half():
    numbers = counted().values()
    assert len(numbers) == len(TASKS)
    ours, theirs = [clicks + fields for clicks, fields, _c, _f in numbers], [c + f for _c, _f, c, f in numbers]
    assert all(mine <= other for mine, other in zip(ours, theirs, strict=True))
    assert sum(other > 0 and 2 * mine <= other for mine, other in zip(ours, theirs, strict=True)) >= 3
