"""Files that are private until their owner is public.

They lie outside any public path under unguessable names. One view decides, at each request, by the owner's gate; a
hidden file and an absent one are the same 404.
"""

import hashlib
import secrets
from datetime import datetime
from pathlib import PurePath

from django.apps import apps
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.db import models
from django.http import FileResponse, Http404
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

LARGEST_FILE = 20 * 1024 * 1024


def new_token() -> str:
    """192 random bits for an address that nobody can guess."""
    return secrets.token_urlsafe(24)


def private_path(instance: models.Model, filename: str) -> str:
    """Where an upload is kept: nothing of the uploaded name, so nothing to guess and nothing to clash."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}"


def check_size(upload) -> None:
    """Refuse an upload that is empty or larger than LARGEST_FILE bytes."""
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


def _download_name(uploaded: str) -> str:
    """What can stand in an address of the name that a file was uploaded under; “document” where nothing can."""
    try:
        name = get_valid_filename(PurePath(uploaded).name)
    except SuspiciousFileOperation:
        name = ""
    has_stem = name and not name.startswith(".")
    return (name if has_stem else f"document{name}")[-150:]


class PrivateFile(models.Model):
    """A file with an owner. A concrete class says in ``readable`` whose gate decides."""

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    file = models.FileField(_("file"), upload_to=private_path, validators=[check_size])
    name = models.CharField(max_length=150, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def readable(cls, *, at: datetime) -> models.QuerySet:
        """The files whose owner the public may read at a moment."""
        raise NotImplementedError

    def save(self, *args, **kwargs):
        if self.file and not self.file._committed:
            self.name = _download_name(self.file.name)
            self.size = self.file.size
            self.sha256 = _sha256(self.file)
            self.token = new_token()
        super().save(*args, **kwargs)


@require_safe
def serve(request, token: str, name: str):
    """Stream a file whose owner the public may read now."""
    at = timezone.now()
    for model in apps.get_models():
        if issubclass(model, PrivateFile):
            record = model.readable(at=at).filter(token=token).first()
            if record and record.name == name:
                return _stream(record)
    raise Http404


def _stream(record: PrivateFile) -> FileResponse:
    try:
        content = record.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=record.name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
