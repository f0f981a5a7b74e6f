"""An upgrade that changes the rules of words writes the words of what is there again."""

import hashlib
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from tests.factories import make_theme, publish
from twinning.core.models import SearchEntry
from twinning.core.search.results import Results
from twinning.core.search.rewriting import rewrite_words
from twinning.core.search.words import normalise, wanted_words

# Every kind of word, and what the rules made of it when the newest migration that rewrites them was written.
SAMPLE = "Brnó’s R&D 2021¹ m² Hafnarfjörður Xi'an L´Aquila 苏州市 Hangzhou杭州 リーズ กรุงเทพ दिल्ली 서울 Київ مدرس cities agreements"
RULES = {"core.0009_words_of_every_script": "f37d9150ea66"}


def fingerprint() -> str:
    return hashlib.sha256(" ".join([*normalise(SAMPLE), "/", *wanted_words(SAMPLE)]).encode()).hexdigest()[:12]


def test_newest_migration_that_rewrites_words_is_of_the_rules_of_today():
    name, print_of_rules = list(RULES.items())[-1]
    app, _, migration = name.partition(".")
    operations = import_module(f"twinning.{app}.migrations.{migration}").Migration.operations
    assert rewrite_words in [operation.code for operation in operations]
    assert fingerprint() == print_of_rules, "The rules of words have changed: add a migration with rewrite_words."


@pytest.mark.django_db
def test_entry_of_before_is_found_by_the_rules_of_today(monkeypatch):
    monkeypatch.setattr("twinning.core.search.rewriting.BATCH", 1)
    publish(make_theme("苏州市与利兹市", slug="old", summary="Hafnarfjörður and Xi'an"))
    publish(make_theme("Other"))
    Results("other", at=timezone.now())  # opens what is due: the index of words follows the column from here on
    SearchEntry.objects.update(words="苏州市与利兹市 hafnarfjorður xi an", title_words="苏州市与利兹市")
    assert len(Results("苏州 Xian hafnarfjordur", at=timezone.now())) == 0
    rewrite_words(apps, SimpleNamespace(connection=connection))
    assert [hit.title for hit in Results("苏州 Xian hafnarfjordur", at=timezone.now())[:9]] == ["苏州市与利兹市"]
