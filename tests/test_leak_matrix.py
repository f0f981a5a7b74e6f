"""The leak matrix: what is not public, in every state, shows to no visitor on any address that is not theirs to read.

Strangers, staff and holders of links ask every public address and get what a stranger gets. Who may not read the record
finds nothing of it on any address of the back office either, and a link shows its own record and no other.
"""

from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.back_office import signed_in
from tests.factories import hide, make_release, make_user
from tests.leaks import (
    ANSWERS_OF_ITS_OWN,
    FOLDERS,
    HOLDER,
    SLUG,
    STATES,
    SURFACES,
    TOKEN,
    WORD,
    answers,
    copy_one_of_each,
    hide_one_of_each,
    two_worlds,
)
from tests.previews import make_link
from tests.test_rights import BELOW, address, admin_addresses, split

pytestmark = pytest.mark.django_db

COPIES = {"copy-in-draft": "draft", "copy-in-review": "in-review", "scheduled-copy": "scheduled"}
VISITORS = [
    "stranger", "staff without the right", "editor", "approver",
    "holder of a link", "holder of an expired link", "holder of another record's link",
]  # fmt: skip
MODELS = {
    "city": "partners_city",
    "theme": "partners_theme",
    "memorandum": "partners_memorandum",
    "release": "news_pressrelease",
    "page": "core_page",
}


@pytest.fixture(scope="module")
def worlds(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), two_worlds() as made:
        yield made


@pytest.fixture(scope="module", params=[*STATES, *COPIES])
def hidden(request, worlds, django_db_blocker):
    """The hidden records by kind, and their state; the tests change nothing."""
    state = request.param
    with django_db_blocker.unblock(), transaction.atomic():
        hide = copy_one_of_each(COPIES[state], worlds[0]) if state in COPIES else hide_one_of_each(state, worlds)
        yield hide, state
        transaction.set_rollback(True)
    for record in worlds[0].values():
        record.refresh_from_db()


def visit(visitor: str) -> Client:
    """A client as such a visitor has it: with a session, or with the referrer of a preview link."""
    role = {"staff without the right": "", "editor": "Twinning editor", "approver": "Approver"}
    if visitor in role:
        return signed_in(make_user(role[visitor]))
    if visitor == "stranger":
        return Client()
    link = f"/preview/{HOLDER}/"
    if visitor == "holder of a link":
        link = "/preview/own-release/"
    if visitor == "holder of an expired link":
        link = "/preview/expired-release/"
    client = Client(headers={"referer": f"http://localhost{link}"})
    client.get(link)
    return client


def test_every_visitor_gets_what_a_stranger_gets(hidden):
    _records, state = hidden
    own = {f"/{folder}/{slug}/" for folder in FOLDERS.values() for slug in ANSWERS_OF_ITS_OWN.get(state, {})}
    stranger = answers(others=(), rows=SURFACES)
    assert len(stranger) > 30
    for (_row, _kind, path), (_status, headers, body) in stranger.items():
        echoed = path.partition("?")[2] or WORD in path or SLUG in path or path in own
        assert echoed or SLUG not in f"{headers}{body.decode(errors='replace')}".lower(), path
    for visitor in VISITORS[1:]:
        found = answers(others=(), rows=SURFACES, client=visit(visitor))
        assert [key for key in found if found[key] != stranger[key]] == [], visitor


def test_who_may_not_read_it_finds_nothing_of_it_in_the_back_office(hidden):
    records, _state = hidden
    record_pages = [
        address(name, records[kind])
        for name in admin_addresses()
        for kind, model in MODELS.items()
        if split(name)[0] == model and split(name)[1] not in BELOW
    ]
    files = [
        reverse("admin:partners_memorandum_preview_file", args=[records["memorandum"].pk, TOKEN, f"{WORD}.pdf"]),
        reverse("admin:news_pressrelease_preview_below", args=[records["release"].pk, "press-pack.zip"]),
        *(reverse(f"admin:{name}") for name in ("index", "waiting", "core_historyevent_changelist")),
        *(f"/admin/autocomplete/?app_label=news&model_name=pressrelease&field_name={field}&term={WORD}"
          for field in ("cities", "themes", "memoranda", "related")),
    ]  # fmt: skip
    for visitor in [visitor for visitor in VISITORS if visitor not in ("editor", "approver")]:
        client = visit(visitor)
        for path in record_pages + files:
            response = client.get(path)
            told = f"{response.headers}{response.getvalue().decode(errors='replace')}".lower()
            for echo in (path, quote(path), quote(path, safe="")):
                told = told.replace(echo.lower(), "")
            assert response.status_code != 200 or path.endswith("/admin/"), (visitor, path)
            assert SLUG not in told, (visitor, path)


@pytest.mark.parametrize("role", ["Twinning editor", "Approver"])
def test_who_may_read_it_does(hidden, role):
    records, state = hidden
    client = signed_in(make_user(role))
    for kind, model in MODELS.items():
        page = "copy" if state in COPIES else "change"
        body = client.get(reverse(f"admin:{model}_{page}", args=[records[kind].pk])).content.decode()
        assert WORD in body, kind


def test_a_link_shows_its_own_record_and_no_other(hidden):
    records, state = hidden
    other = hide(make_release("Of somebody else", cities=[records["city"]]), "draft", now=timezone.now())
    other.memoranda.add(records["memorandum"])
    other.themes.add(records["theme"])
    other.related.add(records["release"])
    assert WORD not in Client().get(make_link(other)[1]).content.decode()
    for kind, record in records.items():
        answer = Client().get(f"/preview/expired-{kind}/")
        assert (answer.status_code, WORD in answer.content.decode()) == (404, False), kind
        answer = Client().get(f"/preview/own-{kind}/")
        if state == "taken-down":
            assert answer.status_code == 404
        elif state == "withdrawn":
            assert (answer.status_code, answer.url) == (302, record.get_absolute_url())
        else:
            assert WORD in answer.content.decode(), kind
