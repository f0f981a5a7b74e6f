"""Previews: the page that the public will get, and its files, for colleagues and for holders of a preview link.

Expired, revoked and unknown links all get the answer of an unknown address, with every method.
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
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from twinning.core.addresses import page_view
from twinning.core.fields.moments import moment_in_words
from twinning.core.files import serve
from twinning.core.files.private import PrivateFile, file_parts
from twinning.core.history import snapshots
from twinning.core.photos.uses import photo_files
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.links import PreviewLink
from twinning.core.publishing.workflow import State
from twinning.core.web.http import private

log = logging.getLogger(__name__)

METHODS = ["GET", "HEAD"]


@dataclass(frozen=True)
class Preview:
    """What templates need for a preview, in ``request.visit.preview``; ``restriction`` says until when it is embargoed."""

    restriction: str
    file_url: Callable[[PrivateFile], str]
    url_below: Callable[[str], str]
    link: PreviewLink | None = None


def restriction(record: models.Model, copy: WorkingCopy | None, *, at: datetime) -> str:
    """A sentence for readers of a preview: until when it is embargoed, or that it is not for publication."""
    subject = copy or record
    state = subject.state(at=at)
    if state == State.SCHEDULED:
        sentence = _("Working copy: embargoed until %s.") if copy else _("Embargoed until %s.")
        return sentence % moment_in_words(subject.publish_at)
    if copy:
        return _("Working copy: not for publication.")
    return _("Taken down: not for publication.") if state == State.TAKEN_DOWN else _("Draft: not for publication.")


def render_page(
    request, record: models.Model, copy: WorkingCopy | None, preview: Preview, *, at: datetime, name: str = ""
) -> HttpResponse:
    """The page of a record, or with a copy the page after its publication; with a name, the page below it."""
    request.visit.preview = preview
    with _as_if_published(copy):
        shown = type(record).objects.for_page(at=at).get(pk=record.pk)
        shown.publish_at = shown.publish_at or at
        # The menu marks the section of the page.
        request.resolver_match = resolve(shown.get_absolute_url())
        return private(page_view(type(record), name)(request, shown, at))


def send_file(record: models.Model, copy: WorkingCopy | None, token: str, name: str, *, at: datetime) -> HttpResponse:
    """A file of the record or of its copy; Http404 for files of other records."""
    with _as_if_published(copy):
        return private(serve.file_response(_file_of(record, token, name, at=at)))


@contextmanager
def _as_if_published(copy: WorkingCopy | None):
    """Context manager: a copy is published until the end and then rolled back; without a copy, nothing is done."""
    if copy:
        with snapshots.as_if(copy.fresh_record(), copy.snapshot):
            yield
    else:
        yield


def _file_of(record: models.Model, token: str, name: str, *, at: datetime) -> PrivateFile:
    for files in [*file_parts(record), *photo_files(record, at=at)]:
        if found := files.filter(token=token, name=name).first():
            return found
    raise Http404


def link_required(view):
    """Decorator: calls a view ``(request, link, record, at, …)`` for the token of a link that is alive, else 404."""

    # Without CSRF check, as an unknown address, so that both answer alike.
    @csrf_exempt
    @wraps(view)
    def with_link(request, token, **rest):
        at = request.visit.at
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

    return with_link


def _is_public(link: PreviewLink, record: models.Model, at: datetime) -> bool:
    return not link.copy and record.state(at=at) in (State.PUBLISHED, State.WITHDRAWN)


@link_required
def page(request, link, record, at, *, token):
    """The preview of a page; a redirect to the page if it has become public."""
    if _is_public(link, record, at):
        return redirect(record)

    response = render_page(request, record, link.copy, _preview(link, record, token, at=at), at=at)
    if request.method == "GET":
        link.note_opening(at=at)
    return response


def _preview(link: PreviewLink, record: models.Model, token: str, *, at: datetime) -> Preview:
    def file_url(file: PrivateFile) -> str:
        return reverse("core:preview_file", args=[token, file.token, file.name])

    def url_below(name: str) -> str:
        return reverse("core:preview_below", args=[token, name])

    return Preview(restriction(record, link.copy, at=at), file_url, url_below, link)


@link_required
def below(request, link, record, at, *, token, name):
    """The preview of a page below the record's own, such as the press pack."""
    if _is_public(link, record, at):
        page_view(type(record), name)
        return redirect(record.get_absolute_url() + name)
    response = render_page(request, record, link.copy, _preview(link, record, token, at=at), at=at, name=name)
    if request.method == "GET":
        link.note_opening(at=at, file=name)
    return response


@link_required
def file(request, link, record, at, *, token, file_token, name):
    """A file of the preview."""
    if _is_public(link, record, at):
        return redirect(_file_of(record, file_token, name, at=at))
    response = send_file(record, link.copy, file_token, name, at=at)
    if request.method == "GET":
        link.note_opening(at=at, file=name)
    return response
