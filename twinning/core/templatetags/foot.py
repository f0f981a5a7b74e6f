"""Template tag for the foot of every page."""

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from twinning.core.pages.foot import foot_links
from twinning.core.templatetags.kept import kept

register = template.Library()


@register.simple_tag(takes_context=True)
def foot(context) -> SafeString:
    """The foot, with the pages of the council's own that are public at the moment of the visit.

    The answer to an address that no view has asks the database nothing: its foot is that of the site.
    """
    request = context["request"]
    links = foot_links(at=request.visit.at) if request.resolver_match else {}
    return kept("core/web/_footer.html", has_alerts=settings.ALERTS, **links)
