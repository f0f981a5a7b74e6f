"""Sections about the library and the site itself: licences that end, and work that the site could not do."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twinning.core.desk.sections import MOST_COUNTED, Desk, Line, Section
from twinning.core.fields.date_words import day_in_words
from twinning.core.fields.moments import moment_in_words
from twinning.core.photos.library import Photo, photo_use_models
from twinning.core.web.tasks import OwedTask

SOON = timedelta(days=30)


def licences(desk: Desk) -> list[Section]:
    """Photos on public pages that may not be shown much longer, or not any more."""
    if not desk.by.has_perm("core.change_photo"):
        return []
    ending = Photo.objects.filter(licence_ends__lte=timezone.localdate(desk.at) + SOON)
    found = ending.filter(_on_public_page(desk.at)).order_by("licence_ends", "pk")[:MOST_COUNTED]
    about = {"place": 60, "code": "licences", "title": _("Photos that may not be shown much longer")}
    return desk.section(list(found), lambda photo: _licence_line(photo, desk), **about)


def _on_public_page(at) -> Q:
    """Condition: a public page names the photo."""
    shown = Q(pk=None)
    for model in photo_use_models():
        owners = model._meta.get_field(model.owner).related_model.objects.published(at=at)
        same = owners.filter(pk=OuterRef(model.owner))
        shown |= Q(Exists(model.objects.filter(Exists(same), photo=OuterRef("pk"))))
    return shown


def _licence_line(photo: Photo, desk: Desk) -> Line:
    day, is_over = day_in_words(photo.licence_ends), photo.licence_ends < timezone.localdate(desk.at)
    said = _("Its licence ended on %s; the pages that name it show it no more. Renew it, or choose another photo.")
    if not is_over:
        said = _("It leaves its pages after %s. Renew the licence, or choose another photo.")
    url = reverse("admin:core_photo_change", args=[photo.pk]) + "#id_licence_ends"
    return Line(photo.title, url, said % day, is_wrong=is_over)


def undone_work(desk: Desk) -> list[Section]:
    """What the site owes and could not do so far, for those who administer it."""
    if not desk.by.has_perm("core.view_historyevent"):
        return []
    failed = list(OwedTask.objects.exclude(failure="").order_by("due_at", "pk")[:MOST_COUNTED])
    about = {"place": 90, "code": "undone", "title": _("Work that the site could not do")}
    return desk.section(failed[:1], lambda task: _work_line(task, len(failed)), **about)


def _work_line(task: OwedTask, number: int) -> Line:
    name = ngettext("%(number)d task failed", "%(number)d tasks failed", number) % {"number": number}
    said = _("It is tried again on %s. If that does not help, show this to the person who runs the server.")
    return Line(name, "", said % moment_in_words(task.due_at), remark=f"{task}: {task.failure}", is_wrong=True)
