"""Other records that a row names: found by external id, address or name."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.imports.batches import external_ids
from twinning.core.imports.columns import key_of

LISTED = gettext_lazy("Names, addresses or external ids, with semicolons between them; they have to be here already.")


class Others:
    """The records of a kind by all that a spreadsheet may call them; hidden ones too, for drafts may name them."""

    def __init__(self, model: type[models.Model], *, stored: Iterable[models.Model] | None = None):
        self.kind = model._meta.verbose_name
        self.records = {one.pk: one for one in (model._base_manager.all() if stored is None else stored)}
        self._ids = {value: key for value, key in external_ids(model).items() if key in self.records}
        self._addresses = {one.slug: key for key, one in self.records.items()}
        self._names = defaultdict(set)
        for key, one in self.records.items():
            for name in (str(one), getattr(one, "local_name", ""), *getattr(one, "other_names", "").split(",")):
                if key_of(name):
                    self._names[key_of(name)].add(key)

    def key(self, text: str) -> int:
        """The key of the record that a text means; raises ValidationError if it is none or could be several."""
        if found := self._ids.get(text) or self._addresses.get(text.lower()):
            return found
        keys = self._names.get(key_of(text), set())
        exact = {key for key in keys if key_of(str(self.records[key])) == key_of(text)}
        if len(exact or keys) != 1:
            params = {"kind": self.kind, "text": text[:50]}
            message = _("There are several called “%(text)s”. Write the address of the one that is meant.")
            raise ValidationError((message if keys else _("There is no %(kind)s “%(text)s” here.")) % params)
        return next(iter(exact or keys))

    def keys(self, texts: list[str]) -> list[int]:
        """The keys of the records that some texts mean, in order."""
        return sorted({self.key(text) for text in texts})
