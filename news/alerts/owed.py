"""Alert mails that are owed: one row for each release and subscriber, so that nobody gets one twice and none is lost."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef

from news.alerts.readers import Subscriber
from news.models.releases import PressRelease

# What is older than that is no news: after a long silence of the site nobody is told of it.
NEWS_FOR = timedelta(days=7)
# An address that the mail server refuses for now is tried again after 2, 4, 8 … minutes: ten times, within two days.
MOST_ATTEMPTS = 10
# Longer than a mail server takes with one mail. A mail of a process that was killed is due again afterwards.
TAKEN_FOR = timedelta(minutes=5)
# Who was sent what is forgotten after that.
KEPT_FOR = timedelta(days=30)


class Announcement(models.Model):
    """A release of which the subscribers are told, once, whatever is changed in it afterwards."""

    release = models.OneToOneField(PressRelease, models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.release)

    @classmethod
    def make(cls, release: PressRelease, *, at: datetime) -> None:
        """Owe a mail to each subscriber who is to hear of a release; nothing if that was done before."""
        with transaction.atomic():
            _announcement, is_new = cls.objects.get_or_create(release=release, defaults={"made_at": at})
            if is_new:
                subscribers = Subscriber.objects.who_chose(release, at=at).values_list("pk", flat=True)
                mails = (AlertMail(release=release, subscriber_id=pk, due_at=at) for pk in subscribers)
                AlertMail.objects.bulk_create(mails, batch_size=1000)


def new_releases(*, at: datetime):
    """The releases that became public and were not announced yet; not those that were first issued before the site."""
    public = PressRelease.objects.published(at=at).filter(first_issued_start=None, issued_at__gt=at - NEWS_FOR)
    return public.exclude(Exists(Announcement.objects.filter(release=OuterRef("pk"))))


class AlertMailQuerySet(models.QuerySet):
    """Owed mails by moment."""

    def unsent(self):
        return self.filter(sent_at=None, attempts__lt=MOST_ATTEMPTS)

    def due(self, *, at: datetime):
        """Those that are to be sent at a moment, of releases that are public then, the longest due first."""
        public = self.unsent().filter(due_at__lte=at, release__in=PressRelease.objects.published(at=at))
        return public.select_related("subscriber", "release").order_by("due_at", "pk")


class AlertMail(models.Model):
    """The mail about a release to a subscriber: owed until it is sent, or its address was refused too often."""

    release = models.ForeignKey(PressRelease, models.CASCADE, related_name="+")
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="mails")
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, db_index=True)

    objects = AlertMailQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["due_at"], name="news_alertmail_unsent", condition=models.Q(sent_at=None))]
        constraints = [models.UniqueConstraint(fields=["release", "subscriber"], name="news_alertmail_once")]

    def __str__(self):
        return f"{self.release}: {self.subscriber}"

    def take(self, *, at: datetime) -> bool:
        """Take the mail from all other processes for TAKEN_FOR; whether none of them had it."""
        mine = AlertMail.objects.unsent().filter(pk=self.pk, due_at=self.due_at)
        self.due_at = at + TAKEN_FOR
        return bool(mine.update(due_at=self.due_at))

    def note_sent(self, *, at: datetime) -> None:
        AlertMail.objects.filter(pk=self.pk).update(sent_at=at)

    def note_refused(self, *, at: datetime, for_good: bool) -> None:
        """The mail server did not take this one: try it later, or never again."""
        wait = timedelta(minutes=2 ** (self.attempts + 1))
        attempts = MOST_ATTEMPTS if for_good else F("attempts") + 1
        AlertMail.objects.filter(pk=self.pk).update(attempts=attempts, due_at=at + wait)

    def put_back(self, *, at: datetime) -> None:
        """The mail server was away, which is no fault of this address: let the others go first."""
        AlertMail.objects.filter(pk=self.pk).update(due_at=at + timedelta(minutes=1))
