"""Writes the search index again from the records: after a restore, an import or a change of what is searched."""

from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from twinning.core.search.index import Searchable, SearchEntry, index_all, open_due, searchable_models

BATCH = 1000


class Command(BaseCommand):
    help = "Write the search index again from all records. The site can be used meanwhile."

    def handle(self, **options):
        for model in searchable_models():
            count = self.rebuild(model)
            self.stdout.write(f"{model._meta.verbose_name_plural.capitalize()}: {count} indexed")
        while open_due(at=timezone.now()):
            pass

    def rebuild(self, model: type[Searchable]) -> int:
        """Index every record of a kind and forget entries without a record; return how many records there are."""
        entries = SearchEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
        entries.exclude(object_id__in=model.objects.order_by().values("pk")).delete()
        pks = list(model.objects.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(pks), BATCH):
            with transaction.atomic():
                index_all(model.objects.select_for_update().filter(pk__in=pks[start : start + BATCH]))
            if start + BATCH < len(pks):
                self.stdout.write(f"  {start + BATCH} of {len(pks)} …")
        return len(pks)
