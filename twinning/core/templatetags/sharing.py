"""Template tags for Open Graph and linked data in the head of a page."""

from html import unescape

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from twinning.core.sharing.linked_data import Block, breadcrumbs
from twinning.core.sharing.pictures import SharingPicture, sharing_picture

register = template.Library()
BLOCK = '<script type="application/ld+json">{}</script>'


@register.simple_block_tag
def capture(content: SafeString) -> SafeString:
    """Store a part of a template to print it several times: ``{% capture as name %}…{% endcapture %}``."""
    return content


@register.simple_tag(takes_context=True)
def linked_data(context) -> SafeString:
    """Print the ``linked_data`` of the context and the breadcrumbs as JSON-LD."""
    path, home = context["request"].path, reverse("home")
    blocks = [context["linked_data"]] if "linked_data" in context else []
    if path != home:
        blocks.append(
            breadcrumbs(
                [
                    (pgettext("public pages", "Home"), home),
                    *context.get("crumbs", []),
                    (unescape(context["page_title"]), path),
                ]
            )
        )
    return format_html_join("\n  ", BLOCK, ((Block(block),) for block in blocks))


@register.simple_tag(takes_context=True)
def picture_of_page(context) -> SharingPicture:
    """The ``sharing_picture`` of the context, or the site's own."""
    return context.get("sharing_picture") or sharing_picture()
