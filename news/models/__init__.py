"""The models of the press team: releases with their parts, and press contacts."""

from news.models.contacts import PressContact
from news.models.releases import ChangeNote, PressRelease, Quote, ReleaseContact, ReleasePhoto

__all__ = ["ChangeNote", "PressContact", "PressRelease", "Quote", "ReleaseContact", "ReleasePhoto"]
