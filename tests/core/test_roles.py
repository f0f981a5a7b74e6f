"""The four roles: what each may do with each kind of record, and nothing else."""

import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.back_office import signed_in
from tests.factories import make_user, make_whole_record

pytestmark = pytest.mark.django_db

VERBS = ["view", "add", "change", "delete", "submit", "approve", "urgent", "withdraw"]
PAGES = {
    "partners": ["city", "theme", "memorandum"],
    "partners_parts": [
        *("change", "formername", "cityphoto", "focus", "milestone", "involvement", "signing", "signatory", "document"),
        *("suspension", "decision", "outcome", "delegation"),
    ],
    "introduction": ["programme"],
    "news": ["pressrelease"],
    "news_parts": ["releasephoto", "quote", "releasecontact", "changenote"],
    "contacts": ["presscontact"],
    "readers": ["subscriber"],
    "elections": ["preelectionperiod"],
    "pages": ["page"],
    "library": ["photo"],
    "users": ["user"],
    "roles": ["group"],
    "log": ["historyevent"],
}
APPS = {
    "introduction": "partners",
    "contacts": "news",
    "readers": "news",
    "elections": "news",
    "pages": "core",
    "library": "core",
    "users": "core",
    "roles": "auth",
    "log": "core",
}

# One letter for each of VERBS: View, Add, Change, Delete, Submit, aPprove, Urgent, Withdraw; a dot for what is not allowed.
RIGHTS = {
    "Twinning editor": {
        "partners": "VAC.S...", "partners_parts": "VACD....", "introduction": "VAC.....", "news": "V.......",
        "news_parts": "V.......", "contacts": "V.......", "library": "VACD....", "pages": "VAC.S...",
        "elections": "V.......",
        "readers": "........", "users": "........", "roles": "........", "log": "........",
    },
    "Press officer": {
        "partners": "V.......", "partners_parts": "V.......", "introduction": "........", "news": "VAC.S.U.",
        "news_parts": "VACD....", "contacts": "VAC.....", "library": "VACD....", "pages": "V.......",
        "elections": "V.......",
        "readers": "V..D....", "users": "........", "roles": "........", "log": "........",
    },
    "Approver": {
        "partners": "V.C..PUW", "partners_parts": "VACD....", "introduction": "V.......", "news": "V.C..PUW",
        "news_parts": "VACD....", "contacts": "V.......", "library": "VACD.P..", "pages": "V.C..PUW",
        "elections": "VAC.....",
        "readers": "........", "users": "........", "roles": "........", "log": "........",
    },
    "Administrator": {
        "partners": "VACDSPUW", "partners_parts": "VACD....", "introduction": "VAC.....", "news": "VACDSPUW",
        "news_parts": "VACD....", "contacts": "VACD....", "library": "VACD.P..", "pages": "VACDSPUW",
        "elections": "VACD....",
        "readers": "V..D....", "users": "VACD....", "roles": "VACD....", "log": "V.......",
    },
}  # fmt: skip


def expected(role: str) -> set[str]:
    return {
        f"{APPS.get(kind, kind.removesuffix('_parts'))}.{verb}_{model}"
        for kind, letters in RIGHTS[role].items()
        for verb, letter in zip(VERBS, letters, strict=True)
        for model in PAGES[kind]
        if letter != "."
    }


@pytest.mark.parametrize("role", RIGHTS)
def test_role_may_do_exactly_this(role):
    assert make_user(role).get_all_permissions() == expected(role)


@pytest.mark.parametrize("role", RIGHTS)
@pytest.mark.parametrize("kind", [kind for kind in PAGES if not kind.endswith("_parts")])
def test_pages_open_for_those_who_have_the_right(role, kind):
    client = signed_in(make_user(role))
    for model in PAGES[kind]:
        name = f"admin:{APPS.get(kind, kind)}_{model}"
        letters = RIGHTS[role][kind]
        for page, letter in (("changelist", "V"), ("add", "A")):
            status = client.get(reverse(f"{name}_{page}")).status_code
            assert status == (200 if letter in letters else 403), f"{page} of {model}"


def test_nobody_without_a_role_sees_anything():
    client = signed_in(make_user())
    assert client.get(reverse("admin:index")).context["app_list"] == []
    assert client.get(reverse("admin:partners_city_changelist")).status_code == 403


def synced() -> str:
    out = io.StringIO()
    call_command("sync_roles", stdout=out)
    return out.getvalue()


def test_second_run_changes_nothing():
    synced()
    before = {group.name: set(group.permissions.all()) for group in Group.objects.all()}
    assert synced().splitlines() == [f"{role}: unchanged" for role in RIGHTS]
    assert {group.name: set(group.permissions.all()) for group in Group.objects.all()} == before


def test_our_roles_are_put_right_and_other_groups_left_alone():
    synced()
    stray = Permission.objects.get(codename="delete_city")
    missed = Permission.objects.get(codename="submit_city")
    editors, others = Group.objects.get(name="Twinning editor"), Group.objects.create(name="Others")
    for group in (editors, others):
        group.permissions.add(stray)
    editors.permissions.remove(missed)
    assert "Twinning editor: +submit_city, -delete_city" in synced().splitlines()
    assert missed in editors.permissions.all()
    assert stray not in editors.permissions.all()
    assert list(others.permissions.all()) == [stray]


def test_permissions_that_do_not_exist_yet_are_asked_for():
    Group.objects.all().delete()
    Permission.objects.filter(codename="approve_city").delete()
    with pytest.raises(CommandError, match=r"No such permission: partners\.approve_city\. Run migrate first\."):
        call_command("sync_roles")
    assert not Group.objects.exists()


def addresses_of(record) -> list[str]:
    """Every address of the back office that could tell of a record."""
    opts, kind = record._meta, ContentType.objects.get_for_model(record)
    name = f"admin:{opts.app_label}_{opts.model_name}"
    own = [reverse(f"{name}_{page}", args=[record.pk]) for page in ("change", "history", "delete")]
    look_ups = {
        ("partners", "focus", "theme"), ("partners", "signatory", "city"), ("partners", "memorandum", "renews"),
        ("news", "pressrelease", "related"), ("news", "pressrelease", "cities"), ("news", "presscontact", "cities"),
    }  # fmt: skip
    found = "/admin/autocomplete/?app_label={}&model_name={}&field_name={}&term="
    return [
        reverse(f"{name}_changelist"),
        *own,
        f"/admin/r/{kind.pk}/{record.pk}/",
        *(found.format(*look_up) for look_up in sorted(look_ups)),
    ]


@pytest.mark.parametrize("kind", ["city", "theme", "memorandum", "release", "page"])
def test_staff_without_a_role_learn_nothing_of_a_hidden_record(kind):
    record = make_whole_record(kind, "Zanzimott")
    client = signed_in(make_user())
    for path in addresses_of(record):
        response = client.get(path)
        assert response.status_code in (302, 403, 404), path
        assert "zanzimott" not in f"{response.headers}{response.content}".lower(), path
