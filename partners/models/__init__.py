"""The models of the twinning office: partner cities, themes and agreements."""

from partners.models.agreement_parts import Decision, Suspension
from partners.models.cities import City
from partners.models.city_parts import CityPhoto, Focus, FormerName, Involvement, Milestone
from partners.models.memoranda import Memorandum
from partners.models.programme import Programme
from partners.models.signing import Document, Signatory, Signing
from partners.models.standing import Change
from partners.models.story import Delegation, Outcome
from partners.models.themes import Theme

__all__ = [
    "Change",
    "City",
    "CityPhoto",
    "Decision",
    "Delegation",
    "Document",
    "Focus",
    "FormerName",
    "Involvement",
    "Memorandum",
    "Milestone",
    "Outcome",
    "Programme",
    "Signatory",
    "Signing",
    "Suspension",
    "Theme",
]
