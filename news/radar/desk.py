"""Partnerships on the desk that nobody looks after, or of which nothing is heard."""

from django.utils import timezone
from django.utils.translation import gettext as _

from news.radar.finding import cities_in_the_news
from partners.desk import reminder_line
from partners.radar import of_cities
from twinning.core.desk.sections import MOST_COUNTED, Desk, Section

# Pages to look at again have a section of their own.
CODES = {"quiet", "no-owner"}


def partnerships_to_look_after(desk: Desk) -> list[Section]:
    """The partnerships of which nothing is recorded for years, for their officer; those of nobody for all who write cities."""
    if not desk.by.has_perm("partners.change_city"):
        return []
    found = of_cities(on=timezone.localdate(desk.at), heard_of=cities_in_the_news)
    theirs = [one for one in found if one.code in CODES and one.owners <= {desk.by.pk}]
    about = {"place": 78, "code": "partnerships", "title": _("Partnerships to look after")}
    return desk.section(theirs[:MOST_COUNTED], reminder_line, **about)
