"""The models of the press team: releases with their parts, approvals of quotes, press contacts, and readers of alerts."""

from news.alerts.owed import AlertMail, Announcement
from news.alerts.readers import AlertRequest, Subscriber
from news.coverage.links import Coverage
from news.models.contacts import PressContact
from news.models.pre_election import PreElectionPeriod
from news.models.quotes import Quote
from news.models.releases import ChangeNote, PressRelease, ReleaseContact, ReleasePhoto
from news.quotes.approvals import QuoteApproval, QuoteLink
from news.radar.links import CalendarLink
from news.radar.told import Told

__all__ = [
    "AlertMail",
    "AlertRequest",
    "Announcement",
    "CalendarLink",
    "ChangeNote",
    "Coverage",
    "PreElectionPeriod",
    "PressContact",
    "PressRelease",
    "Quote",
    "QuoteApproval",
    "QuoteLink",
    "ReleaseContact",
    "ReleasePhoto",
    "Subscriber",
    "Told",
]
