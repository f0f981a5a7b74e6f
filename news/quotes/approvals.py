"""Approvals of quotes: what the speaker's office says to a wording, and the links by which it can say so without an account.

An approval belongs to a wording and not to a row of the form: a quote that was changed is one about which nobody was asked, and
the wording that was approved stays approved in a working copy, or when an earlier version comes back (ADR 61).
"""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twinning.core.fields.characters import LineField
from twinning.core.history.events import note
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.personal import PersonalLink, PersonalLinkQuerySet
from twinning.core.publishing.steps import State, Step, table


class Said(models.TextChoices):
    """What is known of an approval."""

    NOT_ASKED = "not-asked", _("Not asked")
    ASKED = "asked", _("Asked, no answer yet")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class Way(models.TextChoices):
    """How somebody was asked, or answered."""

    LINK = "link", _("by the link")
    MAIL = "mail", _("by email")
    PHONE = "phone", _("by telephone")
    PERSON = "person", _("in person")
    BEFORE = "before", _("before approvals were kept here")


def _event(name: str, done: str) -> Step:
    return Step(name=name, right="change", begins=tuple(State), label=done, done=done)


# What the history of a release tells of its quotes.
QUOTE_EVENTS = table(
    _event("quote_asked", _("Approval of a quote asked for")),
    _event("quote_opened", _("Link to a quote opened")),
    _event("quote_revoked", _("Link to a quote revoked")),
    _event("quote_not-asked", _("Question about a quote taken back")),
    _event("quote_approved", _("Quote approved by its office")),
    _event("quote_declined", _("Quote declined by its office")),
)
SCHEDULED = _("This is approved already. Send it back first: what an office answers now would come too late to count.")
TAKEN_DOWN = _("This page has been taken down. Nobody is asked about it any more.")


class QuoteLink(PersonalLink):
    """A link on which the speaker's office reads one wording of a quote, and answers."""

    release = models.ForeignKey("PressRelease", models.CASCADE, related_name="quote_links")
    wording = models.CharField(max_length=64, editable=False)  # the digest of the quote
    recipient = LineField(_("who is asked"), max_length=150, help_text=_("For example “Office of the Lord Mayor”."))
    email = models.EmailField(
        _("email"), blank=True, help_text=_("The link goes to this address. Without one, you send it yourself.")
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    objects = PersonalLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="news_quotelink_expires_after_it_was_made", condition=Q(expires_at__gt=models.F("made_at"))
            )
        ]

    def __str__(self):
        return self.recipient

    def issue(self, quote, *, by, at: datetime) -> str:
        """Ask by a link that was filled in, and return its token. Earlier links about the same wording end."""
        check_askable(self.release, by=by, at=at)
        self.wording, self.made_by, token = quote.digest, by, self.seal(at=at)
        with transaction.atomic():
            end_links(self.release, self.wording, by=by, at=at)
            self.save(force_insert=True)
            keep(quote, Said.ASKED, release=self.release, how=Way.LINK, person=self.recipient, by=by, at=at, link=self)
        return token

    def revoke(self, *, by, at: datetime) -> None:
        """Revoke the link: from now on its address answers 404."""
        self.revoked_at = at
        with transaction.atomic():
            self.save(update_fields=["revoked_at"])
            note(self.release, "quote_revoked", by=by, at=at, link=str(self))

    def note_opening(self, *, at: datetime) -> None:
        """Write into the history that the link was opened."""
        note(self.release, "quote_opened", by=None, at=at, link=str(self))

    def given(self) -> "QuoteApproval | None":
        """What was answered on the link, once and for all."""
        return self.approvals.exclude(said=Said.ASKED).first()

    def answer(self, quote, said: str, *, person: str, remark: str = "", at: datetime) -> bool:
        """Keep what the office says to the wording that it read; False if it, or a colleague of it, has answered before."""
        with transaction.atomic():
            locked = QuoteLink.objects.select_for_update().get(pk=self.pk)
            if locked.given() or not locked.is_alive(at=at):
                return False
            about = {"release": self.release, "how": Way.LINK, "person": person, "remark": remark}
            keep(quote, said, **about, by=None, at=at, link=locked)
        return True


class QuoteApproval(models.Model):
    """One thing that was said about a wording: that an office was asked, what it answered, or that the question was taken back.

    The last one counts.
    """

    release = models.ForeignKey("PressRelease", models.CASCADE, related_name="quote_approvals")
    digest = models.CharField(max_length=64)
    wording = models.JSONField()
    said = models.CharField(_("answer"), max_length=10, choices=Said)
    how = models.CharField(_("how"), max_length=10, choices=Way)
    person = LineField(_("by whom"), max_length=150, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    at = models.DateTimeField(_("when"))
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(QuoteLink, models.CASCADE, null=True, related_name="approvals")

    class Meta:
        ordering = ("-pk",)
        default_permissions = ()

    def __str__(self):
        return self.get_said_display()


def keep(quote, said: str, *, release, how: str, person: str, at: datetime, by, link=None, remark: str = "") -> None:
    """Keep what was said about a quote, and write it into the history of the release."""
    QuoteApproval.objects.create(
        release=release, digest=quote.digest, wording=quote.wording, said=said, how=how, person=person,
        remark=remark.strip(), at=at, noted_by=by, link=link,
    )  # fmt: skip
    note(release, f"quote_{said}", by=by, at=at, remark=remark, link=person)


def note_answer(quote, said: str, *, release, how: str, person: str, by, at: datetime, remark: str = "") -> None:
    """Keep that an office was asked, or what it said, without a link; links about the wording end."""
    check_askable(release, by=by, at=at)
    with transaction.atomic():
        end_links(release, quote.digest, by=by, at=at)
        keep(quote, said, release=release, how=how, person=person, remark=remark, by=by, at=at)


def end_links(release, wording: str, *, by, at: datetime) -> None:
    """Revoke the links about a wording that are alive."""
    for link in release.quote_links.alive(at=at).filter(wording=wording):
        link.revoke(by=by, at=at)


def check_askable(release, *, by, at: datetime) -> None:
    """Raise PermissionDenied or ValidationError where nobody can be asked about the quotes of a release."""
    if not release.has_right("change", by=by):
        raise PermissionDenied
    if reason := reason_not_askable(release, at=at):
        raise ValidationError(reason, code="not_askable")


def reason_not_askable(release, *, at: datetime) -> str:
    """Why nobody can be asked about the quotes of a release now; empty if somebody can."""
    if release.state(at=at) == State.TAKEN_DOWN:
        return TAKEN_DOWN
    subject = WorkingCopy.objects.of(release).first() or release
    return SCHEDULED if subject.state(at=at) == State.SCHEDULED else ""


def approvals_of(release) -> dict[str, QuoteApproval]:
    """What was said last about each wording of a release."""
    told = release.quote_approvals.order_by("pk").select_related("noted_by", "link")
    return {approval.digest: approval for approval in told}


def said_of(quote, told: dict[str, QuoteApproval]) -> Said:
    """What is known of the approval of a quote."""
    approval = told.get(quote.digest)
    return Said(approval.said) if approval else Said.NOT_ASKED


_LACKS = {
    Said.NOT_ASKED: _("Nobody has asked the speaker’s office to approve: %(quotes)s."),
    Said.ASKED: _("The speaker’s office has been asked, and has not answered yet: %(quotes)s."),
    Said.DECLINED: _("The speaker’s office does not approve: %(quotes)s."),
}


def unapproved(release, quotes: list) -> list[ValidationError]:
    """What keeps a release from the public: quotes that were asked about and are not approved, or not asked about at all.

    The latter only where the council wants every quote approved (QUOTES_NEED_APPROVAL).
    """
    told, found = approvals_of(release) if quotes else {}, {}
    for quote in quotes:
        found.setdefault(said_of(quote, told), []).append(str(quote))
    blocking = [said for said in _LACKS if said != Said.NOT_ASKED or settings.QUOTES_NEED_APPROVAL]
    return [
        ValidationError(_LACKS[said], code="quote_not_approved", params={"quotes": "; ".join(found[said])})
        for said in blocking
        if said in found
    ]
