"""The back office answers nonsense calmly, whoever sends it."""

import pytest
from django.urls import reverse

from tests.back_office import form_url, press, sent_by_browser, signed_in
from tests.factories import (
    make_city,
    make_contact,
    make_memorandum,
    make_release,
    make_superuser,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db


LISTS = [
    *("partners_city", "partners_theme", "partners_memorandum", "partners_programme"),
    *(
        "news_pressrelease",
        "news_presscontact",
        "core_page",
        "core_user",
        "auth_group",
        "auth_permission",
        "core_historyevent",
    ),
]
QUERIES = [
    *(
        "q=%00",
        "q=" + "x" * 9000,
        "q=%FF%FE",
        "q=%22",
        "p=x",
        "p=-1",
        "p=99999999999999999999",
        "o=zz",
        "o=99.-99",
        "o=-",
    ),
    *(
        "e=1",
        "all=",
        "all=x",
        "_popup=1",
        "_to_field=zz",
        "_to_field=id",
        "_facets=1",
        "state=zz",
        "status=zz",
        "kind=zz",
    ),
    *("kind__exact=%00", "id__exact=x", "id__exact=99999999999999999999", "id__in=x,y", "pk=", "zz=1", "name__zz=1"),
    *("cities__id__exact=x", "cities__id__exact=99999999999999999999", "publish_at__year=99999", "publish_at__gte=x"),
    *("publish_at__gte=9999-12-31", "focuses__theme__id__exact=x", "password__startswith=a", "is_active__exact=x"),
    *(
        "slug__regex=%28",
        "username__iregex=%2A",
        "name__regex=%28",
        "latitude__gte=NaN",
        "latitude__gte=1e999",
        "id__exact=1e9",
    ),
    *("publish_at__hour=99", "publish_at__date=x", "updated_at__year__gte=99999", "publish_at__time=x", "slug__in="),
    *(
        "since_earliest__gte=x",
        "since=31+February+1969",
        "country__exact=ZZZZ",
        "groups__id__exact=x",
        "cities__isnull=x",
    ),
]


@pytest.mark.parametrize("name", LISTS)
def test_nonsense_in_a_list_gets_a_calm_answer(name):
    client, url = signed_in(make_superuser()), reverse(f"admin:{name}_changelist")
    answers = {query: client.get(f"{url}?{query}").status_code for query in QUERIES}
    assert {query: status for query, status in answers.items() if status not in (200, 302, 400)} == {}


NO_KEYS = ["999999", "99999999999999999999", "x", "_00", "%00", "-1", "1_2F2", "é", "a/b"]


@pytest.mark.parametrize("name", LISTS)
def test_form_of_a_record_that_is_not_there_gets_a_calm_answer(name):
    client, url = signed_in(make_superuser()), reverse(f"admin:{name}_changelist")
    for path in (f"{url}{pk}/{page}/" for pk in NO_KEYS for page in ("change", "delete", "history")):
        for answer in (client.get(path), client.post(path, {"post": "yes"})):
            assert answer.status_code in (302, 400, 403, 404), path


@pytest.mark.parametrize("make", [make_theme, make_city, make_memorandum, make_release, make_contact, make_user])
def test_nonsense_in_every_field_gets_a_calm_answer(make):
    client, url = signed_in(make_superuser()), form_url(make())
    sent = sent_by_browser(client.get(url))
    for nonsense in ("x", "\x00", "x" * 9000, "99999999999999999999", "-1", ""):
        forged = {name: value if name.endswith("_FORMS") else nonsense for name, value in sent.items()}
        assert client.post(url, forged | {"_save": "on"}).status_code in (200, 302, 400)
    assert client.post(url, {}).status_code in (200, 302, 400)


@pytest.mark.parametrize("key", ["x", "\x00", "99999999999999999999", "-1"])
def test_nonsense_chosen_in_a_list_gets_a_calm_answer(key):
    make_theme()
    client, url = signed_in(make_superuser()), reverse("admin:partners_theme_changelist")
    for action in ("delete_selected", "zz", ""):
        assert client.post(url, {"action": action, "_selected_action": key}).status_code in (200, 302, 400)


@pytest.mark.parametrize(
    "query",
    [
        *("", "app_label=x", "app_label=partners&model_name=city&field_name=zz"),
        *(f"app_label=partners&model_name=city&field_name=owner&{more}" for more in ("term=%00", "page=x", "page=99")),
        "app_label=partners&model_name=city&field_name=name",
    ],
)
def test_nonsense_in_a_look_up_gets_a_calm_answer(query):
    client = signed_in(make_superuser())
    assert client.get(f"{reverse('admin:autocomplete')}?{query}").status_code in (200, 400, 403, 404)


@pytest.mark.parametrize("query", ["next=//example.org", "next=%00", "next=" + "x" * 9000])
def test_log_in_page_answers_nonsense_calmly(client, query):
    url = reverse("admin:login")
    assert client.get(f"{url}?{query}").status_code in (200, 400)
    assert client.post(f"{url}?{query}", {"username": "\x00", "password": "\x00"}).status_code in (200, 400)


def test_lifting_an_embargo_together_with_another_step_takes_the_first_step():
    theme = make_theme()
    press(signed_in(make_superuser()), theme, "_submit", _reschedule="now")
    theme.refresh_from_db()
    assert theme.submitted_at


def test_form_with_very_many_parts_is_saved():
    theme = make_theme()
    parts = {f"part-{number}": "" for number in range(2000)}
    assert press(signed_in(make_superuser()), theme, **parts).status_code == 302
