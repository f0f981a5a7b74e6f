"""An import in a real browser, by an editor of the demonstration: every page of it audited, and what it wrote taken back."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from partners.models import City
from twinning.core.web.tasks import do_owed

pytestmark = pytest.mark.browser

FILE = "Name;Country;Summary\nBratislava;;A new one.\nLille;FR;Another sentence.\nAtlantis;;\nHangchow;CN;A double.\n"


def test_from_the_list_of_cities_to_the_batch_and_back(demo_site, page, sign_in, audit_in_every_look, tmp_path):
    (tmp_path / "cities.csv").write_text(FILE)
    sign_in(page, demo_site, get_user_model().objects.get(username="editor"))
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(demo_site.url + reverse("admin:partners_city_changelist"))
    page.get_by_role("link", name="Import cities").click()
    page.get_by_text("What belongs into each column").click()
    assert audit_in_every_look() == []
    page.get_by_label("Spreadsheet").set_input_files(tmp_path / "cities.csv")
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_label("Summary").wait_for()
    assert audit_in_every_look() == []
    page.get_by_role("button", name="Look at the rows").click()
    page.get_by_role("progressbar").wait_for()
    do_owed()
    page.get_by_text("6 values").click(timeout=10_000)  # the page has looked again by itself
    assert audit_in_every_look() == []
    page.get_by_role("button", name="Write 2 rows").click()
    page.get_by_role("button", name="Cancel").wait_for()
    do_owed()
    page.get_by_text("Undo this import").click(timeout=10_000)
    assert audit_in_every_look() == []
    page.get_by_role("button", name="Undo all of it").click()
    do_owed()
    page.get_by_text("2 records were written").wait_for(timeout=10_000)
    assert not City.objects.filter(name="Bratislava").exists()
