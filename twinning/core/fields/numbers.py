"""Coordinates: taken with as many digits as a map gives, and rounded."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.db import models


def _rounded(value: Decimal | None, places: int) -> Decimal | None:
    try:
        return value if value is None else value.quantize(Decimal(1).scaleb(-places))
    except InvalidOperation:  # no number, or one too large: refused with words
        return value


class CoordinateFormField(forms.DecimalField):
    """Form field: a coordinate, rounded to the places that are kept."""

    def to_python(self, value):
        return _rounded(super().to_python(value), self.decimal_places)

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"step": "any"}


class CoordinateField(models.DecimalField):
    """Model field: a latitude or a longitude in degrees, to about a metre."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_digits": 8, "decimal_places": 5} | kwargs)

    def to_python(self, value):
        return _rounded(super().to_python(value), self.decimal_places)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": CoordinateFormField} | kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs
