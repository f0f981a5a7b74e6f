import pytest

from twinning.core.checks import site_url_is_answered


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
