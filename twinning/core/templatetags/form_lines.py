"""Template filters for the lines of the forms of the back office, which have fifty and more, and for their rows."""

from django import template
from django.contrib.admin.helpers import AdminField, AdminReadonlyField, Fieldline, InlineAdminForm
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
NOTHING = SafeString()


@register.filter
def form_line(line: Fieldline) -> SafeString:
    """A line of a form, as in Django's admin/includes/fieldset.html, which asks thirty questions for each field."""
    fields, is_alone = list(line), len(line.fields) == 1
    classes = ["form-row"] if is_alone else ["form-row", "flex-container", "form-multiline"]
    classes += [] if line.has_visible_field else ["hidden"]
    classes += [f"field-{_known(field, 'name')}" for field in fields]
    if is_alone:
        written = _field(fields[0], line.errors())
    else:
        written = format_html_join("\n", "{}", [(_field_of_several(field),) for field in fields])
    return format_html('<div class="{}">{}</div>', " ".join(classes), written)


@register.filter
def row_line(row: InlineAdminForm) -> str:
    """The line that says which part a row of a form is, while the row is folded."""
    return row.model_admin.line(row.original)


def _field_of_several(field: AdminField | AdminReadonlyField) -> SafeString:
    classes = ["fieldBox", f"field-{_known(field, 'name')}"]
    classes += ["hidden"] if _known(field, "is_hidden") else []
    return _field(field, NOTHING if field.is_readonly else field.errors(), *classes)


def _field(field: AdminField | AdminReadonlyField, errors: SafeString, *classes: str) -> SafeString:
    """A field with its label, help and errors; one that consists of several is a group of its own."""
    classes = ["flex-container", *(["errors"] if errors else []), *classes]
    label, help_text, is_group = field.label_tag(), _help(field), not field.is_readonly and field.is_fieldset
    if field.is_checkbox:
        classes.append("checkbox-row")
        parts = format_html('<div class="checkbox">{}\n{}</div>', field.field, label), help_text, errors
    elif field.is_readonly:
        parts = label, help_text, format_html('<div class="readonly">{}</div>', field.contents())
    else:
        parts = NOTHING if is_group else label, help_text, errors, field.field
    box = format_html('<div class="{}">{}</div>', " ".join(classes), format_html("{}" * len(parts), *parts))
    return _group(field, label, box) if is_group else box


def _group(field: AdminField, label: SafeString, box: SafeString) -> SafeString:
    described = (
        format_html(' aria-describedby="{}_helptext"', field.field.id_for_label) if field.field.help_text else ""
    )
    return format_html("<fieldset{}>{}{}</fieldset>", described, label, box)


def _help(field: AdminField | AdminReadonlyField) -> SafeString:
    if not (text := _known(field, "help_text")):
        return NOTHING
    classes = "help hidden" if _known(field, "is_hidden") else "help"
    name = _known(field, "id_for_label")
    named = format_html(' id="{}_helptext"', name) if name else NOTHING
    return format_html('<div class="{}"{}><div>{}</div></div>', classes, named, mark_safe(text))  # noqa: S308 - as Django


def _known(field: AdminField | AdminReadonlyField, name: str):
    """What is known of a field; Django describes those that are only shown by a dict."""
    return field.field.get(name) if field.is_readonly else getattr(field.field, name)
