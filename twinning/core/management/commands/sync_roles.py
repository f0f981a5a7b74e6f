"""Who may do what: the four roles of the office as groups with permissions.

The permissions are named here and nowhere else. Run it after every ``migrate``: permissions do not exist earlier.
"""

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

PARTNERSHIPS = ("partners.city", "partners.theme", "partners.memorandum")
PARTNERSHIP_PARTS = (
    "partners.cityphoto",
    "partners.focus",
    "partners.milestone",
    "partners.involvement",
    "partners.signatory",
    "partners.document",
)
RELEASES = ("news.pressrelease",)
RELEASE_PARTS = ("news.releasephoto", "news.quote", "news.releasecontact", "news.changenote")

# A photo that any page shows cannot be deleted, whoever tries.
PHOTOS = ("core.photo",)

READ = ("view",)
KEEP = ("view", "add", "change")
WRITE = (*KEEP, "submit")
PARTS = (*KEEP, "delete")
APPROVE = ("view", "change", "approve", "urgent", "withdraw")


def _rights(*grants: tuple[tuple[str, ...], tuple[str, ...]]) -> set[str]:
    """Permissions such as “partners.change_city” for every kind of record and every verb."""
    split = ((kind.split("."), verb) for kinds, verbs in grants for kind in kinds for verb in verbs)
    return {f"{app}.{verb}_{model}" for (app, model), verb in split}


EDITOR = _rights(
    (PARTNERSHIPS, WRITE),
    (PARTNERSHIP_PARTS, PARTS),
    (("partners.programme",), KEEP),
    (PHOTOS, PARTS),
    ((*RELEASES, *RELEASE_PARTS, "news.presscontact"), READ),
)
PRESS = _rights(
    (RELEASES, (*WRITE, "urgent")),
    (RELEASE_PARTS, PARTS),
    (("news.presscontact",), KEEP),
    (PHOTOS, PARTS),
    ((*PARTNERSHIPS, *PARTNERSHIP_PARTS), READ),
)
APPROVER = _rights(
    ((*PARTNERSHIPS, *RELEASES), APPROVE),
    ((*PARTNERSHIP_PARTS, *RELEASE_PARTS), PARTS),
    (("partners.programme", "news.presscontact"), READ),
    (PHOTOS, (*PARTS, "approve")),
)
ADMINISTRATOR = {
    *EDITOR,
    *PRESS,
    *APPROVER,
    *_rights(
        ((*PARTNERSHIPS, *RELEASES, "news.presscontact"), ("delete",)),
        (("core.user", "auth.group"), PARTS),
        (("core.historyevent",), READ),
    ),
}
ROLES = {
    "Twinning editor": EDITOR,
    "Press officer": PRESS,
    "Approver": APPROVER,
    "Administrator": ADMINISTRATOR,
}


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
