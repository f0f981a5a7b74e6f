"""Preview links: personal links to hidden records, for journalists and partner offices without an account.

A link leads to one record and is made for one named person. Each opening is an event of the record's history.
"""

from collections import defaultdict
from datetime import datetime
from functools import partial

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models import Count, Max, OuterRef, Q, Subquery, Window
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, RowNumber
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from twinning.core.fields.moments import moment_in_words
from twinning.core.history.events import EventKind, HistoryEvent, note
from twinning.core.publishing.personal import PersonalLink, PersonalLinkQuerySet
from twinning.core.web.mails import send_each

REASON_TAKEN_DOWN = _("This page has been taken down. Nobody is shown it any more.")
REASON_PUBLIC = _("This page is public: give its address. To show a change before it is public, work on a copy.")


class PreviewLinkQuerySet(PersonalLinkQuerySet):
    """Preview links by record, by state and by address."""

    def of(self, record: models.Model):
        """The links to one record and to its working copies, the newest first."""
        return self.filter(content_type=ContentType.objects.get_for_model(type(record)), object_id=record.pk)

    def with_openings(self):
        """Links with the number of their openings (``opened``) and the moment of the last one (``last_opened``)."""
        same = {"content_type": OuterRef("content_type"), "object_id": OuterRef("object_id")}
        openings = opening_events().filter(**same, link_key=OuterRef("pk")).order_by().values("link_key")
        return self.annotate(
            opened=Coalesce(Subquery(openings.values_list(Count("pk"))), 0),
            last_opened=Subquery(openings.values_list(Max("at"))),
        )


class PreviewLink(PersonalLink):
    """A personal link to a hidden record, for one named person and until a moment."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey()
    copy = models.ForeignKey("core.WorkingCopy", models.SET_NULL, null=True, related_name="preview_links")
    recipient = models.CharField(_("name"), max_length=150, help_text=_("The person who gets the link."))
    outlet = models.CharField(
        _("newspaper or office"), max_length=150, help_text=_("For example “Evening paper” or “City of Dortmund”.")
    )
    email = models.EmailField(_("email"), blank=True, help_text=_("To tell this person when the embargo moves."))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="links_made")
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="links_revoked"
    )

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        default_permissions = ()
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        # Few of all links that were ever made are alive.
        indexes = [models.Index(fields=["expires_at"], name="core_previewlink_alive", condition=Q(revoked_at=None))]
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
        return ", ".join(filter(None, [self.recipient, self.outlet]))

    def issue(self, *, by, at: datetime) -> str:
        """Save a link that was filled in, and return its token, which is stored nowhere."""
        if not self.record.has_right("change", by=by):
            raise PermissionDenied
        if reason := reason_not_linkable(self.record, copy=self.copy, at=at):
            raise ValidationError(reason, code="not-linkable")
        token, self.made_by = self.seal(at=at), by
        with transaction.atomic():
            self.save(force_insert=True)
            note(self.record, EventKind.LINK_MADE, by=by, at=at, link=str(self), expires_at=self.expires_at.isoformat())
        return token

    def revoke(self, *, by, at: datetime) -> None:
        """Revoke the link: from now on its address answers 404."""
        self.revoked_at, self.revoked_by = at, by
        with transaction.atomic():
            self.save(update_fields=["revoked_at", "revoked_by"])
            note(self.record, EventKind.LINK_REVOKED, by=by, at=at, link=str(self))

    def note_opening(self, *, at: datetime, file: str = "") -> None:
        """Write into the history that the link was opened, or a file fetched through it."""
        details = {"link": str(self), "link_key": self.pk} | ({"file": file} if file else {})
        note(self.record, EventKind.LINK_OPENED, by=None, at=at, **details)


def opening_events() -> models.QuerySet:
    """The history events of openings, each with the key of its link (``link_key``)."""
    key = Cast(KeyTextTransform("link_key", "details"), models.BigIntegerField())
    return HistoryEvent.objects.filter(what=EventKind.LINK_OPENED).annotate(link_key=key)


def latest_openings(record: models.Model, *, most: int) -> dict[int, list[HistoryEvent]]:
    """The last openings of each link to a record, the newest first, by the key of the link."""
    place = Window(RowNumber(), partition_by="link_key", order_by="-pk")
    found = defaultdict(list)
    for event in opening_events().of(record).annotate(place=place).filter(place__lte=most):
        found[event.link_key].append(event)
    return found


def revoke_all(record: models.Model, *, by, at: datetime) -> None:
    """Revoke all links to a record that are alive."""
    for link in PreviewLink.objects.of(record).alive(at=at):
        link.revoke(by=by, at=at)


def reason_not_linkable(record: models.Model, *, copy, at: datetime) -> str:
    """Why there can be no link to a record, or to its working copy ``copy``; empty if there can."""
    same = type(record).objects.filter(pk=record.pk)
    if same.gone(at=at).exists():
        return REASON_TAKEN_DOWN
    if not copy and same.readable(at=at).exists():
        return REASON_PUBLIC
    return ""


def tell_holders(record: models.Model, *, was: datetime, by, at: datetime) -> None:
    """Mail to the holders of links to a record, or to its working copy, that its embargo ``was`` has moved.

    The mails are sent after the commit. Until then the history lists all holders as to be called.
    """
    is_copy = hasattr(record, "snapshot")
    links = record.preview_links if is_copy else PreviewLink.objects.of(record).filter(copy=None)
    holders, now = list(links.alive(at=at)), record.publish_at
    if not holders or now == was:
        return
    subject, moments = record.record if is_copy else record, {"was": was.isoformat(), "now": now and now.isoformat()}
    event = note(subject, EventKind.HOLDERS_TOLD, by=by, at=at, **moments, **_holder_details(holders, failed=holders))
    mails = {link: _embargo_mail(link, was=was, now=now, at=at) for link in holders if link.email}
    transaction.on_commit(partial(_send_mails, mails, holders, event), robust=True)


def _send_mails(mails: dict[PreviewLink, EmailMessage], holders: list[PreviewLink], event: HistoryEvent) -> None:
    failed = send_each(list(mails.values()))
    event.details |= _holder_details(holders, failed=[link for link, mail in mails.items() if mail in failed])
    event.save(update_fields=["details"])


def _holder_details(holders: list[PreviewLink], *, failed: list[PreviewLink]) -> dict:
    """Details for the history event: the holders who got a mail, and those who have no address or whose mail failed."""
    reached = [link for link in holders if link.email and link not in failed]
    return {
        "told": [str(link) for link in reached],
        "to_call": [
            {"link": link.pk, "name": str(link), "why": "not sent" if link.email else "no email"}
            for link in holders
            if link not in reached
        ],
    }


def _embargo_mail(link: PreviewLink, *, was: datetime, now: datetime | None, at: datetime) -> EmailMessage:
    """The mail to a holder. It names neither record nor address: mails are read by others than their recipients."""
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
        render_to_string("core/publishing/embargo_moved.txt", context),
        to=[link.email],
        reply_to=[settings.CONTACT_EMAIL],
    )


def holders_to_call(record: models.Model, *, at: datetime) -> list[PreviewLink]:
    """The links that are alive whose holders got no mail when the embargo moved last."""
    last = HistoryEvent.objects.of(record).filter(what=EventKind.HOLDERS_TOLD).first()
    keys = [holder["link"] for holder in last.details["to_call"]] if last else []
    return list(PreviewLink.objects.of(record).alive(at=at).filter(pk__in=keys)) if keys else []
