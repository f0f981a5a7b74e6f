"""What becomes of a text whose record was approved, or whose copy is gone, before it was saved: it is shown, to be kept."""

from dataclasses import dataclass

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from twinning.core.richtext import RichTextField, sanitise, to_text


@dataclass(frozen=True)
class Kept:
    """One field that somebody had changed, and what they had typed."""

    label: str
    text: str


def typed_in(form: forms.BaseModelForm, formsets: list[forms.BaseFormSet]) -> list[Kept]:
    """What was typed into bound forms beside what the record holds."""
    kept = _changed(form, "")
    for formset in formsets:
        kind = capfirst(formset.model._meta.verbose_name)
        for part in formset.forms:
            kept += _changed(part, f"{kind}: ")
    return kept


def _changed(form: forms.BaseModelForm, place: str) -> list[Kept]:
    form.is_valid()  # reads the values; whether they are in order is no question any more
    fields = [name for name in form.changed_data if name in form.fields]
    return [Kept(f"{place}{form.fields[name].label or capfirst(name)}", _in_words(form, name)) for name in fields]


def _in_words(form: forms.BaseModelForm, name: str) -> str:
    value = form.cleaned_data.get(name, form[name].value())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, models.QuerySet | list | tuple):
        return ", ".join(map(str, value))
    is_rich = isinstance(form.instance._meta.get_field(name), RichTextField) if _is_column(form, name) else False
    return to_text(sanitise(str(value))) if is_rich else str(value if value is not None else "")


def _is_column(form: forms.BaseModelForm, name: str) -> bool:
    return any(field.name == name for field in form.instance._meta.get_fields())
