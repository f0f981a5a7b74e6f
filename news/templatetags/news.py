"""The news as other pages show it, so that no Python of partners says "news"."""

from django import template
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from news.models import PressContact, PressRelease
from news.models.contacts import current_contacts

register = template.Library()
LATEST = 3


@register.inclusion_tag("news/_latest.html", takes_context=True)
def latest_news(context, *, city=None, theme=None, memorandum=None):
    """The newest releases about a city, a theme or an agreement; with links to all of them for what is in the lists."""
    about = {"cities": city, "themes": theme, "memoranda": memorandum}
    public = PressRelease.objects.published(at=timezone.now())
    is_preview = hasattr(context["request"], "preview")
    return {
        "releases": public.filter(**{name: record for name, record in about.items() if record})[:LATEST],
        "city": city,
        "theme": theme,
        "is_listed": not (city or theme or memorandum).withdrawn_at and not is_preview,
    }


@register.inclusion_tag("news/_contacts.html", takes_context=True)
def city_contacts(context, city):
    """Whom to ask about a city: its own contacts, else the general ones."""
    contacts = PressContact.objects.with_fallbacks().filter(Q(cities=city) | Q(is_general=True))
    contacts = contacts.annotate(
        is_own=Exists(PressContact.cities.through.objects.filter(presscontact=OuterRef("pk"), city=city))
    )
    found = list(contacts.distinct())
    own = current_contacts((c for c in found if c.is_own), on=timezone.localdate())
    return {"contacts": own or current_contacts(found, on=timezone.localdate()), "site": context["site"]}
