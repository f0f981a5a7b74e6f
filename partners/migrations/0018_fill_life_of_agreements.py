"""The day on which an agreement was suspended begins a spell; ends are partial dates. In each stored snapshot too."""

from django.db import migrations

# As in twinning.core.history.snapshots: keys of parts that stand in a snapshot only.
FIRST_OWN_KEY = 10**17
ADDED = {"negotiated": "", "planned_place": "", "notice_on": None}


def rewrite(snapshot: dict, key: int | None) -> dict:
    """A snapshot of an agreement with a spell in place of the day; ``key`` is that of its spell in the table."""
    fields = dict(snapshot["fields"])
    if "suspended_on" not in fields:
        return snapshot
    begins, reason = fields.pop("suspended_on"), fields["end_reason"]
    fields |= ADDED | {name: fields[name] or "" for name in ("ended_on", "abandoned_on")}
    spell = {"begins": begins, "ends": "", "reason": reason}
    spells = [{"pk": key or FIRST_OWN_KEY, "fields": spell}] if begins else []
    if not (fields["ended_on"] or fields["abandoned_on"]):
        fields["end_reason"] = ""
    return snapshot | {"fields": fields, "parts": snapshot["parts"] | {"suspensions": spells, "decisions": []}}


def rewrite_all(apps, schema_editor):
    Memorandum, Suspension = apps.get_model("partners", "Memorandum"), apps.get_model("partners", "Suspension")
    keys = {}
    for memorandum in Memorandum.objects.exclude(suspended_on=None):
        spell = {"begins": memorandum.suspended_on, "reason": memorandum.end_reason}
        keys[memorandum.pk] = Suspension.objects.create(memorandum=memorandum, **spell).pk
    for memorandum in Memorandum.objects.exclude(suspended_on=None, ended_on="", abandoned_on=""):
        # Saving computes the earliest and the latest day.
        if not (memorandum.ended_on or memorandum.abandoned_on):
            memorandum.end_reason = ""
        memorandum.save(update_fields=["end_reason", *_columns("ended_on"), *_columns("abandoned_on")])
    for name in ("WorkingCopy", "HistoryEvent"):
        kept = apps.get_model("core", name).objects.filter(snapshot__isnull=False)
        of_agreements = kept.filter(content_type__app_label="partners", content_type__model="memorandum").order_by("pk")
        for record in of_agreements.only("object_id", "snapshot").iterator(chunk_size=200):
            record.snapshot = rewrite(record.snapshot, keys.get(record.object_id))
            record.save(update_fields=["snapshot"])


def _columns(name: str) -> list[str]:
    return [f"{name}_earliest", f"{name}_latest"]


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0017_life_of_agreements"),
        ("core", "0012_unsaved_forms"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(rewrite_all)]
