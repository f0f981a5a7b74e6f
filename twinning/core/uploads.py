"""Takes large uploads off the line: a full disk, or a file without end, does not cost the rest of the form."""

from io import BytesIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from twinning.core.storage import FULL

LARGEST_FILE = 20 * 1024 * 1024


class UploadHandler(TemporaryFileUploadHandler):
    """Keeps what arrives while there is room and need for it; marks a file with ``is_cut`` when the disk is full."""

    def new_file(self, *args, **kwargs):
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._cut(error)

    def receive_data_chunk(self, raw_data, start):
        # Nobody reads on in a file that is too large to be kept.
        if start <= LARGEST_FILE and not hasattr(self.file, "is_cut"):
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as error:
                self._cut(error)

    def file_complete(self, file_size):
        try:
            self.file.seek(0)
        except OSError as error:
            self._cut(error)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self):
        if hasattr(self, "file") and not hasattr(self.file, "is_cut"):
            super().upload_interrupted()

    def _cut(self, error: OSError) -> None:
        if error.errno not in FULL:
            raise error
        self.file = UploadedFile(BytesIO(), self.file_name, self.content_type, 0, self.charset, self.content_type_extra)
        self.file.is_cut = True
