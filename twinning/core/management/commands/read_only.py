"""Command that has the site save nothing for a while, and ends that."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from twinning.core.web import read_only


class Command(BaseCommand):
    help = "Have the site of this VAR_DIR save nothing (on) or save again (off); the public reads it as before."

    def add_arguments(self, parser):
        parser.add_argument("state", choices=["on", "off"])

    def handle(self, *, state: str, **options):
        if state == "on":
            read_only.turn_on()
        else:
            read_only.turn_off()
            if settings.READ_ONLY:
                raise CommandError("READ_ONLY=on is set: take it out of .env, and restart the site.")
        self.stdout.write("The site saves nothing." if state == "on" else "The site saves again.")
