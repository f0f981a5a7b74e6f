"""Command that opens a site to the public which is closed since a backup was restored."""

from django.core.management.base import BaseCommand, CommandError

from twinning.core.web import closing


class Command(BaseCommand):
    help = "Open a site to the public that is closed since a restore, once somebody has looked it through."

    def handle(self, **options):
        state = closing.state()
        if state == closing.RESTORING:
            raise CommandError("The restore did not end: empty the database and VAR_DIR, and restore again.")
        closing.open_to_the_public()
        self.stdout.write("The site is open to the public." if state else "The site was open already.")
