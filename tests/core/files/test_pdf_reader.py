"""What a PDF may do is a list of what is allowed: it is asked of every object in the file, wherever and however it is written."""

import pytest

from tests.acting_papers import KEPT, REFUSED
from twinning.core.files import pdf_reader


def codes(content: bytes) -> list[str]:
    """The codes of the errors with which a PDF would be refused."""
    try:
        return sorted(pdf_reader.read_facts(content)["refused"])
    except Exception:  # the program would end with it
        return ["unreadable"]


@pytest.mark.parametrize("sample", REFUSED)
def test_pdf_that_acts_or_calls_out_is_refused_with_the_reason(sample):
    content, expected = REFUSED[sample]
    assert codes(content) == expected.split()


@pytest.mark.parametrize("sample", KEPT)
def test_pdf_that_can_do_nothing_but_be_read_is_kept(sample):
    facts = pdf_reader.read_facts(KEPT[sample])
    assert (facts["refused"], facts["pages"]) == ({}, 1)


@pytest.mark.parametrize("number", [0, 1])
def test_reader_that_is_not_told_of_what_it_skips_would_miss_it(monkeypatch, number):
    """Control: pypdf goes on where a dictionary says two things."""
    monkeypatch.setattr(pdf_reader.Ambiguous, "emit", lambda self, record: None)
    samples = [content for content, expected in REFUSED.values() if expected == "unreadable"]
    assert codes(samples[number]) == []


def test_table_of_objects_is_not_believed(monkeypatch):
    """Control: by what the table lists, another reader could be told to do what was hidden from this one."""
    hidden = [content for content, _codes in REFUSED.values() if b"endobj" in content.rpartition(b"%%EOF")[2]]
    assert len(hidden) == 2
    monkeypatch.setattr(pdf_reader, "objects", lambda reader, content: map(reader.get_object, range(1, 5)))
    assert [codes(content) for content in hidden] == [[], []]


def test_log_is_left_as_it_was():
    handlers = [*pdf_reader.logging.getLogger("pypdf").handlers]
    for content, _codes in REFUSED.values():
        codes(content)
    assert pdf_reader.logging.getLogger("pypdf").handlers == handlers
