import sys
import threading
from contextlib import nullcontext

import pytest

from twinning.core.search import words
from twinning.core.search.words import normalise

STEMS = {"agreements": "agreement", "cities": "citi", "renewing": "renew", "partnerships": "partnership"}


@pytest.mark.parametrize("typed", ["Brnó", "brno", "BRNO", "Brno’s"])
def test_accents_capitals_and_endings_do_not_matter(typed):
    assert normalise(typed)[0] == "brno"


@pytest.mark.parametrize(("typed", "words"), [("2021¹", ["2021", "1"]), ("25 m²", ["25", "m2"]), ("CO₂", ["co2"])])
def test_footnote_is_no_part_of_the_number_before_it(typed, words):
    assert normalise(typed) == words


def mistakes_of_four_threads(monkeypatch) -> int:
    """Four threads normalise the same words at once, taking turns after almost every step."""
    monkeypatch.setattr(words, "_stemmed", words._stemmed.__wrapped__)  # A word known from before would need no work.
    mistakes, all_there = [], threading.Barrier(4)

    def work():
        all_there.wait()
        for _round in range(1000):
            if mistakes:
                return
            try:
                assert normalise(" ".join(STEMS)) == list(STEMS.values())
            except (AssertionError, IndexError) as mistake:
                mistakes.append(mistake)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work) for _thread in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    return len(mistakes)


def test_threads_at_once_find_the_right_stems(monkeypatch):
    assert mistakes_of_four_threads(monkeypatch) == 0


def test_without_taking_turns_threads_would_find_wrong_stems(monkeypatch):
    monkeypatch.setattr(words, "_ONE_AT_A_TIME", nullcontext())
    assert mistakes_of_four_threads(monkeypatch) > 0
