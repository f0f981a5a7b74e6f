"""Widgets, forms and form fields of the back office, and what its lists and choosers find."""

import re
from functools import cached_property, reduce
from operator import or_

from django import forms
from django.contrib.admin.utils import lookup_spawns_duplicates
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple, RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import Q

from twinning.core.fields.folding import FoldedField, in_order, sort_key
from twinning.core.fields.moments import MomentField, MomentInput, with_zone
from twinning.core.outline.in_place import offer


class DayInput(forms.DateInput):
    """Widget: a day from the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class HueInput(forms.RadioSelect):
    """Widget: one of the twelve colours of a city, each beside its number."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["class"] = f"hue hue-{value}"
        return option


class OrderedList(ChangeList):
    """The list of one kind of record: in the same order on every database, names as a reader expects them."""

    def get_ordering(self, request, queryset):
        names = super().get_ordering(request, queryset)
        return [in_order(self.lookup_opts.model, one) if isinstance(one, str) else one for one in names]


class Finding:
    """Mixin of a ModelAdmin: its list and the choosers of its records find what is meant, and show it in order.

    “Hafnarfjordur” finds Hafnarfjörður, “Xian” Xi'an: a search field that is folded is compared with the folded word.
    """

    def get_changelist(self, request, **kwargs):
        return OrderedList

    def offered(self, found: models.QuerySet, *, at) -> models.QuerySet:
        """Those of some records that choosers offer; what was chosen before stays, whether it is offered or not."""
        return found

    def name_to_choose(self, record) -> str:
        """What a chooser calls a record."""
        return name_in_choosers(record)

    def picture_url(self, record) -> str:
        """The address of a small picture of a record, for choosers; most kinds have none."""
        return ""

    def get_search_results(self, request, queryset, search_term):
        fields = self.get_search_fields(request)
        columns = [(name, _field_at(self.model, name)) for name in fields]
        words = ["".join(parts) for parts in _WORDS.findall(search_term)] if fields else []
        for word in words:
            queryset = queryset.filter(reduce(or_, (_has(name, field, word) for name, field in columns)))
        # Without a word nothing is joined, and a list that is made distinct for nothing reads every text of every record.
        return queryset, bool(words) and any(lookup_spawns_duplicates(self.opts, name) for name in fields)


# What stands between quotation marks is looked for as it is, spaces included.
_WORDS = re.compile(r'"([^"]+)"|(\S+)')


def _field_at(model, path: str) -> models.Field:
    """The field at the end of a path such as “cities__folded”."""
    name, _, rest = path.partition("__")
    field = model._meta.get_field(name)
    return _field_at(field.related_model, rest) if rest else field


def _has(name: str, field: models.Field, word: str) -> Q:
    if isinstance(field, FoldedField):
        return Q(**{f"{name}__contains": sort_key(word)})
    return Q(**{f"{name}__icontains": word})


class _KeysOnly:
    """Mixin of a chooser: leaves out values that are no keys, so that a forged form can be shown again."""

    def __init__(self, *args, **kwargs):
        # The list belongs inside the landmark of the page, not behind it.
        super().__init__(*args, **kwargs, attrs={"data-dropdown-parent": "#content-start"})

    def optgroups(self, name, value, attr=None):
        keys = [key for key in value if str(key).isdecimal() and len(str(key)) < 19]
        return super().optgroups(name, keys, attr)


class Chooser(_KeysOnly, AutocompleteSelect):
    """Widget: one record, found by typing a part of its name."""


class MultipleChooser(_KeysOnly, AutocompleteSelectMultiple):
    """Widget: some records, each found by typing a part of its name."""


class ChosenRecords(forms.ModelMultipleChoiceField):
    """Form field: some records, which are read with all their texts only to be shown."""

    def clean(self, value):
        shown, self.queryset = self.queryset, self.queryset.order_by().select_related(None).only("pk")
        try:
            return super().clean(value)
        finally:
            self.queryset = shown


def name_in_choosers(record: models.Model) -> str:
    """The name of a record where it is chosen, with what tells it from others if it has that."""
    return getattr(record, "name_in_choosers", str(record))


class LookUp(AutocompleteJsonView):
    """View: the records that a chooser offers (JSON), for those who may fill in the chooser, and nobody else."""

    def has_perm(self, request, obj=None):
        return bool(self.form) and self.model_admin.has_choose_permission(request)

    def get_queryset(self):
        found, choose = super().get_queryset(), self.form.choices.get(self.source_field.name)
        found = self.model_admin.offered(found, at=self.request.visit.at)
        return found.filter(pk__in=choose()) if choose else found

    def serialize_result(self, obj, to_field_name):
        picture = self.model_admin.picture_url(obj)
        found = super().serialize_result(obj, to_field_name) | {"text": name_in_choosers(obj)}
        return found | ({"picture": picture} if picture else {})

    @cached_property
    def form(self):
        """The ModelAdmin or inline that has the chooser and that this person may write with; None without one."""
        filled_in = (form for form in self._forms() if self.source_field.name in form.autocomplete_fields)
        return next((form for form in filled_in if self._may_write(form)), None)

    def _forms(self):
        for admin in self.admin_site._registry.values():
            parts = (part(admin.model, self.admin_site) for part in admin.inlines)
            yield from (form for form in (admin, *parts) if form.model is self.source_field.model)

    def _may_write(self, form) -> bool:
        of_record = () if form.model in self.admin_site._registry else (None,)
        return form.has_add_permission(self.request, *of_record) or form.has_change_permission(self.request)


class EditorForm(forms.ModelForm):
    """A form that checks every constraint of the database, and so answers with words and not with an error page."""

    visit = None
    ids = "id_%s"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", "auto_id": self.ids} | kwargs)

    def _get_validation_exclusions(self):
        # Columns that nobody fills in, such as the earliest day of a partial date, are what many constraints compare.
        # No form writes the fields of the workflow: their constraints hold as they did before.
        model = self._meta.model
        derived = {field.name for field in model._meta.fields if not field.editable}
        return super()._get_validation_exclusions() - (derived - {*getattr(model, "workflow_fields", ())})


class ProblemForm:
    """Mixin of a form: shows the problem of its visit, and is not valid because of it."""

    def clean(self):
        error = self.visit.problem_in_words
        by_field = error.error_dict if hasattr(error, "error_dict") else {None: error}
        for name, errors in by_field.items():
            self.add_error(name if name in self.fields else None, errors)
        return super().clean()


class PartFormSet(forms.BaseInlineFormSet):
    """The forms of the parts of a record."""

    @cached_property
    def empty_form(self):
        """The form of a part that is not there yet, built once; Django builds it for each look at it."""
        return super().empty_form


class FormFields:
    """Mixin of a ModelAdmin or inline: the browser's own calendars, and no buttons beside fields that lead away."""

    form = EditorForm
    # Of a field that refers to a record: a function that returns the records that may be chosen, where it is not all.
    choices = {}
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
        if field and isinstance(field.widget, _KeysOnly):
            field.label_from_instance = name_in_choosers
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if choose := self.choices.get(db_field.name):
            chosen_before = getattr(getattr(request.visit, "record", None), db_field.attname, None)
            offered = Q(pk__in=choose()) | Q(pk=chosen_before)
            kwargs["queryset"] = db_field.related_model.objects.filter(offered)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Chooser(db_field, self.admin_site)
            offer(kwargs["widget"], self.admin_site, db_field.related_model, request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs |= {"form_class": ChosenRecords, "widget": MultipleChooser(db_field, self.admin_site)}
            offer(kwargs["widget"], self.admin_site, db_field.related_model, request)
        return super().formfield_for_manytomany(db_field, request, **kwargs)
