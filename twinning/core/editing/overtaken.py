"""Overtaken forms: the record was approved, or its copy removed, before the form was saved; the text is shown."""

from dataclasses import dataclass

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from twinning.core.fields.richtext import RichTextField, sanitise, to_text


@dataclass(frozen=True)
class UnsavedField:
    """A changed field of a form that cannot be saved, with the text that was typed."""

    label: str
    text: str


def typed_in(form: forms.BaseModelForm, formsets: list[forms.BaseFormSet]) -> list[UnsavedField]:
    """The changed fields of bound forms, those of parts behind the name of their kind."""
    kept = _changed_fields(form, "")
    for formset in formsets:
        kind = capfirst(formset.model._meta.verbose_name)
        for part in formset.forms:
            kept += _changed_fields(part, f"{kind}: ")
    return kept


def _changed_fields(form: forms.BaseModelForm, place: str) -> list[UnsavedField]:
    form.is_valid()  # fills cleaned_data; errors do not matter any more
    fields = [name for name in form.changed_data if name in form.fields]
    return [
        UnsavedField(f"{place}{form.fields[name].label or capfirst(name)}", _display_value(form, name))
        for name in fields
    ]


def _display_value(form: forms.BaseModelForm, name: str) -> str:
    value = form.cleaned_data.get(name, form[name].value())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, models.QuerySet | list | tuple):
        return ", ".join(map(str, value))
    is_rich = isinstance(form.instance._meta.get_field(name), RichTextField) if _is_column(form, name) else False
    return to_text(sanitise(str(value))) if is_rich else str(value if value is not None else "")


def _is_column(form: forms.BaseModelForm, name: str) -> bool:
    return any(field.name == name for field in form.instance._meta.get_fields())
