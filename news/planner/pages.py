"""The page of the calendar in the back office: a week or a month as a list of its days."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news.planner.finding import MOST, Happening, happenings
from news.planner.periods import Period, asked_for


@dataclass(frozen=True)
class Week:
    """A week with those of its days on which something happens."""

    period: Period
    days: list[tuple[date, list[Happening]]]


@require_safe
def page(request):
    """The calendar of whoever opens it."""
    at = request.visit.at
    today = timezone.localdate(at)
    period, wrong = asked_for(request.GET, today=today)
    found = happenings(by=request.user, period=period, at=at)
    day = today if today in period else period.first
    context = admin.site.each_context(request) | {
        "title": _("Calendar"),
        "period": period,
        "wrong": wrong,
        "today": today,
        "week": Period.week(day),
        "month": Period.month(day),
        "now": period.beside(today),
        "weeks": _weeks(period, found),
        "without_day": [one for one in found if not one.day],
        "may_be_cut": len(found) >= MOST,
        "most": MOST,
    }
    return TemplateResponse(request, "news/planner/calendar.html", context)


def _weeks(period: Period, found: list[Happening]) -> list[Week]:
    dated = (one for one in found if one.day)
    days = [(day, list(group)) for day, group in groupby(dated, key=lambda one: one.day)]
    return [Week(week, [(day, ones) for day, ones in days if day in week]) for week in period.weeks()]
