"""Folding: what a reader takes for the same letters, such as “Hafnarfjordur” for Hafnarfjörður and “Xian” for Xi'an.

Lists are searched and sorted by folded texts, which are columns of their own (ADR 24).
"""

import re
import unicodedata
from functools import lru_cache
from itertools import batched

from django.db import models
from django.db.models import F, OrderBy

from twinning.core.fields.dates import PartialDateField

BATCH = 500
APOSTROPHE = "'"
_APOSTROPHES = dict.fromkeys(map(ord, "`´‘’‛′ʹʻʼʽʾʿˈ＇ꞌ"), APOSTROPHE)
# A raised digit behind a digit is a footnote: "2021¹" is 2021, while "m²" is m2.
_FOOTNOTE = re.compile("(?<=[0-9])(?=[⁰¹²³⁴-⁹])")
_INVISIBLE = "Cf"  # soft hyphens, zero-width spaces: inside a word that was pasted, they do not divide it
# Small letters that Unicode does not take apart into a letter and an accent, as people without their key write them.
_UNDIVIDED = {
    "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ŋ": "ng", "ħ": "h",
    "ŧ": "t", "ĸ": "k", "ə": "e", "ɛ": "e", "ɔ": "o", "ƒ": "f", "ɓ": "b", "ɗ": "d", "ɖ": "d", "ƙ": "k", "ŀ": "l",
    "ɲ": "n", "ƴ": "y", "ʉ": "u", "ɨ": "i", "ɫ": "l", "ȼ": "c", "ɍ": "r", "ƶ": "z", "ɣ": "g", "ʋ": "v",
}  # fmt: skip


class _Letters(dict):
    """What becomes of each character when a text is folded; found out once for each that occurs."""

    def __missing__(self, code: int) -> int | None:
        letter = chr(code)
        is_dropped = unicodedata.combining(letter) or unicodedata.category(letter) == _INVISIBLE
        self[code] = None if is_dropped else code
        return self[code]


_LETTERS = _Letters(str.maketrans(_UNDIVIDED) | _APOSTROPHES)  # "⁗" is taken apart into four of them


def fold(text: str) -> str:
    """The text in small letters without accents: "Brnó" and "BRNO" are both "brno"; all apostrophes are the same.

    Small only after it is taken apart: "℡" has no small letter of its own and becomes "TEL".
    """
    text = _FOOTNOTE.sub(" ", text).translate(_APOSTROPHES)
    small = unicodedata.normalize("NFKD", text).lower().replace("`", APOSTROPHE)  # which “｀” becomes
    return small if small.isascii() else small.translate(_LETTERS)


@lru_cache(maxsize=2**12)
def sort_key(text: str) -> str:
    """A text folded and without apostrophes: names sorted by it stand where a reader looks for them, Å and Ł beside A and L."""
    return fold(text).replace(APOSTROPHE, "").strip()


class FoldedField(models.TextField):
    """Model field: some texts of the record, folded, written whenever it is saved; the first is the one to sort by.

    Sorted by code point in every database, whatever its collation.
    """

    def __init__(self, *of: str, **kwargs):
        super().__init__(**{"default": "", "blank": True, "editable": False} | kwargs)
        self.of = of

    def deconstruct(self):
        name, path, _args, kwargs = super().deconstruct()
        return name, path, self.of, kwargs

    def db_parameters(self, connection):
        collation = "C" if connection.vendor == "postgresql" else None
        return super().db_parameters(connection) | {"collation": collation}

    def pre_save(self, model_instance, add):
        value = self.folded(model_instance)
        setattr(model_instance, self.attname, value)
        return value

    def folded(self, record: models.Model) -> str:
        """What a record is found and sorted by."""
        return "\n".join(sort_key(str(getattr(record, name))) for name in self.of).rstrip()


def fill_folded(apps, schema_editor, *, names: tuple[str, ...]) -> None:
    """Operation of a migration (RunPython): fold the texts of all records of some models, named as “partners.City”."""
    for name in names:
        model = apps.get_model(name)
        fields = [field for field in model._meta.fields if isinstance(field, FoldedField)]
        records = model._base_manager.using(schema_editor.connection.alias)
        for keys in batched(list(records.order_by("pk").values_list("pk", flat=True)), BATCH, strict=False):
            found = list(records.filter(pk__in=keys))
            for record in found:
                for field in fields:
                    setattr(record, field.attname, field.folded(record))
            records.bulk_update(found, [field.attname for field in fields])


def in_order(model: type[models.Model], name: str) -> str | OrderBy:
    """An entry of ``order_by`` for the column of a list: names folded, dates by their first day, what is empty first.

    Without that each database has an order of its own: PostgreSQL puts what is empty last, SQLite first.
    """
    column, is_falling = name.removeprefix("-"), name.startswith("-")
    field = next((field for field in model._meta.fields if field.name == column), None)
    if isinstance(field, PartialDateField):
        field = model._meta.get_field(f"{column}_earliest")
    folded = [one for one in model._meta.fields if isinstance(one, FoldedField) and field and one.of[0] == field.name]
    if folded:
        return name.replace(column, folded[0].name)
    if field and field.null:
        return F(field.name).desc(nulls_last=True) if is_falling else F(field.name).asc(nulls_first=True)
    return name
