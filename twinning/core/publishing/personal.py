"""Personal links: secret addresses, each for one named person without an account.

An address contains 256 random bits, of which only the hash is stored. It works until it expires or is revoked.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

DEFAULT_LIFETIME = timedelta(hours=72)
LONGEST_LIFETIME = timedelta(days=30)
WRONG_EXPIRY = _("A link expires within %(days)d days, and not before it is made.")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class PersonalLinkQuerySet(models.QuerySet):
    """Personal links by state and by address."""

    def alive(self, *, at: datetime):
        """Links that are neither revoked nor expired at a moment."""
        return self.filter(revoked_at=None, expires_at__gt=at)

    def by_token(self, token: str, *, at: datetime):
        """The link that is alive and has a token; None if there is none."""
        return self.alive(at=at).filter(digest=_digest(token)).first()


class PersonalLink(models.Model):
    """Abstract model: a secret address for one named person, until a moment."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def is_alive(self, *, at: datetime) -> bool:
        """Whether the link is neither revoked nor expired at a moment; the twin of ``objects.alive``."""
        return not self.revoked_at and self.expires_at > at

    def seal(self, *, at: datetime) -> str:
        """Set the moments and the hash of a new link, and return its token, which is stored nowhere."""
        self.expires_at = self.expires_at or at + DEFAULT_LIFETIME
        if not at < self.expires_at <= at + LONGEST_LIFETIME:
            days = {"days": LONGEST_LIFETIME.days}
            raise ValidationError({"expires_at": ValidationError(WRONG_EXPIRY, code="wrong-expiry", params=days)})
        token = secrets.token_urlsafe(32)
        self.digest, self.made_at = _digest(token), at
        return token
