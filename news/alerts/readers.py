"""Who gets alerts: addresses that asked for them, those that confirmed it, and what each chose."""

import secrets
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from news.models.releases import PressRelease
from partners.models import City, Theme

# As long as somebody may take to confirm; after that, the address is deleted.
CONFIRMED_WITHIN = timedelta(days=3)


def new_key() -> str:
    """The secret part of a personal address in a mail: 256 random bits."""
    return secrets.token_urlsafe(32)


class Choice(models.Model):
    """Abstract model: an address, what its reader chose, and the key of the links in its mails."""

    email = models.EmailField(_("email"))
    key = models.CharField(max_length=64, unique=True, default=new_key, editable=False)
    everything = models.BooleanField(_("all press releases"), default=False)
    cities = models.ManyToManyField(City, verbose_name=_("cities"), related_name="+", blank=True)
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), related_name="+", blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.email


class RequestQuerySet(models.QuerySet):
    """Requests by moment."""

    def alive(self, *, at: datetime):
        """Those that can still be confirmed."""
        return self.filter(asked_at__gt=at - CONFIRMED_WITHIN)


class AlertRequest(Choice):
    """A wish for alerts that nobody has confirmed yet."""

    asked_at = models.DateTimeField(db_index=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def confirm(self, *, at: datetime) -> "Subscriber":
        """Add the choice to that of the address, and forget the request; a choice from before stays."""
        with transaction.atomic():
            subscriber, _is_new = Subscriber.objects.get_or_create(email=self.email, defaults={"confirmed_at": at})
            subscriber.everything = subscriber.everything or self.everything
            subscriber.save(update_fields=["everything"])
            subscriber.cities.add(*self.cities.all())
            subscriber.themes.add(*self.themes.all())
            self.delete()
        return subscriber


class SubscriberQuerySet(models.QuerySet):
    """Subscribers by what they are owed."""

    def who_chose(self, release: PressRelease, *, at: datetime):
        """Who is to hear of a release: confirmed before it was public, and asked for all, or for what it is about.

        What it is about is what its page names at that moment: cities and themes that are public themselves.
        """
        cities = City.objects.published(at=at).filter(releases=release).values("pk")
        themes = Theme.objects.published(at=at).filter(releases=release).values("pk")
        in_cities = Subscriber.cities.through.objects.filter(city__in=cities).values("subscriber")
        in_themes = Subscriber.themes.through.objects.filter(theme__in=themes).values("subscriber")
        chosen = Q(everything=True) | Q(pk__in=in_cities) | Q(pk__in=in_themes)
        return self.filter(chosen, confirmed_at__lte=release.publish_at)


class Subscriber(Choice):
    """An address that gets alerts, from the moment on at which its reader confirmed it."""

    email = models.EmailField(_("email"), unique=True)
    confirmed_at = models.DateTimeField(_("since"), editable=False)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        ordering = ("email",)
        default_permissions = ("view", "delete")
        verbose_name = _("subscriber to alerts")
        verbose_name_plural = _("subscribers to alerts")
