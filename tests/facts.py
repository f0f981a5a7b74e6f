"""A value of its own for every field of a model, and the HTML that a page has to contain for it."""

import re
from html import escape

from django.db import models

from twinning.core.fields.dates import BoundField, StartField
from twinning.core.fields.folding import FoldedField
from twinning.core.fields.richtext import RichTextField

# No fact for a reader: keys, moments of the workflow, what follows from another field, and the order of parts.
_NO_FACT = (models.AutoField, models.SlugField, models.GeneratedField, BoundField, StartField, FoldedField)


def fields_of(model: type[models.Model], owner: type[models.Model]) -> dict[str, models.Field]:
    """The fields and relations of a model that the page of a record of ``owner`` could show, by name, as “City.name”.

    Parts of the record are models with fields of their own.
    """
    parts = getattr(model, "parts", ())
    return {
        f"{model.__name__}.{field.name}": field
        for field in model._meta.get_fields()
        if not isinstance(field, _NO_FACT)
        and field.name not in (*getattr(model, "not_content", ()), *parts, "position")
        and not (field.related_model is owner and model is not owner)
    }


def is_text(field: models.Field) -> bool:
    return isinstance(field, models.CharField | models.TextField) and not field.choices


def text_of(field: models.Field) -> str:
    """The text of a field: different in every field, with characters that have to be escaped."""
    name = f"{field.model.__name__} {field.name}"
    if isinstance(field, RichTextField):
        return f"<p>{name} &amp; more</p>"
    if isinstance(field, models.URLField):
        return f"https://example.org/{name.replace(' ', '-')}?a=1&b=2"
    if isinstance(field, models.EmailField):
        return f"{field.name}@example.org"
    return f"{name} <&>"


def fill(record: models.Model, **values) -> models.Model:
    """Give every text field of a record its own text, and other fields the given values."""
    texts = {field.name: text_of(field) for field in record._meta.fields if is_text(field) and field.editable}
    no_fact = {field.name for field in record._meta.fields if isinstance(field, _NO_FACT)}
    for name, value in ({name: text for name, text in texts.items() if name not in no_fact} | values).items():
        setattr(record, name, value)
    record.save()
    return record


def fact_of(field: models.Field, given=None) -> str | None:
    """The HTML for a text field, or for the given value of a field with choices; None for any other field."""
    if not isinstance(field, models.Field) or (given is None) == bool(field.choices):
        return None
    if field.choices:
        return escape(str(dict(field.flatchoices)[given]))
    if given is not None or not is_text(field):
        return None
    text = text_of(field)
    if isinstance(field, RichTextField):
        return text
    if isinstance(field, models.EmailField):
        return f'<a href="mailto:{text}">{text}</a>'
    return f'href="{escape(text)}"' if isinstance(field, models.URLField) else escape(text)


def body_of(html: str) -> str:
    """The body of a page without insignificant white space."""
    html = re.sub(r"[ \n]+", " ", html.partition("<body")[2])
    return re.sub(r" ?(<[^>]+?) ?(>) ?", r"\1\2", html)
