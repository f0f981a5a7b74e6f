"""What partnerships put on the desk: agreements to decide about, and pages that somebody wanted to look at again."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import City
from partners.radar import TO_DECIDE, Reminder, of_agreements
from twinning.core.desk.sections import MOST_COUNTED, Desk, Line, Section
from twinning.core.fields.date_words import day_in_words


def pages_to_look_at_again(desk: Desk) -> list[Section]:
    """The cities whose day has come, for the responsible officer; those of nobody for everybody who writes cities."""
    if not desk.by.has_perm("partners.change_city"):
        return []
    due = City.objects.filter(review_on__lte=timezone.localdate(desk.at))
    theirs = due.filter(Q(owner=desk.by) | Q(owner=None)).exclude(taken_down_at__isnull=False)
    about = {"place": 80, "code": "review", "title": _("Pages to look at again")}
    return desk.section(list(theirs.order_by("review_on", "pk")[:MOST_COUNTED]), _line, **about)


def _line(city: City) -> Line:
    said = _("Somebody wanted it looked at again on %s. Put right what has changed, and set another day.")
    if city.owner_id:
        said = _("You wanted to look at it again on %s. Put right what has changed, and set another day.")
    url = reverse("admin:partners_city_change", args=[city.pk])
    return Line(city.name, url, said % day_in_words(city.review_on))


def agreements_to_decide_about(desk: Desk) -> list[Section]:
    """The agreements that end or renew themselves soon, or are not getting on, and those without a document."""
    if not desk.by.has_perm("partners.change_memorandum"):
        return []
    found = of_agreements(on=timezone.localdate(desk.at))
    to_decide = [one for one in found if one.code in TO_DECIDE][:MOST_COUNTED]
    others = [one for one in found if one.code not in TO_DECIDE][:MOST_COUNTED]
    return [
        *desk.section(to_decide, reminder_line, place=75, code="agreements", title=_("Agreements to decide about")),
        *desk.section(others, reminder_line, place=77, code="papers", title=_("Agreements without a document")),
    ]


def reminder_line(found: Reminder) -> Line:
    until = _("Until %s.") % day_in_words(found.until) if found.until else ""
    return Line(str(found.record), found.url, f"{found.advice} {until}".strip())
