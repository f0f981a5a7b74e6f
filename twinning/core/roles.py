"""Who may do what: the four roles of the office, each with its permissions, named here and nowhere else."""

PARTNERSHIPS = ("partners.city", "partners.theme", "partners.memorandum")
PARTNERSHIP_PARTS = (
    "partners.change",
    "partners.formername",
    "partners.cityphoto",
    "partners.focus",
    "partners.milestone",
    "partners.involvement",
    "partners.outcome",
    "partners.delegation",
    "partners.signing",
    "partners.signatory",
    "partners.suspension",
    "partners.decision",
    "partners.document",
)
RELEASES = ("news.pressrelease",)
RELEASE_PARTS = ("news.releasephoto", "news.quote", "news.releasecontact", "news.changenote")

# Addresses of readers: they come and go by themselves; who asks gets told what is kept, and is deleted.
READERS = ("news.subscriber",)

# The days before elections, on which two approvers are needed.
ELECTIONS = ("news.preelectionperiod",)

# Pages of the council's own, such as an imprint.
PAGES = ("core.page",)

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
    ((*PARTNERSHIPS, *PAGES), WRITE),
    (PARTNERSHIP_PARTS, PARTS),
    (("partners.programme",), KEEP),
    (PHOTOS, PARTS),
    ((*RELEASES, *RELEASE_PARTS, "news.presscontact", *ELECTIONS), READ),
)
PRESS = _rights(
    (RELEASES, (*WRITE, "urgent")),
    (RELEASE_PARTS, PARTS),
    (("news.presscontact",), KEEP),
    (READERS, ("view", "delete")),
    (PHOTOS, PARTS),
    ((*PARTNERSHIPS, *PARTNERSHIP_PARTS, *PAGES, *ELECTIONS), READ),
)
APPROVER = _rights(
    ((*PARTNERSHIPS, *RELEASES, *PAGES), APPROVE),
    ((*PARTNERSHIP_PARTS, *RELEASE_PARTS), PARTS),
    (("partners.programme", "news.presscontact"), READ),
    (PHOTOS, (*PARTS, "approve")),
    (ELECTIONS, KEEP),
)
ADMINISTRATOR = {
    *EDITOR,
    *PRESS,
    *APPROVER,
    *_rights(
        ((*PARTNERSHIPS, *RELEASES, *PAGES, "news.presscontact", *ELECTIONS), ("delete",)),
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
