"""What was told to whom by mail: a row for each, so that nobody is told twice and nothing is lost."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models, transaction

from news.radar.finding import reminders
from partners.radar import Reminder
from twinning.core.accounts import User

# What has to be decided so soon is told at once, and not with the list of the month.
URGENT = timedelta(days=30)
# Longer than any reminder stays the same, and than the mail server is tried.
KEPT_FOR = timedelta(days=400)


class Told(models.Model):
    """Something that is told once to somebody: a reminder that became urgent, or the list of a month, such as “2026-11”."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    about = models.CharField(max_length=150)
    owed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "about"], name="news_told_once")]

    def __str__(self):
        return self.about


def is_urgent(reminder: Reminder, *, on: date) -> bool:
    return bool(reminder.until and reminder.until <= on + URGENT)


def owe(user: User, theirs: list[Reminder], *, on: date, at: datetime) -> bool:
    """Note what a person is to be told of at a moment; returns whether there is anything."""
    month = f"{on:%Y-%m}"
    names = [month, *(one.name for one in theirs if is_urgent(one, on=on))] if theirs else []
    known = set(Told.objects.filter(user=user, about__in=names).values_list("about", flat=True))
    new = [Told(user=user, about=name, owed_at=at) for name in names if name not in known]
    return bool(Told.objects.bulk_create(new))


def owners_with_reminders(*, on: date) -> dict[User, list[Reminder]]:
    """Those who are responsible for something that asks for a decision and can be written to, each with what it is."""
    found = reminders(on=on)
    people = User.objects.in_bulk({key for one in found for key in one.owners})
    return {user: [one for one in found if key in one.owners] for key, user in people.items() if user.email}


def forget(*, at: datetime) -> None:
    """Delete what nobody needs any more."""
    with transaction.atomic():
        Told.objects.filter(owed_at__lte=at - KEPT_FOR).delete()
