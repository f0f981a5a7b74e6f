"""Unsaved forms: what somebody typed into a form and could not save, because the session had ended meanwhile."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db import models
from django.http import QueryDict

from twinning.core.accounts import User

KEPT_FOR = timedelta(days=7)
# Each form names, signed, to whom it was shown: that holds longer than a session, and no other site can write it.
READER = "_shown_to"
_SIGNER = TimestampSigner(salt="twinning.core.editing.unsaved")
# A form that shows what was kept says so when it is sent.
KEPT = "_kept"
# Of the fields that no editor fills in, the only one that is needed again.
VERSION = "_version"


class UnsavedFormQuerySet(models.QuerySet):
    """Unsaved forms by user and address."""

    def of(self, user, path: str):
        """The unsaved form of a user at an address, as a queryset of at most one."""
        return self.filter(user=user.pk, path=path)

    def keep(self, user, path: str, data: QueryDict, files: list[str], *, at: datetime) -> None:
        """Save what a user typed at an address, in place of what was kept there; ``files`` are names."""
        fields = typed_fields(data)
        kept = self.model(user=user, path=path, fields=fields, files=files, typed_at=at)
        same = ["user", "path"]
        self.filter(typed_at__lt=at - KEPT_FOR).delete()
        self.bulk_create(
            [kept], update_conflicts=True, unique_fields=same, update_fields=["fields", "files", "typed_at"]
        )


class UnsavedForm(models.Model):
    """What a user typed into the form at an address: its fields as pairs of name and value, and the names of its files."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    path = models.CharField(max_length=500)
    fields = models.JSONField()
    files = models.JSONField()
    typed_at = models.DateTimeField()

    objects = UnsavedFormQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="core_unsavedform_once_an_address")]

    def __str__(self):
        return self.path


def typed_fields(data: QueryDict) -> list[tuple[str, str]]:
    """The fields of a form without its buttons, its token and whom it was shown to; without NUL, which JSON cannot keep."""
    names = [name for name in data if name == VERSION or not (name.startswith("_") or name == "csrfmiddlewaretoken")]
    return [(name, value.replace("\0", "")) for name in names for value in data.getlist(name)]


def as_sent(fields: list[tuple[str, str]]) -> QueryDict:
    """Fields as a browser sends them."""
    data = QueryDict(mutable=True)
    for name, value in fields:
        data.appendlist(name, value)
    return data


def sign_reader(user) -> str:
    """The value of the field READER in a form that is shown to a user."""
    return _SIGNER.sign(user.pk)


def reader_of(data: QueryDict) -> User | None:
    """The colleague to whom a form was shown that is sent now, of whatever session; None if no form says so."""
    try:
        pk = _SIGNER.unsign(data.get(READER, ""), max_age=KEPT_FOR)
    except BadSignature:
        return None
    return User.objects.filter(pk=pk, is_active=True, is_staff=True).first()
