"""Relations that nobody breaks by accident."""

from django.db import models


class ProtectedManyToManyField(models.ManyToManyField):
    """A many-to-many relation whose target cannot be deleted while it is named; ending is not deleting.

    Django writes CASCADE into the table between the two, so that deleting a city would quietly take it out of every
    release. The target's side is PROTECT here, and the admin lists what stands in the way.
    """

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        through = self.remote_field.through
        if not cls._meta.abstract and hasattr(through, "_meta") and through._meta.auto_created:
            target = through._meta.local_fields[-1]
            target.remote_field.on_delete = models.PROTECT
