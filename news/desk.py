"""What the press puts on the desk: contacts who stop answering."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import PressContact, ReleaseContact
from twinning.core.desk.sections import MOST_COUNTED, Desk, Line, Section
from twinning.core.fields.date_words import day_in_words

SOON = timedelta(days=30)


def contacts_that_end(desk: Desk) -> list[Section]:
    """Contacts who stop within a month, and those who have stopped, are named somewhere, and have nobody after them."""
    if not desk.by.has_perm("news.change_presscontact"):
        return []
    today = timezone.localdate(desk.at)
    is_named = Exists(ReleaseContact.objects.filter(contact=OuterRef("pk"))) | Q(is_general=True) | Q(
        Exists(PressContact.cities.through.objects.filter(presscontact=OuterRef("pk")))
    )  # fmt: skip
    stops_soon, has_stopped = Q(valid_to__range=(today, today + SOON)), Q(valid_to__lt=today, fallback=None)
    found = PressContact.objects.select_related("fallback").filter(is_named, stops_soon | has_stopped)
    about = {"place": 70, "code": "contacts", "title": _("Press contacts who stop answering")}
    return desk.section(list(found.order_by("valid_to", "pk")[:MOST_COUNTED]), lambda one: _line(one, today), **about)


def _line(contact: PressContact, today) -> Line:
    is_over = contact.valid_to < today
    said = _("Since %(day)s no page names them, and nobody in their place. Choose who answers now.")
    if not is_over:
        said = _("The last day is %(day)s; then nobody is named in their place. Choose who answers afterwards.")
    if contact.fallback:
        said = _("The last day is %(day)s; then every page names “%(next)s” in their place.")
    words = {"day": day_in_words(contact.valid_to), "next": contact.fallback}
    url = reverse("admin:news_presscontact_change", args=[contact.pk]) + "#id_fallback"
    return Line(str(contact), url, said % words, is_wrong=is_over)
