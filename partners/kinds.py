"""What partnerships and agreements are called: the usual kinds, or the council's own lists from the settings."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext_lazy as _

LONGEST_CODE = 60
PARTNERSHIPS = {
    "twin-city": _("Twin city"),
    "partner-city": _("Partner city"),
    "friendship": _("Friendship"),
    "project": _("Project partnership"),
}
AGREEMENTS = {
    "memorandum": _("Memorandum of understanding"),
    "friendship": _("Friendship agreement"),
    "oath": _("Twinning oath"),
    "charter": _("Charter"),
    "letter": _("Letter"),
    "addendum": _("Addendum"),
}


def partnership_kinds() -> list[tuple[str, str]]:
    """The choices for a partnership: code and name."""
    return _choices(settings.PARTNERSHIP_KINDS, PARTNERSHIPS)


def agreement_kinds() -> list[tuple[str, str]]:
    """The choices for an agreement: code and name."""
    return _choices(settings.AGREEMENT_KINDS, AGREEMENTS)


def first_partnership_kind() -> str:
    return partnership_kinds()[0][0]


def first_agreement_kind() -> str:
    return agreement_kinds()[0][0]


def _choices(names: Sequence[str], usual: dict[str, str]) -> list[tuple[str, str]]:
    """The names of the setting, or the usual ones; a usual name keeps its code, so that a list can be made later."""
    if not names:
        return list(usual.items())
    codes = {str(name): code for code, name in usual.items()}
    return [(codes.get(name) or _own_code(name, usual), name) for name in names]


def _own_code(name: str, usual: dict[str, str]) -> str:
    """The code of a name that is not usual; a hyphen behind it where a usual kind has that code."""
    code = slugify(name, allow_unicode=True)[: LONGEST_CODE - 1]
    return f"{code}-" if code in usual else code


def partnership_kind(code: str) -> str:
    """The name of a kind of partnership, also of one that is no longer in the council's list."""
    return str(dict(partnership_kinds()).get(code) or PARTNERSHIPS.get(code) or name_of(code))


def agreement_kind(code: str) -> str:
    """The name of a kind of agreement, also of one that is no longer in the council's list."""
    return str(dict(agreement_kinds()).get(code) or AGREEMENTS.get(code) or name_of(code))


def name_of(code: str) -> str:
    """The name of a kind that no list has any more, from its code."""
    return capfirst(code.replace("-", " ").strip())
