"""Table of contents: the forms of this app's own records; importing them registers them."""

from twinning.core.backoffice.accounts import HistoryEventAdmin, PermissionAdmin, RoleAdmin, UserAdmin
from twinning.core.backoffice.photos import PhotoAdmin
from twinning.core.pages.admin import PageAdmin

__all__ = ["HistoryEventAdmin", "PageAdmin", "PermissionAdmin", "PhotoAdmin", "RoleAdmin", "UserAdmin"]
