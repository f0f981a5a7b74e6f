"""The front page of an empty site: what to do first, each step until it is done, for those who may take it."""

import pytest
from django.urls import reverse

from news.models import PressRelease
from partners.models import City, Memorandum, Programme
from tests.back_office import signed_in
from tests.factories import make_city, make_memorandum, make_release, make_superuser, make_user
from twinning.core.models import User
from twinning.core.roles import ROLES

pytestmark = pytest.mark.django_db

ALL = [
    "Write the introduction",
    "Invite a second person",
    "Add a partner city",
    "Record an agreement",
    "Write a press release",
]


def steps(client) -> dict[str, str]:
    """The address of each step by its name; empty where the step is done."""
    page = client.get(reverse("admin:index"))
    found = {str(step.name): url for step, url in page.context["first_steps"]}
    content = page.content.decode()
    assert all(name in content for name in found)
    assert ("First steps" in content) == bool(found)
    return found


def test_empty_site_tells_its_first_administrator_what_to_do(root):
    found = steps(root)
    assert list(found) == ALL
    assert list(found.values()) == [
        reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_add")
        for model in (Programme, User, City, Memorandum, PressRelease)
    ]
    assert all(root.get(url).status_code == 200 for url in found.values())


def test_each_step_is_ticked_off_and_the_list_goes_with_the_last(root):
    Programme.objects.create(pk=1, headline="Friends", lead="Since long ago.")
    assert [name for name, url in steps(root).items() if not url] == ALL[:1]
    make_user("Approver")
    city = make_city()
    assert [name for name, url in steps(root).items() if not url] == ALL[:3]
    make_memorandum(city)
    assert [name for name, url in steps(root).items() if url] == ALL[4:]
    make_release()
    assert steps(root) == {}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("", []),
        ("Press officer", ["Write a press release"]),
        ("Twinning editor", ["Write the introduction", "Add a partner city", "Record an agreement"]),
    ],
)
def test_nobody_is_told_to_do_what_somebody_else_has_to(role, expected):
    assert [name for name, url in steps(signed_in(make_user(role))).items() if url] == expected


def test_roles_are_told_in_words_before_somebody_is_invited(root):
    page = root.get(reverse("admin:index")).content.decode().casefold()
    assert [role for role in ROLES if f"{role.casefold()}s " not in page] == []


def test_office_of_one_person_invites_nobody(settings):
    settings.FOUR_EYES = "alone"
    assert "Invite a second person" not in steps(signed_in(make_superuser()))
