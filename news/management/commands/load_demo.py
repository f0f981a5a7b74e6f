"""Loads the international office of Leeds, so that the site can be tried out with real content."""

import argparse

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from news.demo.records import Loader
from news.demo.scale import Generator
from news.demo.staff import PASSWORD, ROLES, Staff, logins, make_staff


def count(text: str) -> int:
    """A whole number that is not negative."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of releases.")
    return int(text)


class Command(BaseCommand):
    help = (
        "Load the demonstration content. Records that are there already stay as they are, so it can be run again at any "
        "time. With DEMO on it also makes a login for each role."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--scale",
            type=count,
            default=0,
            metavar="N",
            help="also generate press releases for measuring, until there are N of them",
        )

    def handle(self, *, scale: int, **options):
        if not settings.DEMO and get_user_model().objects.exclude(username__in=ROLES).exists():
            raise CommandError(
                "Nothing was loaded: people work on this site, and the content of the demonstration would be public at once. "
                "“make demo” makes a site of its own for it."
            )
        if Group.objects.filter(name__in=ROLES.values()).count() < len(ROLES):
            call_command("sync_roles", stdout=self.stdout)
        staff = self.load_records()
        if scale:
            self.generate(staff, scale)
        if found := logins():
            self.stdout.write(f"Staff logins (password {PASSWORD}, unless you changed it):")
            for username, role in found:
                self.stdout.write(f"  {username:10}{role}")

    def load_records(self) -> Staff:
        """All of it or, when something goes wrong, nothing."""
        try:
            with transaction.atomic():
                staff = make_staff()
                for kind, made, kept in Loader(staff, at=timezone.now()).load():
                    self.stdout.write(f"{kind.capitalize()}: {made} loaded, {kept} there already")
        except PermissionDenied:
            raise CommandError(
                "Nothing was loaded: the users “editor”, “press” and “approver” need the roles of those names, and to be "
                "active. Give them their roles and try again."
            ) from None
        except ValidationError as error:
            raise CommandError(f"Nothing was loaded, because of: {' '.join(error.messages)}") from None
        return staff

    def generate(self, staff: Staff, total: int) -> None:
        generator = Generator(staff, at=timezone.now())
        if not (generator.cities and generator.themes):
            raise CommandError("Generated press releases need a public city and a public theme to be about.")
        self.stdout.write(f"Generating press releases until there are {total} …")
        for present in generator.fill_up(total):
            self.stdout.write(f"  {present} of {total}")
