"""The public style sheets as one file: a reader on an old phone waits for each file that a page names.

They are written apart, a layer each, and served one after the other, in the order of SHEETS. The one file is written when
something looks for it: a developer's server, a test, or collectstatic.
"""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SHEETS = ["core/tokens.css", "core/base.css", "core/layout.css", "core/components.css", "partners/map.css"]
WHOLE = "core/site.css"


class WholeSheetFinder(BaseFinder):
    """Finder of static files: finds the one file of all public style sheets."""

    def check(self, **kwargs) -> list:
        return []

    def find(self, path, find_all=False):
        found = [str(put_together())] if path == WHOLE else []
        return found if find_all or not found else found[0]

    def list(self, ignore_patterns):
        yield WHOLE, FileSystemStorage(put_together().parent.parent)


def put_together() -> Path:
    """The path of the one file. It is written if a sheet has changed, and replaced at once: others may be reading it."""
    text = "\n".join(Path(finders.find(sheet)).read_text(encoding="utf-8") for sheet in SHEETS)
    whole = settings.VAR_DIR / "stylesheets" / WHOLE
    if not whole.exists() or whole.read_text(encoding="utf-8") != text:
        whole.parent.mkdir(parents=True, exist_ok=True)
        unfinished = whole.with_suffix(".new")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(whole)
    return whole
