"""Telephone numbers: typed as people write them, linked as every telephone dials them (RFC 3966)."""

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberFormat, ValidationResult

from twinning.core.fields.characters import LineField


def _read(text: str) -> phonenumbers.PhoneNumber | None:
    """The number that was typed; None if none can be."""
    try:
        number = phonenumbers.parse(text, settings.COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    is_whole = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return number if is_whole else None


def dialled(text: str) -> str:
    """A number for a tel: link: “+492315022449”, with “;ext=12” for an extension."""
    if not (number := _read(text)):
        return "".join(character for character in text if character in "+0123456789")
    extension = f";ext={number.extension}" if number.extension else ""
    return f"+{number.country_code}{phonenumbers.national_significant_number(number)}{extension}"


def phone(text: str) -> str:
    """A number as it is dialled from here: “0113 496 0100”, “+49 231 5022449”, “0113 496 0100 ext. 12”."""
    if not (number := _read(text)):
        return text
    extension, number.extension = number.extension, None
    is_ours = number.country_code == phonenumbers.country_code_for_region(settings.COUNTRY)
    shown = phonenumbers.format_number(
        number, PhoneNumberFormat.NATIONAL if is_ours else PhoneNumberFormat.INTERNATIONAL
    )
    return _("%(number)s ext. %(extension)s") % {"number": shown, "extension": extension} if extension else shown


def validate_phone(text: str) -> None:
    """Refuse what nobody can dial."""
    if not _read(text):
        message = _("Write the whole number, for example 0113 496 0100, +49 231 5022449 or 0113 496 0100 ext. 12.")
        raise ValidationError(message, code="invalid")


class PhoneField(LineField):
    """Model field: a telephone number, kept as it was typed."""

    default_validators = (validate_phone,)
