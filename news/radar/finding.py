"""What asks for a decision, with the news about each city, and whose it is."""

from datetime import date

from news.models.releases import PressRelease
from partners.radar import Reminder, radar
from twinning.core.accounts import User
from twinning.core.fields.dates import PartialDate


def reminders(*, on: date) -> list[Reminder]:
    """What asks for a decision on a day, the most urgent first."""
    return radar(on=on, heard_of=cities_in_the_news)


def reminders_of(user: User, *, on: date) -> list[Reminder]:
    """What asks for a decision of the person who is responsible for it."""
    return [one for one in reminders(on=on) if user.pk in one.owners]


def cities_in_the_news(cities: list[int], since: date) -> set[int]:
    """Which of some cities, by their keys, were named by a release since a day."""
    begin = PartialDate.of(since).start
    named = PressRelease.cities.through.objects.filter(city__in=cities, pressrelease__issued_at__gte=begin)
    return set(named.values_list("city", flat=True))
