"""What staff find in the list of releases: public and hidden ones, by the same words, at the same cost in any archive."""

import random
import re

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from news.models import PressRelease
from tests.factories import PAST, hide, make_city, make_release, make_superuser, publish
from twinning.core.search.index import index_all, open_due

pytestmark = pytest.mark.django_db
LIST = reverse("admin:news_pressrelease_changelist")
STATES = ["draft", "in-review", "sent-back", "scheduled", "withdrawn", "taken-down", "published", "opened"]


def found(root, query: str) -> list[str]:
    return [str(release) for release in root.get(LIST, {"q": query}).context["cl"].result_list]


@pytest.fixture(params=STATES)
def release(request):
    """A release about Hafnarfjörður in each state; an opened one has been looked for by the public."""
    city = make_city("Hafnarfjörður")
    release = make_release("Café at the theatre", slug="cafe-2021", cities=[city], body="<p>They signed in 苏州市.</p>")
    if request.param in ("published", "opened"):
        publish(release)
        if request.param == "opened":
            assert open_due(at=timezone.now())
    else:
        hide(release, request.param, now=timezone.now())
    return release


FINDING = [
    *("cafe", "CAFÉ", "c", "theat cafe", "theatres", "signing", "苏州", "cafe-2021", "CAFE-2021", "fjord"),
    *("hafnar theatre", "cafe & theatre", '"at the theatre"', "cafe %", " cafe\t", "", " ", "cafe " * 900),
]
NOT_FINDING = ["theatre brno", "heatre", "'; --", '"the at"', "cafe-2022", "x" * 3000]


def test_release_is_found_in_each_state_by_what_it_says(root, release):
    assert {query: found(root, query) for query in FINDING} == {query: ["Café at the theatre"] for query in FINDING}
    assert {query: found(root, query) for query in NOT_FINDING} == {query: [] for query in NOT_FINDING}


def test_chooser_finds_releases_while_a_word_is_typed(root, release):
    asked = {"app_label": "news", "model_name": "pressrelease", "field_name": "related"}
    for typed in ("c", "ca", "caf", "café", "café at t"):
        offered = root.get(reverse("admin:autocomplete"), asked | {"term": typed}).json()["results"]
        assert [one["text"] for one in offered] == ["Café at the theatre"], typed


def bring_in(number: int) -> None:
    """So many public releases in the index; of the first 200, twenty are about Zymurgy."""
    chance, public = random.Random(1), {"submitted_at": PAST, "approved_at": PAST, "publish_at": PAST}
    public |= {"submitted_by": make_superuser(), "approved_by": make_superuser()}
    PressRelease.objects.bulk_create(
        PressRelease(
            headline="Zymurgy" if i < 200 and not i % 10 else "A visit",
            slug=f"visit-{i}",
            notes_to_editors=" ".join(f"{chance.getrandbits(20):x}" for _word in range(100)),
            **public,
        )
        for i in range(number)
    )
    index_all(PressRelease.objects.filter(slug__in=[f"visit-{i}" for i in range(number)]))
    while open_due(at=timezone.now()):
        pass
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plans(root) -> list[str]:
    """How the database finds the releases about Zymurgy, counts them and reads the first of them."""
    explain, explained = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN", []

    def noted(execute, sql, params, many, context):
        if sql.startswith("SELECT") and "news_pressrelease" in sql:
            with connection.connection.cursor() if connection.vendor == "postgresql" else connection.cursor() as cursor:
                plan = cursor.execute(f"{explain} {sql}", params).fetchall()
                explained.append("\n".join(str(row[-1]) for row in plan))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noted):
        assert len(found(root, "zymurgy")) == 20
    return explained


def goes_through_all(plan: str) -> bool:
    """Whether a plan goes through all releases or all entries; of the few cities it may."""
    if connection.vendor == "postgresql":
        return bool(re.search("Seq Scan on (news_pressrelease|core_searchentry) ", plan))
    return bool(re.search(r"^SCAN (?!U0$|core_searchentry_words )", plan, re.MULTILINE))


def test_work_does_not_grow_with_the_archive(root, monkeypatch):
    bring_in(2_000)
    by_index = plans(root)
    assert len(by_index) >= 3  # the keys, how many there are, the first of them
    assert [plan for plan in by_index if goes_through_all(plan)] == []
    monkeypatch.setattr("news.admin.looked_up", lambda *args, **kwargs: None)
    assert any(map(goes_through_all, plans(root)))
