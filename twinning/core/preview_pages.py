"""What is not public yet, shown to one person: the very page that the public will get, and its files.

A link that is dead, or never was, gets the answer of any unknown address, whatever it is asked.
"""

import logging
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from twinning.core import sending, snapshots
from twinning.core.approval import State
from twinning.core.copies import WorkingCopy
from twinning.core.files import PrivateFile, file_parts
from twinning.core.moments import moment_in_words
from twinning.core.photo_uses import photo_files
from twinning.core.previews import PreviewLink
from twinning.core.slugs import page_of

log = logging.getLogger(__name__)

METHODS = ["GET", "HEAD"]
# Nobody keeps the answer, no page that it links to learns its address, no search engine lists it.
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@dataclass(frozen=True)
class Preview:
    """What a template has to know of a page that is shown before its time; it stands in ``request.preview``."""

    standing: str
    file_url: Callable[[PrivateFile], str]
    url_below: Callable[[str], str]
    link: PreviewLink | None = None


def standing(record: models.Model, copy: WorkingCopy | None, *, at: datetime) -> str:
    """What the reader has to keep to, in a sentence."""
    state = (copy or record).state(at=at)
    embargo = {"moment": moment_in_words((copy or record).publish_at)}
    if copy:
        is_embargoed = state == State.SCHEDULED
        return _("Working copy: embargoed until %(moment)s.") % embargo if is_embargoed else _("Working copy: not for publication.")  # fmt: skip
    if state == State.SCHEDULED:
        return _("Embargoed until %(moment)s.") % embargo
    return _("Taken down: not for publication.") if state == State.TAKEN_DOWN else _("Draft: not for publication.")


def draw(
    request, record: models.Model, copy: WorkingCopy | None, preview: Preview, *, at: datetime, name: str = ""
) -> HttpResponse:
    """The page of a record, or of what it will be when its copy is published; or what lies below it under a name."""
    request.preview = preview
    with _as_if_published(copy):
        shown = type(record).objects.for_page(at=at).get(pk=record.pk)
        shown.publish_at = shown.publish_at or at
        # The menu marks where the page will stand.
        request.resolver_match = resolve(shown.get_absolute_url())
        return private(page_of(type(record), name)(request, shown, at))


def send(record: models.Model, copy: WorkingCopy | None, token: str, name: str) -> HttpResponse:
    """A file of the record, and of no other."""
    with _as_if_published(copy):
        return private(sending.send(_file_of(record, token, name)))


@contextmanager
def _as_if_published(copy: WorkingCopy | None):
    """The database as it will be when a copy is published; without a copy, as it is, and without a transaction."""
    if copy:
        with snapshots.as_if(copy.fresh_record(), copy.snapshot):
            yield
    else:
        yield


def _file_of(record: models.Model, token: str, name: str) -> PrivateFile:
    for files in [*file_parts(record), *photo_files(record)]:
        if found := files.filter(token=token, name=name).first():
            return found
    raise Http404


def private(response: HttpResponse) -> HttpResponse:
    """Mark an answer as meant for one person."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def personal(view):
    """Decorate a view ``(request, link, record, at, …)`` so that it is reached by the secret of a living link."""

    # An unknown address does not ask for the token of a form either.
    @csrf_exempt
    @wraps(view)
    def opened(request, token, **rest):
        at = timezone.now()
        link = PreviewLink.objects.select_related("copy").by_token(token, at=at)
        record = link and link.record
        if not record or record.state(at=at) == State.TAKEN_DOWN:
            raise Http404
        if request.method not in METHODS:
            return private(HttpResponseNotAllowed(METHODS))
        try:
            return private(view(request, link, record, at, token=token, **rest))
        except ValidationError:
            log.exception("The working copy %s cannot be shown", link.copy_id)
            raise Http404 from None

    return opened


def _is_public(link: PreviewLink, record: models.Model, at: datetime) -> bool:
    return not link.copy and record.state(at=at) in (State.PUBLISHED, State.WITHDRAWN)


@personal
def page(request, link, record, at, *, token):
    """The page; what has become public meanwhile is read where everybody reads it."""
    if _is_public(link, record, at):
        return redirect(record)

    response = draw(request, record, link.copy, _preview(link, record, token, at=at), at=at)
    if request.method == "GET":
        link.open(at=at)
    return response


def _preview(link: PreviewLink, record: models.Model, token: str, *, at: datetime) -> Preview:
    def file_url(file: PrivateFile) -> str:
        return reverse("core:preview_file", args=[token, file.token, file.name])

    def url_below(name: str) -> str:
        return reverse("core:preview_below", args=[token, name])

    return Preview(standing(record, link.copy, at=at), file_url, url_below, link)


@personal
def below(request, link, record, at, *, token, name):
    """What lies below the page, such as the press pack."""
    if _is_public(link, record, at):
        page_of(type(record), name)
        return redirect(record.get_absolute_url() + name)
    response = draw(request, record, link.copy, _preview(link, record, token, at=at), at=at, name=name)
    if request.method == "GET":
        link.open(at=at, file=name)
    return response


@personal
def file(request, link, record, at, *, token, file_token, name):
    """A file of the page."""
    if _is_public(link, record, at):
        return redirect(_file_of(record, file_token, name))
    response = send(record, link.copy, file_token, name)
    if request.method == "GET":
        link.open(at=at, file=name)
    return response
