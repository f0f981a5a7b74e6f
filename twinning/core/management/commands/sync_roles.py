"""Command: give the four roles their permissions. Run it after every ``migrate``: permissions do not exist earlier."""

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from twinning.core.roles import ROLES


class Command(BaseCommand):
    help = "Give the four roles exactly the permissions that they should have. Other groups stay as they are."

    @transaction.atomic
    def handle(self, **options):
        known = self._known()
        for name, rights in ROLES.items():
            if missing := sorted(rights - known.keys()):
                raise CommandError(f"No such permission: {', '.join(missing)}. Run migrate first.")
            changes = self._sync(name, {known[right] for right in rights})
            if options["verbosity"]:
                self.stdout.write(f"{name}: {changes}")

    def _known(self) -> dict[str, Permission]:
        permissions = Permission.objects.select_related("content_type")
        return {f"{permission.content_type.app_label}.{permission.codename}": permission for permission in permissions}

    def _sync(self, name: str, wanted: set[Permission]) -> str:
        """Make a group hold what is wanted, and say what changed."""
        group, is_new = Group.objects.get_or_create(name=name)
        held = set(group.permissions.all())
        group.permissions.set(wanted)
        changes = [f"+{p.codename}" for p in wanted - held] + [f"-{p.codename}" for p in held - wanted]
        if is_new:
            return f"{len(wanted)} permissions"
        return ", ".join(sorted(changes)) or "unchanged"
