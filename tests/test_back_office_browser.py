"""Every page of the back office in a real browser, in light and dark: nothing for axe or the security policy to say."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.urls import reverse

pytestmark = pytest.mark.browser

MODELS = sorted(model._meta.label_lower for model in admin.site._registry)


@pytest.fixture
def audit_in_both_schemes(page, audit):
    def audit_in_both_schemes() -> list[str]:
        problems = audit(page)
        page.emulate_media(color_scheme="dark")
        problems += [f"dark: {problem}" for problem in audit(page, rules=["color-contrast"])]
        page.emulate_media(color_scheme="light")
        return problems

    return audit_in_both_schemes


@pytest.fixture
def back_office(demo_site, page, sign_in):
    """Opens a page of the back office as the administrator of the demonstration."""
    sign_in(page, demo_site, get_user_model().objects.get(username="admin"))

    def back_office(name, *args):
        response = page.goto(demo_site.url + reverse(f"admin:{name}", args=args))
        assert "/login/" not in page.url
        return response.status

    return back_office


@pytest.mark.parametrize("name", ["index", "password_change"])
def test_page(back_office, audit_in_both_schemes, name):
    assert back_office(name) == 200
    assert audit_in_both_schemes() == []


def test_log_in_page(demo_site, page, audit_in_both_schemes):
    page.goto(demo_site.url + reverse("admin:login"))
    page.get_by_role("button", name="Log in").click()
    assert audit_in_both_schemes() == []


@pytest.mark.parametrize("label", MODELS)
def test_list_and_forms(back_office, page, audit_in_both_schemes, label):
    prefix = label.replace(".", "_")
    record = apps.get_model(label).objects.first()
    problems = {}
    for name, *args in [
        ("changelist",),
        ("change", record.pk),
        ("history", record.pk),
        ("delete", record.pk),
        ("add",),
    ]:
        status = back_office(f"{prefix}_{name}", *args)
        assert status == 200 or (status == 403 and name in ("add", "delete"))
        problems[name] = audit_in_both_schemes()
    if status == 200:
        page.locator("[name=_save]").first.click()
        page.locator(".errornote").wait_for()
        problems["errors"] = audit_in_both_schemes()
    assert not any(problems.values()), problems
