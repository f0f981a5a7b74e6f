"""The checks tell of what a site in use must not forget."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from twinning.core.checks import accessibility_is_reviewed, site_url_is_answered


@pytest.mark.parametrize(
    ("site_url", "warnings"),
    [
        ("https://twinning.example.org", []),
        ("https://www.twinning.example.org", []),
        ("http://twinning.example.org", ["core.W001"]),
        ("https://elsewhere.example.org", ["core.W001"]),
        ("http://localhost:8000", ["core.W001"]),
        ("", ["core.W001"]),
    ],
)
def test_site_in_use_needs_an_address_of_its_own(settings, site_url, warnings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = site_url, [".twinning.example.org"]
    assert [warning.id for warning in site_url_is_answered(None)] == warnings


@pytest.mark.parametrize(
    ("reviewed_on", "warnings"),
    [
        ("2026-11-22", []),
        ("2026-11-21", []),
        ("2025-12-23", []),
        ("2025-12-22", ["core.W002"]),
        ("2024-12-31", ["core.W002"]),
    ],
)
def test_accessibility_is_reviewed_every_year(settings, time_machine, reviewed_on, warnings):
    time_machine.move_to("2026-11-22T12:00:00+00:00")
    settings.ACCESSIBILITY_REVIEWED_ON = date.fromisoformat(reviewed_on)
    assert [warning.id for warning in accessibility_is_reviewed(None)] == warnings


def test_review_that_is_due_shows_whenever_the_site_is_checked(settings):
    settings.ACCESSIBILITY_REVIEWED_ON = date(2020, 1, 1)
    said = StringIO()
    call_command("check", stderr=said)
    assert "core.W002" in said.getvalue()
    assert "last reviewed on 2020-01-01" in said.getvalue()
