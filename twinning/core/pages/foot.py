"""What the foot of every page links to: pages of the council's own, in the order that editors gave them."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, InterfaceError
from django.db.models import Q

from twinning.core.fields.queries import compiled
from twinning.core.pages.pages import Page

log = logging.getLogger(__name__)


@compiled
def pages_in_foot(at: datetime):
    """The public pages that stand in the foot, as rows of what each replaces, title, slug and language."""
    public = Page.objects.published(at=at).filter(Q(is_in_foot=True) | ~Q(replaces=""))
    return public.values_list("replaces", "title", "slug", "language")


@compiled
def page_for(at: datetime, replaces: str):
    """The slug of the public page that takes the place of a text of the site: one or none."""
    return Page.objects.published(at=at).filter(replaces=replaces).values_list("slug", flat=True)


@dataclass(frozen=True)
class FootLink:
    """A link in the foot."""

    title: str
    slug: str
    language: str


def foot_links(*, at: datetime) -> dict:
    """The links in the foot: by the text of the site that a public page replaces, and the others as ``pages``.

    Without a database, the foot is that of a site without such pages: a page that needs nothing else is still answered.
    """
    try:
        rows = pages_in_foot(at=at)
    except (DatabaseError, InterfaceError):
        log.warning("The pages in the foot could not be read", exc_info=True)
        rows = []
    links = {replaces: FootLink(*link) for replaces, *link in rows if replaces}
    return links | {"pages": tuple(FootLink(*link) for replaces, *link in rows if not replaces)}
