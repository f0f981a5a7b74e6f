"""Files that are private until their owner is public.

They lie outside any public path under unguessable names. One view decides, at each request, by the owner's gate; a
hidden file and an absent one are the same 404.
"""

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime
from pathlib import PurePath

from django.apps import apps
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.db import models
from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from twinning.core import scanner
from twinning.core.sending import send
from twinning.core.snapshots import part_relations
from twinning.core.storage import NO_SPACE
from twinning.core.uploads import LARGEST_FILE, once


def new_token() -> str:
    """192 random bits for an address that nobody can guess."""
    return secrets.token_urlsafe(24)


def private_path(instance: models.Model, filename: str) -> str:
    """Where an upload is kept: nothing of the uploaded name, so nothing to guess and nothing to clash."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}"


def check_size(upload) -> None:
    """Refuse an upload that is empty or larger than LARGEST_FILE bytes, or for which the disk had no room."""
    if hasattr(getattr(upload, "file", None), "is_cut"):
        raise ValidationError(NO_SPACE)
    if not 0 < upload.size <= LARGEST_FILE:
        message = _("The file has %(size)s. It must not be empty and may have %(limit)s at most.")
        raise ValidationError(
            message, params={"size": filesizeformat(upload.size), "limit": filesizeformat(LARGEST_FILE)}
        )


def _sha256(upload) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _stem(uploaded: str) -> str:
    """What can stand in an address of the name that a file was uploaded under, without an ending."""
    try:
        name = get_valid_filename(unicodedata.normalize("NFC", PurePath(uploaded.replace("\\", "/")).name))
    except SuspiciousFileOperation:
        name = ""
    # One ending, the last: “fees.pdf.exe” and “fees.exe.pdf” are both taken for what they are not.
    stem = re.sub(r"[._-]*\.[._-]*", "_", name.rpartition(".")[0] if "." in name else name).strip("_-")
    # Whoever saves or unpacks the file may use 255 bytes, and a letter takes up to four.
    return stem.encode()[:140].decode(errors="ignore") or "document"


class PrivateFile(models.Model):
    """A file with an owner. A concrete class says in ``readable`` whose gate decides, in ``look_into`` what it keeps.

    Whatever way it comes, nothing is stored that was not looked into: forms hear of it in ``clean``, all others in ``save``.
    A file that is replaced keeps its address, where others have linked to it; its old bytes have none any more.
    """

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    file = models.FileField(_("file"), upload_to=private_path)
    name = models.CharField(max_length=150, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)

    # For files that the site makes itself, such as the sizes of a photo: new bytes are a new file with an address of its
    # own, so browsers may keep them for good; and what they are made of has been scanned.
    is_immutable = False

    _learned = None

    class Meta:
        abstract = True

    @classmethod
    def readable(cls, *, at: datetime) -> models.QuerySet:
        """The files whose owner the public may read at a moment."""
        raise NotImplementedError

    def look_into(self, upload) -> str:
        """Set the fields that follow from the content, and return the ending that it asks for.

        Raises ValidationError, in the editor's words, for what is not to be kept.
        """
        raise NotImplementedError

    def clean(self):
        super().clean()
        try:
            self._learn()
        except ValidationError as error:
            raise ValidationError({"file": error.messages}) from error

    def save(self, *args, **kwargs):
        self._learn()
        super().save(*args, **kwargs)

    def _learn(self) -> None:
        """Know a new upload by its content, once."""
        if not self.file or self.file._committed or self._learned == self.file.file:
            return
        check_size(self.file)
        if not self.is_immutable:
            once(scanner.check, self.file.file)
        ending = self.look_into(self.file.file)
        is_new = self._state.adding or self.is_immutable
        # The ending follows the content. Nothing else in the address does, however the new file is called.
        self.name = f"{_stem(self.file.name) if is_new else PurePath(self.name).stem}.{ending}"
        self.token = new_token() if is_new else self.token
        self.size = self.file.size
        self.sha256 = _sha256(self.file)
        self._learned = self.file.file


def file_parts(record: models.Model) -> list[models.QuerySet]:
    """The private files that are parts of a record, kind by kind, whoever may read them."""
    return [
        relation.related_model._base_manager.filter(**{relation.field.name: record.pk})
        for relation in part_relations(type(record))
        if issubclass(relation.related_model, PrivateFile)
    ]


@require_safe
def serve(request, token: str, name: str):
    """Send a file whose owner the public may read now."""
    at = timezone.now()
    for model in apps.get_models():
        if issubclass(model, PrivateFile):
            record = model.readable(at=at).filter(token=token).first()
            if record and record.name == name:
                return send(record, request)
    raise Http404
