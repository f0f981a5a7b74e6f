"""The status and the end that stood on a city become a change of its partnership; in each stored snapshot too."""

from django.db import migrations

OLD = ("status", "status_on", "status_reason", "until")
ENDED = "It ended."
# As in twinning.core.history.snapshots: keys of parts that stand in a snapshot only.
FIRST_OWN_KEY = 10**17


def changes_of(fields: dict) -> list[dict]:
    """What the old fields of a city say, as changes; dates are EDTF."""
    status, began, reason, until = (fields[name] or "" for name in OLD)
    if status == "ended":
        return [{"status": "ended", "date": began or until, "reason": reason}]
    changes = [{"status": status, "date": began, "reason": reason}] if status in ("dormant", "suspended") else []
    return [*changes, {"status": "ended", "date": until, "reason": reason or ENDED}] if until else changes


def rewrite(snapshot: dict, keys: list[int]) -> dict:
    """A snapshot of a city with changes in place of the old fields; ``keys`` are those of its changes in the table."""
    fields = snapshot["fields"]
    if "status" not in fields:
        return snapshot
    blank = {"kind": "", "held_by": "", "source": "", "source_url": ""}
    changes = [
        {"pk": keys[number] if number < len(keys) else FIRST_OWN_KEY + number, "fields": blank | change}
        for number, change in enumerate(changes_of({name: fields.get(name, "") for name in OLD}))
    ]
    kept = {name: value for name, value in fields.items() if name not in OLD}
    return snapshot | {
        "fields": kept | {"is_proposed": fields["status"] == "proposed"},
        "parts": snapshot["parts"] | {"changes": changes},
    }


def rewrite_all(apps, schema_editor):
    City, Change = apps.get_model("partners", "City"), apps.get_model("partners", "Change")
    keys: dict[int, list[int]] = {}
    for city in City.objects.exclude(status="active", until=""):
        fields = {name: getattr(city, name) for name in OLD}
        changes = changes_of(fields | {name: getattr(fields[name], "edtf", "") for name in ("status_on", "until")})
        keys[city.pk] = [Change.objects.create(city=city, **change).pk for change in changes]
        City.objects.filter(pk=city.pk).update(is_proposed=city.status == "proposed")
    for name in ("WorkingCopy", "HistoryEvent"):
        kept = apps.get_model("core", name).objects.filter(snapshot__isnull=False)
        of_cities = kept.filter(content_type__app_label="partners", content_type__model="city").order_by("pk")
        for record in of_cities.only("object_id", "snapshot").iterator(chunk_size=200):
            record.snapshot = rewrite(record.snapshot, keys.get(record.object_id, []))
            record.save(update_fields=["snapshot"])


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0011_what_changes_over_time"),
        ("core", "0012_unsaved_forms"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(rewrite_all)]
