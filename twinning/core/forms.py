"""Forms as the people of the office fill them in."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError


class DayInput(forms.DateInput):
    """A day from the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class HueInput(forms.RadioSelect):
    """One of the twelve colours of a city, each beside its number."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["class"] = f"hue hue-{value}"
        return option


class _KeysOnly:
    """A chooser that can show a forged form again: what is no key of a record is left out."""

    def __init__(self, *args, **kwargs):
        # The list belongs inside the landmark of the page, not behind it.
        super().__init__(*args, **kwargs, attrs={"data-dropdown-parent": "#content-start"})

    def optgroups(self, name, value, attr=None):
        keys = [key for key in value if str(key).isdecimal() and len(str(key)) < 19]
        return super().optgroups(name, keys, attr)


class Chooser(_KeysOnly, AutocompleteSelect):
    """One record, found by typing a part of its name."""


class MultipleChooser(_KeysOnly, AutocompleteSelectMultiple):
    """Some records, each found by typing a part of its name."""


class EditorForm(forms.ModelForm):
    """A form that checks every constraint of the database, and so answers with words and not with an error page.

    ``refusal`` says why what the form wanted could not be done although all of it was valid.
    """

    refusal: ValidationError | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": ""} | kwargs)

    def clean(self):
        if self.refusal:
            by_field = self.refusal.error_dict if hasattr(self.refusal, "error_dict") else {None: self.refusal}
            for name, errors in by_field.items():
                self.add_error(name if name in self.fields else None, errors)
        return super().clean()

    def _get_validation_exclusions(self):
        # Columns that nobody fills in, such as the earliest day of a partial date, are what many constraints compare.
        return super()._get_validation_exclusions() - {f.name for f in self._meta.model._meta.fields if not f.editable}
