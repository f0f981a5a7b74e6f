"""Personal links to what is not public yet, for journalists and partner offices without an account.

A link is for one record and one named person. Its address holds 256 random bits, of which only the hash is stored; it
expires, can be revoked, and every opening is noted.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from twinning.core.history import HistoryEvent, What, note
from twinning.core.mails import send_each
from twinning.core.moments import moment_in_words

LASTS = timedelta(hours=72)
LASTS_AT_MOST = timedelta(days=30)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class PreviewLinkQuerySet(models.QuerySet):
    """Links by whom they lead where."""

    def of(self, record: models.Model):
        """The links to one record and to its working copies, the newest first."""
        return self.filter(content_type=ContentType.objects.get_for_model(type(record)), object_id=record.pk)

    def alive(self, *, at: datetime):
        """Links that are neither revoked nor expired at a moment."""
        return self.filter(revoked_at=None, expires_at__gt=at)

    def by_token(self, token: str, *, at: datetime):
        """The living link of an address, if there is one."""
        return self.alive(at=at).filter(digest=_digest(token)).first()


class PreviewLink(models.Model):
    """A personal link: who may read which record before the public, and until when."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey()
    copy = models.ForeignKey("core.WorkingCopy", models.SET_NULL, null=True, related_name="preview_links")
    recipient = models.CharField(_("name"), max_length=150, help_text=_("The person who gets the link."))
    outlet = models.CharField(
        _("newspaper or office"), max_length=150, help_text=_("For example “Evening paper” or “City of Dortmund”.")
    )
    email = models.EmailField(_("email"), blank=True, help_text=_("To tell this person when the embargo moves."))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="links_made")
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="links_revoked"
    )

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        default_permissions = ()
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        constraints = [
            models.CheckConstraint(
                name="core_previewlink_expires_after_it_was_made",
                condition=Q(expires_at__gt=models.F("made_at")),
                violation_error_message=_("The link would expire before anybody could open it."),
            ),
            models.CheckConstraint(
                name="core_previewlink_revocation_is_whole",
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.recipient}, {self.outlet}"

    def is_alive(self, *, at: datetime) -> bool:
        """Whether it opens at a moment; the twin of ``objects.alive``."""
        return not self.revoked_at and self.expires_at > at

    def issue(self, *, by, at: datetime) -> str:
        """Save a link that was filled in, and return its secret: the only time that anybody sees it."""
        if not self.record.has_right("change", by=by):
            raise PermissionDenied
        if reason := why_no_link(self.record, copy=self.copy, at=at):
            raise ValidationError(reason)
        self.expires_at = self.expires_at or at + LASTS
        if not at < self.expires_at <= at + LASTS_AT_MOST:
            message = _("A link expires within %(days)d days, and not before it is made.")
            raise ValidationError({"expires_at": message % {"days": LASTS_AT_MOST.days}})
        token = secrets.token_urlsafe(32)
        self.digest, self.made_by, self.made_at = _digest(token), by, at
        with transaction.atomic():
            self.save(force_insert=True)
            note(self.record, What.LINK_MADE, by=by, at=at, link=str(self), expires_at=self.expires_at.isoformat())
        return token

    def revoke(self, *, by, at: datetime) -> None:
        """Make a link dead."""
        self.revoked_at, self.revoked_by = at, by
        with transaction.atomic():
            self.save(update_fields=["revoked_at", "revoked_by"])
            note(self.record, What.LINK_REVOKED, by=by, at=at, link=str(self))

    def open(self, *, at: datetime, file: str = "") -> None:
        """Note that somebody opened it, or fetched a file through it."""
        with transaction.atomic():
            self.openings.create(at=at)
            note(self.record, What.LINK_OPENED, by=None, at=at, link=str(self), **({"file": file} if file else {}))


class PreviewOpening(models.Model):
    """One time that a link was opened."""

    link = models.ForeignKey(PreviewLink, models.CASCADE, related_name="openings")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)
        default_permissions = ()

    def __str__(self):
        return str(self.link)


def revoke_all(record: models.Model, *, by, at: datetime) -> None:
    """Make every living link to a record dead."""
    for link in PreviewLink.objects.of(record).alive(at=at):
        link.revoke(by=by, at=at)


def why_no_link(record: models.Model, *, copy, at: datetime) -> str:
    """Why nobody can get a link to a record, or to its working copy ``copy``; empty if they can."""
    same = type(record).objects.filter(pk=record.pk)
    if same.gone(at=at).exists():
        return _("This page has been taken down. Nobody is shown it any more.")
    if not copy and same.readable(at=at).exists():
        return _("This page is public: give its address. To show a change before it is public, work on a copy.")
    return ""


def tell_holders(record: models.Model, *, was: datetime, by, at: datetime) -> None:
    """Tell those who hold links to a record, or to its working copy, that its embargo ``was`` and no longer is.

    They get a mail once the step is committed. Until their mail is on its way, history says that they are to be called.
    """
    is_copy = hasattr(record, "snapshot")
    links = record.preview_links if is_copy else PreviewLink.objects.of(record).filter(copy=None)
    holders, now = list(links.alive(at=at)), record.publish_at
    if not holders or now == was:
        return
    moments = {"was": was.isoformat(), "now": now and now.isoformat()}
    told = note(
        record.record if is_copy else record, What.HOLDERS_TOLD, by=by, at=at, **moments, **_told(holders, failed=holders)
    )  # fmt: skip
    mails = {link: _mail(link, was=was, now=now, at=at) for link in holders if link.email}
    transaction.on_commit(partial(_send, mails, holders, told), robust=True)


def _send(mails: dict[PreviewLink, EmailMessage], holders: list[PreviewLink], told: HistoryEvent) -> None:
    failed = send_each(list(mails.values()))
    told.details |= _told(holders, failed=[link for link, mail in mails.items() if mail in failed])
    told.save(update_fields=["details"])


def _told(holders: list[PreviewLink], *, failed: list[PreviewLink]) -> dict:
    """What history says of holders: who was told, and who was not because of a missing address or a failing mail."""
    reached = [link for link in holders if link.email and link not in failed]
    return {
        "told": [str(link) for link in reached],
        "to_call": [
            {"link": link.pk, "name": str(link), "why": "not sent" if link.email else "no email"}
            for link in holders
            if link not in reached
        ],
    }


def _mail(link: PreviewLink, *, was: datetime, now: datetime | None, at: datetime) -> EmailMessage:
    """What a holder is told. Mails are read by others than their recipients: it does not say of what, nor where."""
    if not now:
        subject = _("an embargo no longer stands")
    elif now <= at:
        subject = _("an embargo has been lifted")
    else:
        subject = _("an embargo has moved")
    context = {
        "link": link,
        "was": moment_in_words(was),
        "now": moment_in_words(now),
        "is_lifted": now and now <= at,
        "site_name": settings.SITE_NAME,
        "council": settings.COUNCIL_NAME,
        "contact": settings.CONTACT_EMAIL,
    }
    return EmailMessage(
        f"{settings.SITE_NAME}: {subject}",
        render_to_string("core/embargo_moved.txt", context),
        to=[link.email],
        reply_to=[settings.CONTACT_EMAIL],
    )


def to_call(record: models.Model, *, at: datetime) -> list[PreviewLink]:
    """The holders of living links who have not heard of the last move of the embargo."""
    last = HistoryEvent.objects.of(record).filter(what=What.HOLDERS_TOLD).first()
    keys = [holder["link"] for holder in last.details["to_call"]] if last else []
    return list(PreviewLink.objects.of(record).alive(at=at).filter(pk__in=keys)) if keys else []
