"""What a page says to search engines and to whoever shares it."""

from html import unescape

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from twinning.core.linked_data import Block, breadcrumbs
from twinning.core.sharing_pictures import SharingPicture, of_site

register = template.Library()
BLOCK = '<script type="application/ld+json">{}</script>'


@register.simple_block_tag
def written(content: SafeString) -> SafeString:
    """What a block says, to say it more than once: ``{% written as name %}…{% endwritten %}``."""
    return content


@register.simple_tag(takes_context=True)
def linked_data(context) -> SafeString:
    """The ``linked_data`` that the view gives, and the way to this page."""
    path, home = context["request"].path, reverse("home")
    blocks = [context["linked_data"]] if "linked_data" in context else []
    if path != home:
        blocks.append(
            breadcrumbs([(_("Home"), home), *context.get("crumbs", []), (unescape(context["page_title"]), path)])
        )
    return format_html_join("\n  ", BLOCK, ((Block(block),) for block in blocks))


@register.simple_tag(takes_context=True)
def picture_of_page(context) -> SharingPicture:
    """The ``sharing_picture`` that the view gives, or the site's own."""
    return context.get("sharing_picture") or of_site()
