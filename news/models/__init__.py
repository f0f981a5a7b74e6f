"""What the press team keeps: releases, the people quoted in them, and whom a journalist can call."""

from news.models.contacts import PressContact
from news.models.releases import ChangeNote, PressRelease, Quote, ReleaseContact, ReleasePhoto

__all__ = ["ChangeNote", "PressContact", "PressRelease", "Quote", "ReleaseContact", "ReleasePhoto"]
