"""The view of a page of the council's own."""

from datetime import datetime

from django.http import HttpResponseRedirect
from django.shortcuts import render

from twinning.core.addresses import public_record
from twinning.core.pages.foot import page_for
from twinning.core.pages.pages import Page, SiteText
from twinning.core.web.http import address


@public_record(Page)
def page(request, page, at):
    """The page: title and text."""
    return render(request, "core/pages/page.html", {"record": page, "page": page})


def page_in_place(replaces: SiteText, *, at: datetime) -> HttpResponseRedirect | None:
    """The redirect to the public page that takes the place of a text of the site; None without one."""
    for slug in page_for(at=at, replaces=replaces.value):
        return HttpResponseRedirect(address("core:page", slug))
    return None
