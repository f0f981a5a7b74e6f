"""The models of the twinning office: partner cities, themes and agreements."""

from partners.models.cities import City, CityPhoto, Focus, Involvement, Milestone
from partners.models.memoranda import Memorandum
from partners.models.programme import Programme
from partners.models.signing import Document, Signatory
from partners.models.themes import Theme

__all__ = [
    "City",
    "CityPhoto",
    "Document",
    "Focus",
    "Involvement",
    "Memorandum",
    "Milestone",
    "Programme",
    "Signatory",
    "Theme",
]
