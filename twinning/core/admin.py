"""What every form and list of the back office has in common."""

from contextlib import suppress
from itertools import islice

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import NestedObjects
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, router
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from twinning.core import scanner
from twinning.core.editing_admin import SharedForms
from twinning.core.files import check_size
from twinning.core.forms import Chooser, DayInput, EditorForm, MultipleChooser
from twinning.core.history_admin import History
from twinning.core.history_page import HistoryPage
from twinning.core.moments import MomentField, MomentInput, with_zone
from twinning.core.richtext import RichTextField, richtext
from twinning.core.storage import NotKept
from twinning.core.uploads import once

MOST_NAMED = 20


class Editing:
    """Forms and parts of forms: the browser's own calendars, and no buttons beside a field that lead away from it."""

    form = EditorForm
    formfield_overrides = {
        models.DateField: {"widget": DayInput},
        models.DateTimeField: {"form_class": MomentField, "widget": MomentInput},
        models.FileField: {"widget": forms.FileInput},
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if field and isinstance(db_field, models.DateTimeField):
            field.label = with_zone(field.label)
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Chooser(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = MultipleChooser(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class EditorAdmin(SharedForms, History, HistoryPage, Editing, admin.ModelAdmin):
    """The form and the list of one kind of record."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    # What takes seconds to find out about an upload.
    looks = (scanner.check,)

    class Media:
        js = ["core/admin-richtext.js", "core/admin-autocomplete.js", "core/admin-open-form.js"]

    def is_locked(self, request, record) -> bool:
        """Whether the form only shows the record, to those too who may change records of its kind."""
        return False

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Bring the form back with all that was typed when it cannot be stored."""
        self.look_at_uploads(request)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NotKept as error:
            request.refusal = error.error
        except IntegrityError:
            # Since the form was looked at, a colleague has deleted what it names, or taken what only one can have: the
            # second look finds that, and says so.
            pass
        return super().changeform_view(request, object_id, form_url, extra_context)

    def look_at_uploads(self, request) -> None:
        """Look at what comes with a form before the form has the database for itself, and nobody else can save."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            return
        for upload in request.FILES.values():
            with suppress(ValidationError):  # the form asks again, and says why
                check_size(upload)
                for look in self.looks:
                    once(look, upload)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if connection.vendor == "postgresql":
            # At the end of the transaction it would be too late: the colleague has been told by then that all is saved.
            connection.check_constraints()

    def changelist_view(self, request, extra_context=None):
        forbidden = self.names_of_actions() - self.get_actions(request).keys()
        if request.method == "POST" and forbidden.intersection(request.POST.getlist("action")):
            raise PermissionDenied
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def names_of_actions(self) -> set[str]:
        """The actions of the list, whoever may use them."""
        of_the_site = {name for name, _action in self.admin_site.actions}
        return of_the_site | {getattr(action, "__name__", action) for action in self.actions or ()}

    def lookup_allowed(self, lookup, value, request):
        """Only what the filters beside the list ask for; Django looks anything up, a broken regular expression too."""
        for listed in self.get_list_filter(request):
            if isinstance(listed, str) and lookup in (f"{listed}__exact", f"{listed}__id__exact", f"{listed}__isnull"):
                return True
            if lookup == getattr(listed, "parameter_name", None):
                return True
        return False

    def response_action(self, request, *args, **kwargs):
        if not all(pk.isdecimal() for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest
        return super().response_action(request, *args, **kwargs)

    def get_view_on_site_url(self, obj=None):
        return None

    def get_inline_formsets(self, request, formsets, inline_instances, obj=None):
        if obj and (self.is_locked(request, obj) or not self.has_change_permission(request, obj)):
            for record in [obj, *(form.instance for formset in formsets for form in formset.initial_forms)]:
                _format_for_reading(record)
        return super().get_inline_formsets(request, formsets, inline_instances, obj)

    def get_deleted_objects(self, objs, request):
        """What would go with the records, and what stands in the way, each by its name."""
        if request.method == "POST":
            # They may have been read before somebody published one of them; from here on nobody does.
            objs = self._locked(objs)
        _to_delete, _counts, lacking, _protected = super().get_deleted_objects(objs, request)
        collector = NestedObjects(using=router.db_for_write(self.model), origin=objs)
        collector.collect(objs)
        to_delete = _pruned(collector.nested(lambda record: _in_words(record, request)))
        counts = {
            m._meta.verbose_name_plural: len(c) for m, c in collector.model_objs.items() if not m._meta.auto_created
        }
        return to_delete, counts, lacking, [*self.kept(objs), *_named(collector.protected, request)]

    def kept(self, records) -> list[str]:
        """Which of the records may not be deleted although nothing names them, each with the reason."""
        return [format_html("“{}” {}", record, why) for record in records if (why := self.why_kept(record))]

    def why_kept(self, record) -> str:
        """Why a record that nothing names may still not be deleted; empty if it may."""
        return ""


class PartInline(Editing, admin.StackedInline):
    """The parts of a record, inside its form."""

    extra = 0
    view_on_site = False

    def has_add_permission(self, request, obj):
        return super().has_add_permission(request, obj) and self._is_open(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_open(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_open(request, obj)

    def _is_open(self, request, owner) -> bool:
        form = self.admin_site.get_model_admin(self.parent_model)
        return form.has_change_permission(request, owner) and not form.is_locked(request, owner)


def _format_for_reading(record: models.Model) -> None:
    """Let those who may not edit a rich text read it as a text and not as HTML."""
    for field in record._meta.fields:
        if isinstance(field, RichTextField):
            setattr(record, field.name, richtext(getattr(record, field.name)))


def _named(protected: set, request) -> list[str]:
    """What stands in the way of a deletion: the first MOST_NAMED by their names, and how many more there are."""
    named = {_in_words(_whole(record), request) for record in islice(protected, MOST_NAMED)}
    more = len(protected) - MOST_NAMED
    return [*sorted(named), *([_("… and %(number)d more") % {"number": more}] if more > 0 else [])]


def _whole(record: models.Model) -> models.Model:
    """The record with a form of its own that a part, or a row of the table between two records, belongs to."""
    if admin.site.is_registered(type(record)):
        return record
    owner = getattr(record, "owner", None) or next(field.name for field in record._meta.fields if field.many_to_one)
    return getattr(record, owner)


def _in_words(record: models.Model, request) -> str:
    """A record as “Press release: headline”, with a link for those who may see it; nothing for a table between two."""
    opts = record._meta
    if opts.auto_created:
        return ""
    kind, name = capfirst(opts.verbose_name), str(record)
    known = admin.site.is_registered(type(record)) and admin.site.get_model_admin(type(record))
    if not known or not known.has_view_permission(request, record):
        return format_html("{}: {}", kind, name)
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])
    return format_html('{}: <a href="{}">{}</a>', kind, url, name)


def _pruned(tree: list) -> list:
    """The nested list without its empty branches."""
    branches = (_pruned(branch) if isinstance(branch, list) else branch for branch in tree)
    return [branch for branch in branches if branch]
