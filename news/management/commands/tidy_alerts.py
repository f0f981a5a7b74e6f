"""Command of the retention rule: deletes what nobody needs any more of alerts, and sees that they go out."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from news.alerts.readers import Subscriber
from news.alerts.sending import forget, look_again


class Command(BaseCommand):
    help = (
        "Delete wishes for alerts that nobody confirmed within three days, and which mails were sent more than 30 days ago. "
        "The site does so itself each minute while somebody is subscribed; run this daily if alerts were turned off."
    )

    def handle(self, **options):
        deleted = forget(at=timezone.now())
        self.stdout.write(f"{deleted['requests']} unconfirmed wishes and {deleted['mails']} notes of mails deleted.")
        if settings.ALERTS and Subscriber.objects.exists():
            look_again()
