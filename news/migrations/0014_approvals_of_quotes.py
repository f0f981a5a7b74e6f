"""Quotes that were ticked as approved: their wordings are, of releases and of working copies."""

import json
from hashlib import sha256
from itertools import batched, groupby

from django.db import migrations
from django.utils import timezone

from twinning.core.fields.characters import normalise


def approvals(apps, schema_editor):
    approval, now = apps.get_model("news", "QuoteApproval"), timezone.now()
    for some in batched(_ticked(apps), 1000, strict=False):
        rows = [
            approval(release_id=release, digest=_digest(wording), wording=wording, said="approved", how="before", at=now)
            for release, wording in some
        ]
        approval.objects.bulk_create(rows)


def _ticked(apps):
    """The release and the wording of each quote that is ticked."""
    quotes = apps.get_model("news", "Quote").objects.filter(is_approved=True).order_by("pk")
    for quote in quotes.values("release", "speaker", "office", "language", "text").iterator():
        yield quote["release"], _wording(quote)
    copies = apps.get_model("core", "WorkingCopy").objects
    for copy in copies.filter(content_type__app_label="news", content_type__model="pressrelease"):
        for row in copy.snapshot.get("parts", {}).get("quotes", []):
            if row["fields"].get("is_approved"):
                yield copy.object_id, _wording(row["fields"])


def _wording(quote: dict) -> dict:
    named = {name: quote[name] for name in ("speaker", "office", "language")}
    return named | {"original_language": "", "paragraphs": _paragraphs(quote["text"]), "original": []}


def _paragraphs(text: str) -> list[str]:
    parts = groupby(normalise(text).splitlines(), key=lambda line: bool(line.strip()))
    return [" ".join(" ".join(part).split()) for has_words, part in parts if has_words]


def _digest(wording: dict) -> str:
    return sha256(json.dumps(wording, sort_keys=True).encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [("news", "0013_quotes_are_approved_by_offices"), ("core", "0017_imports")]

    operations = [migrations.RunPython(approvals, migrations.RunPython.noop)]
