"""The language of a foreign name or text, so that screen readers pronounce it and browsers pick its letters."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# Language, script and region are what pages need of BCP 47 (RFC 5646).
language_tag = RegexValidator(
    r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$",
    _("Write the language as its code, for example “de”, “cs” or “zh-Hans”."),
)


class LanguageField(models.CharField):
    """A BCP 47 language tag; empty means the language of the site."""

    default_validators = [language_tag]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 12)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)
