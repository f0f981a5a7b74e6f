"""The models of the press team: releases with their parts, press contacts, and readers of alerts."""

from news.alerts.owed import AlertMail, Announcement
from news.alerts.readers import AlertRequest, Subscriber
from news.models.contacts import PressContact
from news.models.releases import ChangeNote, PressRelease, Quote, ReleaseContact, ReleasePhoto

__all__ = [
    "AlertMail",
    "AlertRequest",
    "Announcement",
    "ChangeNote",
    "PressContact",
    "PressRelease",
    "Quote",
    "ReleaseContact",
    "ReleasePhoto",
    "Subscriber",
]
