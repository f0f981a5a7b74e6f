"""What a pre-election period asks of press releases, and which of them come out in one although nobody has agreed.

Within it a release that is new, and one that has the words of an elected member, is let out by two approvers, of whom the
second has said why. What was approved before the dates were set comes out as approved; it is listed instead.
"""

from datetime import datetime, time
from time import monotonic

from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_delete, post_save
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from news.models import PreElectionPeriod, PressRelease
from news.models.quotes import has_elected
from twinning.core.backoffice.site import Notice
from twinning.core.desk.sections import MOST_COUNTED, Desk, Line, Section
from twinning.core.fields.moments import moment_in_words
from twinning.core.publishing.copies import WorkingCopy

KEPT_FOR = 60  # seconds, in each process; the rule itself always asks


class KeptPeriods:
    """The periods that are not over, for the banner on every page of the back office."""

    def __init__(self):
        self.forget()

    def forget(self, **_signal) -> None:
        self._found, self._until = [], 0.0

    def today(self, *, at: datetime) -> PreElectionPeriod | None:
        """The period that is on."""
        if not (periods := self.not_over(at=at)):
            return None
        day = timezone.localdate(at)
        return next((one for one in periods if one.begins <= day <= one.ends), None)

    def not_over(self, *, at: datetime) -> list[PreElectionPeriod]:
        if monotonic() > self._until:
            self._found = list(PreElectionPeriod.objects.not_over(on=timezone.localdate(at)))
            self._until = monotonic() + KEPT_FOR
        return self._found


kept = KeptPeriods()
post_save.connect(kept.forget, PreElectionPeriod, weak=False, dispatch_uid="pre-election")
post_delete.connect(kept.forget, PreElectionPeriod, weak=False, dispatch_uid="pre-election")


def notice(*, at: datetime) -> Notice | None:
    """What stands on every page of the back office while a period is on."""
    if not (period := kept.today(at=at)):
        return None
    said = _(
        "Pre-election period: %(period)s. Publish nothing that is controversial, and nothing that links proposals with"
        " single members or parties. New releases and words of elected members need two approvers."
    )
    return Notice(said % {"period": period}, "pre-election-periods")


def approved_for(period: PreElectionPeriod, *, at: datetime) -> list[PressRelease | WorkingCopy]:
    """Releases, and copies of releases, that come out in a period and to which no second approver has agreed."""
    first = max(at, make_aware(datetime.combine(period.begins, time.min)))
    last = make_aware(datetime.combine(period.ends, time.max))
    about = {"approved_at__isnull": False, "publish_at__range": (first, last)}
    kind = ContentType.objects.get_for_model(PressRelease)
    releases, copies = (
        found.filter(**about).without_agreement().order_by("publish_at", "pk")[:MOST_COUNTED]
        for found in (PressRelease.objects, WorkingCopy.objects.filter(content_type=kind).prefetch_related("record"))
    )
    found = [*releases, *(copy for copy in copies if has_elected(copy.snapshot))]
    return sorted(found, key=lambda one: (one.publish_at, one.pk))


def page_of(subject: PressRelease | WorkingCopy) -> str:
    """Where a release or its copy is read in the back office."""
    is_copy = isinstance(subject, WorkingCopy)
    key = subject.object_id if is_copy else subject.pk
    return reverse(f"admin:news_pressrelease_{'copy' if is_copy else 'change'}", args=[key])


def approved_by_one(desk: Desk) -> list[Section]:
    """For approvers: what comes out in a pre-election period, and was approved by one person alone."""
    if not desk.by.has_perm("news.approve_pressrelease"):
        return []
    found = [one for period in kept.not_over(at=desk.at) for one in approved_for(period, at=desk.at)]
    title = _("Approved for a pre-election period, by one person")
    return desk.section(found, _line, place=15, code="pre-election", title=title)


def _line(subject: PressRelease | WorkingCopy) -> Line:
    said = _("It comes out on %(moment)s. Agree as second approver, send it back, or move it behind the election.")
    return Line(str(subject), page_of(subject), said % {"moment": moment_in_words(subject.publish_at)})
