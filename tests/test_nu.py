"""The checker finds what it is there to find."""

import pytest

pytestmark = pytest.mark.nu

SOUND = '<!doctype html><html lang="cs"><title>Brno</title><p>Žluťoučký kůň{}'


def test_a_sound_document_passes(nu):
    assert nu(SOUND.format("")) == []


@pytest.mark.parametrize(
    ("fault", "message"),
    [("<img src=a>", "must have an “alt” attribute"), ('<p style="colr: red">', "Property “colr” doesn't exist")],
)
def test_a_fault_is_reported(nu, fault, message):
    assert any(message in line for line in nu(SOUND.format(fault)))
