"""The page of a record inside a page of the back office: as the public gets it, or as it would get it."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override

from twinning.core.addresses import page_view
from twinning.core.previews.pages import Preview, render_page
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.steps import READABLE
from twinning.core.web.http import private

# One page of this site shows another one in a frame; no other site does.
WITH_FRAME = settings.SECURE_CSP | {"frame-src": [CSP.SELF]}
IN_FRAME = settings.SECURE_CSP | {"frame-ancestors": [CSP.SELF]}


@xframe_options_sameorigin
@csp_override(IN_FRAME)
def page(request, record, copy: WorkingCopy | None, preview: Callable[[], Preview]) -> HttpResponse:
    """The page for a frame, without a banner; its links open windows of their own. A copy that does not fit says why."""
    at = request.visit.at
    request.visit.is_framed = True
    if copy or record.state(at=at) not in READABLE:
        try:
            return render_page(request, record, copy, preview(), at=at)
        except ValidationError as error:
            return private(render(request, "core/previews/unfit.html", {"reasons": error.messages}))
    request.path = record.get_absolute_url()  # it names its own address
    return private(page_view(type(record))(request, type(record).objects.for_page(at=at).get(pk=record.pk), at))
