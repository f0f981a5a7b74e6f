"""Command of the radar: mails to those who are responsible for something what has to be decided."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from news.radar.sending import owe_reminders


class Command(BaseCommand):
    help = (
        "Mail to each responsible officer what has to be decided: all of it once a month, and at once what has become urgent. "
        "Run this daily; run again, it tells nobody anything twice."
    )

    def handle(self, **options):
        self.stdout.write(f"{owe_reminders(at=timezone.now())} mails are on their way.")
