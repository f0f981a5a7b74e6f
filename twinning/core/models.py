"""Table of contents: every model of the app, wherever its room is."""

from twinning.core.accounts import User
from twinning.core.addresses import OldSlug
from twinning.core.editing.open_forms import OpenForm
from twinning.core.editing.unsaved import UnsavedForm
from twinning.core.history.events import HistoryEvent
from twinning.core.imports.batches import ExternalId, ImportBatch
from twinning.core.imports.uploads import ImportUpload
from twinning.core.pages.pages import Page
from twinning.core.photos.library import Photo, Rendition
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.links import PreviewLink
from twinning.core.search.index import SearchEntry
from twinning.core.signin.limits import CacheEntry
from twinning.core.web.tasks import OwedTask
from twinning.core.writing.set_aside import SetAside

__all__ = [
    "CacheEntry",
    "ExternalId",
    "HistoryEvent",
    "ImportBatch",
    "ImportUpload",
    "OldSlug",
    "OpenForm",
    "OwedTask",
    "Page",
    "Photo",
    "PreviewLink",
    "Rendition",
    "SearchEntry",
    "SetAside",
    "UnsavedForm",
    "User",
    "WorkingCopy",
]
