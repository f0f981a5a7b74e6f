"""Who may open and do what in the back office: every address, step, action, part and look-up, for every role, both ways.

The table of rights is that of tests/core/test_roles.py, written down there by hand. An address of the back office that no
rule here names fails the suite.
"""

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils import timezone

from partners.models import Programme
from tests.back_office import form_url, press, signed_in, words_of_django
from tests.core.test_roles import APPS, PAGES, RIGHTS
from tests.factories import (
    hide,
    make_contact,
    make_election,
    make_photo,
    make_subscriber,
    make_user,
    make_whole_record,
    publish,
)
from twinning.core.history.events import EventKind, HistoryEvent, note
from twinning.core.history.snapshots import part_relations
from twinning.core.models import User
from twinning.core.publishing.copies import begin
from twinning.core.publishing.steps import PUBLISHING_STEPS, State

pytestmark = pytest.mark.django_db

ROLES = ["", *RIGHTS]
MODELS = {
    f"{APPS.get(kind, kind)}_{model}": kind for kind in PAGES if not kind.endswith("_parts") for model in PAGES[kind]
}
PUBLISHABLE = ["partners_city", "partners_theme", "partners_memorandum", "news_pressrelease", "core_page"]

# What somebody needs who opens a page of a record: one letter of RIGHTS.
PAGE_NEEDS = {
    "changelist": "V", "add": "A", "change": "V", "history": "V", "delete": "D",
    "copy": "V", "picture": "V", "framed": "V", "framed_copy": "V", "preview": "V", "links": "V", "public": "V", "open": "C", "set_aside": "C", "preview_file": "V", "preview_below": "V", "password_change": "superusers",
    "sign": "C", "suspend": "C", "resume": "C", "end": "C", "abandon": "C", "renew": "A", "amend": "A",
    "places": "C", "proposals": "C", "quotes": "V", "quote": "V", "coverage": "V",
    "wikidata": "V", "wikidata_file": "V", "paste": "A",
    "import": "A", "import_csv": "A", "import_xlsx": "A", "import_upload": "A", "import_batch": "A",
}  # fmt: skip
# What lies below the preview, under a name, or is one of the quotes (tests/news/test_quote_approvals.py).
BELOW = {"preview_file", "preview_below", "quote"}
# No import is under way: tests/core/imports has those.
NOT_THERE = {"import_upload", "import_batch"}
OPEN_TO_STAFF = {"index", "handbook", "password_change", "password_change_done", "jsi18n", "login", "logout"}
# Shown as the public sees them, with its own words.
OF_THE_PUBLIC = {"framed", "framed_copy", "preview", "public"}
# Tested by name below, or in a file of their own.
SPECIAL = {"autocomplete", "waiting", "app_list"}
# Permissions are only there to be chosen for a role.
OF_ONE_ROLE = {"auth_permission": "Administrator"}
STEP_LETTERS = {"submit": "S", "approve": "P", "urgent": "U", "withdraw": "W"}


def may(role: str, letter: str, model: str) -> bool:
    return bool(role) and letter in RIGHTS[role][MODELS[model]]


def admin_addresses(patterns=None):
    """The names of all addresses of the back office; those of signing in have a file of their own."""
    if patterns is None:
        patterns = next(p for p in get_resolver().url_patterns if getattr(p, "namespace", "") == "admin").url_patterns
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from admin_addresses(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name.replace("auth_user_password_change", "core_user_password_change")


def split(name: str) -> tuple[str, str]:
    """``partners_city``, ``change`` of ``partners_city_change``."""
    known = [*MODELS, *OF_ONE_ROLE]
    model = next((model for model in known if name.startswith(f"{model}_")), "")
    return model, name.removeprefix(f"{model}_")


def test_every_address_of_the_back_office_has_a_rule():
    unknown = [
        name
        for name in admin_addresses()
        if name not in OPEN_TO_STAFF | SPECIAL and (not split(name)[0] or split(name)[1] not in PAGE_NEEDS)
    ]
    assert unknown == []


@pytest.fixture(scope="module")
def records(django_db_setup, django_db_blocker):
    """A draft of every kind, and what needs no workflow."""
    with django_db_blocker.unblock(), transaction.atomic():
        kinds = {"theme": "partners_theme", "city": "partners_city", "memorandum": "partners_memorandum"}
        made = {
            name: make_whole_record(kind, "Zanzimott")
            for kind, name in (kinds | {"release": "news_pressrelease", "page": "core_page"}).items()
        }
        made["partners_programme"] = Programme.objects.create(pk=1, headline="Six cities", lead="A friendship.")
        made["news_presscontact"] = make_contact()
        made["news_preelectionperiod"] = make_election()
        made["news_subscriber"] = make_subscriber("reader@example.org")
        made["core_user"] = make_user()
        made["core_photo"] = make_photo()
        made["auth_group"] = make_user("Press officer").groups.get()
        made["core_historyevent"] = note(made["core_user"], EventKind.CHANGE, by=None, at=timezone.now())
        yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="module", params=ROLES)
def visitor(request, records, django_db_blocker):
    """Somebody of a role, logged in; and the role."""
    with django_db_blocker.unblock():
        yield signed_in(make_user(request.param)), request.param


def address(name: str, record) -> str:
    django_name = "admin:" + name.replace("core_user_password_change", "auth_user_password_change")
    try:
        return reverse(django_name)
    except NoReverseMatch:
        return reverse(django_name, args=[record.pk])


def test_pages_open_for_those_with_the_right_and_for_nobody_else(records, visitor):
    client, role = visitor
    wrong = []
    for name in admin_addresses():
        model, page = split(name)
        if model not in MODELS or page in BELOW or (page == "add" and model == "partners_programme"):
            continue
        if name == "core_historyevent_history":
            continue  # events have none of their own: it leads to the event, which asks for the right
        response = client.get(address(name, records[model]))
        status, body = response.status_code, response.getvalue()
        if page not in OF_THE_PUBLIC and (said := words_of_django(body)):
            wrong.append((name, said))
        allowed = may(role, PAGE_NEEDS[page], model)
        if page == "delete" and model in ("partners_programme", "auth_group"):
            allowed = False  # the introduction, and the roles that come with the site, are there to stay
        if page == "delete":
            allowed = allowed and may(role, "D", model)
        found = (200, 302, 404, 405) if page in NOT_THERE | {"framed_copy"} else (200, 302, 405)
        expected = {True: found, False: (403, 405) if page == "open" else (403,)}[allowed]
        if status not in expected:
            wrong.append((name, status, allowed))
    assert wrong == []


def test_pages_of_one_role(visitor):
    client, role = visitor
    for model, only in OF_ONE_ROLE.items():
        if f"{model}_changelist" in set(admin_addresses()):
            status = client.get(reverse(f"admin:{model}_changelist")).status_code
            assert status == (200 if role == only else 403), model


def test_front_pages_of_the_apps(visitor):
    client, role = visitor
    for app in ("partners", "news", "core", "auth"):
        seen = [model for model in MODELS if model.startswith(app) and may(role, "V", model)]
        assert client.get(f"/admin/{app}/").status_code == (200 if seen else 404)


def test_approvers_list_opens_for_approvers(visitor):
    client, role = visitor
    approves = any(may(role, "P", model) for model in PUBLISHABLE)
    assert client.get(reverse("admin:waiting")).status_code == (200 if approves else 403)


def test_stranger_reaches_nothing_but_the_log_in_page(records, client):
    for name in {*admin_addresses()} - {"login", "autocomplete", "app_list"}:
        model, page = split(name)
        if model in MODELS and page not in BELOW:
            response = client.get(address(name, records[model]))
            assert (response.status_code, response.url.split("?")[0]) == (302, "/admin/login/"), name


def look_ups():
    """Every chooser of the back office: the form, the kind of its record or part, the field, and the kind looked up."""
    for model_admin in admin.site._registry.values():
        for holder in (model_admin, *(inline(model_admin.model, admin.site) for inline in model_admin.inlines)):
            for name in holder.autocomplete_fields:
                target = holder.opts.get_field(name).related_model._meta
                found = f"{target.app_label}_{target.model_name}"
                yield model_admin.opts.label_lower.replace(".", "_"), holder.opts, name, found


def may_choose(role: str, form: str, part: bool) -> bool:
    """Whether a role writes with the form, and with its parts if the chooser is in one."""
    if not (may(role, "A", form) or may(role, "C", form)):
        return False
    return not part or (may(role, "C", form) and "C" in RIGHTS[role][f"{MODELS[form]}_parts"])


def test_look_ups_answer_those_who_fill_in_the_chooser_and_may_see_what_it_offers(visitor):
    client, role = visitor
    for form, opts, field, target in look_ups():
        asked = {"app_label": opts.app_label, "model_name": opts.model_name, "field_name": field, "term": ""}
        status = client.get(reverse("admin:autocomplete"), asked).status_code
        allowed = may_choose(role, form, part=f"{opts.app_label}_{opts.model_name}" != form)
        if target in OF_ONE_ROLE:
            allowed = allowed and role == OF_ONE_ROLE[target]
        elif target != "core_user":  # those who write the page of a city find each other by name
            allowed = allowed and may(role, "V", target)
        assert status == (200 if allowed else 403), (form, opts.model_name, field)


def test_parts_are_open_to_those_who_write_them(records, visitor):
    client, role = visitor
    for model in PUBLISHABLE:
        if not may(role, "V", model):
            continue
        response = client.get(form_url(records[model]))
        if not may(role, "C", model):
            assert "inline_admin_formsets" not in response.context  # it is read
            continue
        parts = "C" in RIGHTS[role].get(f"{MODELS[model]}_parts", "")
        inlines = response.context["inline_admin_formsets"]
        assert {inline.formset.model for inline in inlines} == {
            part.related_model for part in part_relations(type(records[model]))
        }
        for inline in inlines:
            assert (inline.has_change_permission, inline.has_add_permission) == (parts, parts), (model, inline.opts)


# Steps ----------------------------------------------------------------------------------------------------------------

TYPED = {
    "send_back": {"remark": "Shorter, please."},
    "ask_back": {"remark": "The date is wrong."},
    "publish_urgently": {"urgent_reason": "The mayor is on the radio."},
    "withdraw": {"withdrawal_reason": "It was wrong."},
    "reschedule": {"publish_at": "2127-07-01T09:30"},
}


def record_for(step: str, kind: str):
    """A record with which a step can be taken, brought there by other people."""
    record, now = make_whole_record(kind, "Quorbelix"), timezone.now()
    if step == "confirm":
        record.publish_urgently(by=User.objects.create_superuser("hasty"), at=now, reason="Quick.")
        return record
    state = {"submit": State.DRAFT, "publish_urgently": State.DRAFT, "withdraw": "published", "take_down": "published"}
    wanted = state.get(step, State.SCHEDULED if step in ("reschedule", "ask_back") else State.IN_REVIEW)
    if wanted == "published":
        return publish(record)
    return record if wanted == State.DRAFT else hide(record, wanted, now=now)


# Themes stand for what the twinning office keeps; releases are kept by others.
KEPT = [("theme", role) for role in ROLES] + [
    ("release", role) for role in ("Twinning editor", "Press officer", "Approver")
]


@pytest.mark.parametrize("step", PUBLISHING_STEPS)
@pytest.mark.parametrize(("kind", "role"), KEPT)
def test_step_is_taken_by_those_with_the_right_and_by_nobody_else(role, kind, step):
    record, user = record_for(step, kind), make_user(role)
    client, before = signed_in(user), record.state(at=timezone.now())
    model = f"{record._meta.app_label}_{record._meta.model_name}"
    allowed = may(role, STEP_LETTERS[PUBLISHING_STEPS[step].right], model)
    if step == "ask_back" and allowed and may(role, "P", model):
        return  # whoever sends it back need not ask
    if may(role, "V", model) and allowed:
        response = press(client, record, f"_{step}", **TYPED.get(step, {}))
    else:
        response = client.post(form_url(record), {f"_{step}": "on", **TYPED.get(step, {})})
    told = HistoryEvent.objects.filter(by=user)
    if allowed:
        assert response.status_code == 302
        assert told[0].what == step
    else:
        assert response.status_code == 403
        assert [event.what for event in told] == [EventKind.REFUSED]
        record.refresh_from_db()
        assert record.state(at=timezone.now()) == before


@pytest.mark.parametrize("step", PUBLISHING_STEPS)
@pytest.mark.parametrize("role", ROLES)
def test_action_of_a_list_is_offered_to_those_with_the_right_and_refused_to_others(role, step):
    record, user = record_for(step, "theme"), make_user(role)
    client, before = signed_in(user), record.state(at=timezone.now())
    url = reverse("admin:partners_theme_changelist")
    allowed = may(role, STEP_LETTERS[PUBLISHING_STEPS[step].right], "partners_theme")
    page = client.get(url)
    if page.status_code == 200:
        form = page.context["action_form"]
        offered = [name for name, _label in form.fields["action"].choices] if form else []
        assert (step in offered) == allowed
    response = client.post(url, {"action": step, "_selected_action": [str(record.pk)], **TYPED.get(step, {})})
    assert response.status_code == (200 if allowed else 403)
    record.refresh_from_db()
    assert record.state(at=timezone.now()) == before


@pytest.mark.parametrize("role", ROLES)
def test_working_copies_are_for_those_who_write(role):
    theme, user = publish(make_whole_record("theme", "Quorbelix")), make_user(role)
    client, url = signed_in(user), reverse("admin:partners_theme_copy", args=[theme.pk])
    writes = may(role, "C", "partners_theme")
    assert client.post(form_url(theme), {"_copy": "on"}).status_code == (302 if writes else 403)
    begin(theme, by=User.objects.create_superuser("somebody"), at=timezone.now())
    assert client.get(url).status_code == (200 if may(role, "V", "partners_theme") else 403)
    assert client.post(url, {"_discard": "on"}).status_code == (302 if writes else 403)


@pytest.mark.parametrize("role", ROLES)
def test_forged_records_are_neither_added_nor_deleted(records, role):
    client = signed_in(make_user(role))
    for model in MODELS:
        app, name = model.split("_")
        if not may(role, "A", model):
            assert client.post(reverse(f"admin:{model}_add"), {"name": "Forged"}).status_code == 403
        if not may(role, "D", model):
            url = reverse(f"admin:{model}_delete", args=[records[model].pk])
            assert client.post(url, {"post": "yes"}).status_code == 403
            chosen = {"action": "delete_selected", "_selected_action": [str(records[model].pk)], "post": "yes"}
            assert client.post(reverse(f"admin:{model}_changelist"), chosen).status_code in (302, 403)
        assert type(records[model])._base_manager.filter(pk=records[model].pk).exists(), (app, name)
