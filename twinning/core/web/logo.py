"""The council's own logo in the head of the public pages: a file that the operator names, served as a static file."""

import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FOLDER = "council"
LARGEST = 200_000  # bytes: every page shows it
_PNG = b"\x89PNG\r\n\x1a\n"
# In an img element they do nothing; somebody who opens the file at its own address would run them.
_PROGRAM = re.compile(rb"<script|<foreignObject|\son\w+\s*=|javascript:", re.IGNORECASE)
_VIEW_BOX = re.compile(r"<svg[^>]*\sviewBox=[\"']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)", re.DOTALL)


@dataclass(frozen=True)
class Logo:
    """A picture file, and its proportions, by which a browser keeps its place."""

    path: Path
    width: int
    height: int

    @classmethod
    def read(cls, path: Path) -> "Logo":
        """The logo in an SVG or PNG file; raise ValueError with the rest of a sentence that begins with its name."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ValueError(f"cannot be read ({error.strerror})") from None
        if len(content) > LARGEST:
            raise ValueError(f"is too large for every page: {LARGEST // 1000} kB are the most")
        is_png = path.suffix == ".png" and content.startswith(_PNG)
        found = _VIEW_BOX.search(content.decode(errors="replace")) if path.suffix == ".svg" else None
        if not is_png and not found:
            raise ValueError("is neither a PNG file (.png) nor an SVG file (.svg) with a viewBox")
        if not is_png and _PROGRAM.search(content):
            raise ValueError("has a program in it; save it as a plain SVG or as a PNG")
        size = (content[16:20], content[20:24]) if is_png else found.groups()
        width, height = (int.from_bytes(side) if is_png else round(float(side)) for side in size)
        if not width or not height:
            raise ValueError("is a picture without width or height")
        return cls(path, width, height)

    @property
    def name(self) -> str:
        """Its name as a static file."""
        return f"{FOLDER}/{self.path.name}"


class LogoFinder(BaseFinder):
    """Finder of static files: finds the logo, and nothing else that lies beside it."""

    def check(self, **kwargs) -> list:
        return []

    def find(self, path, find_all=False):
        found = [str(settings.LOGO.path)] if settings.LOGO and path == settings.LOGO.name else []
        return found if find_all or not found else found[0]

    def list(self, ignore_patterns):
        if settings.LOGO:
            storage = FileSystemStorage(settings.LOGO.path.parent)
            storage.prefix = FOLDER
            yield settings.LOGO.path.name, storage
