"""The abstract model of a private file, and the view that sends it to the public once its owner is public.

Files lie outside any public path under unguessable names. The view decides, at each request, by the owner's gate; a
hidden file and an absent one are the same 404.
"""

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import PurePath

from django.apps import apps
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.db import models
from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from twinning.core.fields.queries import compiled
from twinning.core.files import scanner
from twinning.core.files.serve import file_response
from twinning.core.files.storage import NO_SPACE
from twinning.core.files.uploads import LARGEST_FILE, once_per_upload
from twinning.core.history.snapshots import part_relations

WRONG_SIZE = _("The file has %(size)s. It must not be empty and may have %(limit)s at most.")


def new_token() -> str:
    """A token of 192 random bits for an address that nobody can guess."""
    return secrets.token_urlsafe(24)


def private_path(instance: models.Model, filename: str) -> str:
    """A random path in the storage, without anything of the uploaded name: nothing to guess and nothing to clash."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}"


def check_size(upload) -> None:
    """Refuse an upload that is empty or larger than LARGEST_FILE bytes, or for which the disk had no room."""
    if hasattr(getattr(upload, "file", None), "is_truncated"):
        raise ValidationError(NO_SPACE, code="no_space")
    if not 0 < upload.size <= LARGEST_FILE:
        params = {"size": filesizeformat(upload.size), "limit": filesizeformat(LARGEST_FILE)}
        raise ValidationError(WRONG_SIZE, code="size", params=params)


def _sha256(upload) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _safe_stem(uploaded: str) -> str:
    """The uploaded name of a file without its ending, made safe for an address."""
    try:
        name = get_valid_filename(unicodedata.normalize("NFC", PurePath(uploaded.replace("\\", "/")).name))
    except SuspiciousFileOperation:
        name = ""
    # No dot is left: “fees.pdf.exe” and “fees.exe.pdf” both look like what they are not.
    stem = re.sub(r"[._-]*\.[._-]*", "_", name.rpartition(".")[0] if "." in name else name).strip("_-")
    # File systems allow 255 bytes for a name, and a letter takes up to four.
    return stem.encode()[:140].decode(errors="ignore") or "document"


class PrivateFile(models.Model):
    """Abstract model of a file with an owner, by whose gate ``readable`` decides; ``inspect_upload`` checks its content.

    No upload is stored that was not inspected: ``clean`` does it for forms, and ``save`` for everything else.
    A file that is replaced keeps its address, because others have linked to it; its old bytes have no address any more.
    """

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    file = models.FileField(_("file"), upload_to=private_path)
    name = models.CharField(max_length=150, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)

    # True for files that the site makes itself, such as the sizes of a photo: new bytes are a new file with an address of
    # its own, so browsers may keep them for good; and the upload that they are made from has been scanned.
    is_immutable = False
    # Whether other sites may show the file in their pages.
    is_for_other_sites = False

    _inspected_file = None

    class Meta:
        abstract = True

    @classmethod
    def readable(cls, *, at: datetime) -> models.QuerySet:
        """The files that the public may read at a moment."""
        raise NotImplementedError

    def inspect_upload(self, upload) -> str:
        """Set the fields that follow from the content of an upload, and return the ending of its kind, such as “pdf”.

        Raises ValidationError, with a sentence for editors, if the upload is not to be kept.
        """
        raise NotImplementedError

    def clean(self):
        super().clean()
        try:
            self._inspect_new_upload()
        except ValidationError as error:
            raise ValidationError({"file": error}) from error

    def save(self, *args, **kwargs):
        self._inspect_new_upload()
        super().save(*args, **kwargs)

    def _inspect_new_upload(self) -> None:
        """Check an upload that is not stored yet, and set all fields that follow from it; do so once for each upload."""
        if not self.file or self.file._committed or self._inspected_file == self.file.file:
            return
        check_size(self.file)
        if not self.is_immutable:
            once_per_upload(scanner.check, self.file.file)
        ending = self.inspect_upload(self.file.file)
        is_new = self._state.adding or self.is_immutable
        # Of a replaced file's address only the ending changes, with its content.
        self.name = f"{_safe_stem(self.file.name) if is_new else PurePath(self.name).stem}.{ending}"
        self.token = new_token() if is_new else self.token
        self.size = self.file.size
        self.sha256 = _sha256(self.file)
        self._inspected_file = self.file.file


def file_parts(record: models.Model) -> list[models.QuerySet]:
    """The private files that are parts of a record, one queryset for each kind, whether or not they are public."""
    return [
        relation.related_model._base_manager.filter(**{relation.field.name: record.pk})
        for relation in part_relations(type(record))
        if issubclass(relation.related_model, PrivateFile)
    ]


@require_safe
def published_file(request, token: str, name: str):
    """View: a file that the public may read now."""
    for public in _public_files():
        for record in public(at=request.visit.at, token=token):
            if record.name == name:
                return file_response(record, request)
    raise Http404


@cache
def _public_files() -> list:
    """For each kind of file the compiled query of the one with a token, if the public may read it at a moment."""

    def of(model: type[PrivateFile]):
        def files(at: datetime, token: str):
            return model.readable(at=at).filter(token=token)

        return compiled(files)

    return [of(model) for model in apps.get_models() if issubclass(model, PrivateFile)]
