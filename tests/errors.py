"""Codes of validation errors, so that no test depends on the words of a message."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


def codes_of(error: ValidationError) -> list[str]:
    """“field: code” for each error at a field, “code” for the others; for a constraint of the database, its name."""
    return _codes(error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list})


def refusal(action: Callable, *args, **kwargs) -> list[str]:
    """The codes of the ValidationError that an action raises."""
    with pytest.raises(ValidationError) as refused:
        action(*args, **kwargs)
    return codes_of(refused.value)


def codes_in(response) -> list[str]:
    """The codes in a form of the back office that was shown again; the fields of parts are named “quotes-0-text”."""
    found = _codes(response.context["adminform"].form.errors.as_data())
    for inline in response.context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            found += [f"{form.prefix}-{code}" for code in _codes(form.errors.as_data())]
    return found


def _codes(by_field: dict[str, list[ValidationError]]) -> list[str]:
    constraints = {
        str(constraint.get_violation_error_message()): constraint.name
        for model in apps.get_models()
        for constraint in model._meta.constraints
    }
    return [
        f"{'' if field == NON_FIELD_ERRORS else f'{field}: '}{error.code or constraints.get(error.message, error.message)}"
        for field, errors in by_field.items()
        for each in errors
        for error in each.error_list
    ]
