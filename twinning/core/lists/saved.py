"""Saved views: what one looks for again and again in a list, as links above it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from twinning.core.publishing.steps import State


@dataclass(frozen=True)
class SavedView:
    """A part of a list with a name, for those who have one of the rights to its records; for all without any."""

    name: str  # in the address
    label: str
    narrow: Callable[[QuerySet, object], QuerySet]  # of the list and the request
    rights: tuple[str, ...] = ()

    def is_for(self, user, model: type[Model]) -> bool:
        codes = [f"{model._meta.app_label}.{right}_{model._meta.model_name}" for right in self.rights]
        return not codes or any(map(user.has_perm, codes))


def in_state(state: State, *rights: str) -> SavedView:
    """The saved view of the records in one state."""
    return SavedView(
        str(state), state.label, lambda records, request: records.in_state(state, at=request.visit.at), rights
    )


def without_photo(records: QuerySet, request) -> QuerySet:
    """The records of a list that have no photo."""
    uses = records.model._meta.get_field("photos").remote_field
    return records.filter(~Exists(uses.model.objects.filter(**{uses.name: OuterRef("pk")})))


OF_WORKFLOW = (
    in_state(State.DRAFT, "submit", "approve"),
    in_state(State.IN_REVIEW, "submit", "approve"),
    in_state(State.SCHEDULED),
)
WITHOUT_PHOTO = SavedView("without-photo", _("Without a photo"), without_photo, ("change",))


class SavedViewFilter(admin.SimpleListFilter):
    """List filter: one of the saved views of the ModelAdmin. Its links stand above the list and drop other filters."""

    title, parameter_name = _("view"), "view"
    is_above_list = True

    def __init__(self, request, params, model, model_admin):
        self.views = {
            view.name: view for view in model_admin.saved_views if view.is_for(request.user, model_admin.model)
        }
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [(view.name, view.label) for view in self.views.values()]

    def queryset(self, request, queryset):
        view = self.views.get(self.value())
        return view.narrow(queryset, request) if view else queryset

    @property
    def links(self) -> list[dict]:
        """Each view with its address, the whole list first."""
        named = [("", "?", _("All")), *((name, f"?view={name}", view.label) for name, view in self.views.items())]
        chosen = self.value() if self.value() in self.views else ""
        return [{"url": url, "label": label, "is_current": name == chosen} for name, url, label in named]
