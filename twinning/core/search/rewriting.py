"""Writing the words of all search entries again, after the rules of ``words.py`` have changed."""

from itertools import batched

from twinning.core.search.index import entry_values

BATCH = 500


def rewrite_words(apps, schema_editor) -> None:
    """Operation of a migration (RunPython): make the words of each entry from its title and text by the rules of today."""
    entries = apps.get_model("core", "SearchEntry").objects.using(schema_editor.connection.alias)
    keys = list(entries.order_by("pk").values_list("pk", flat=True))
    for some in batched(keys, BATCH, strict=False):
        changed = list(entries.filter(pk__in=some))
        for entry in changed:
            values = entry_values(entry.slug, entry.title, entry.text)
            entry.words, entry.title_words = values["words"], values["title_words"]
        entries.bulk_update(changed, ["words", "title_words"])
