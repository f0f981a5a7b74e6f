"""Two people at one form: who else has it open, and what becomes of it when both save."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django import forms
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateformat import format as format_time
from django.utils.translation import gettext as _

# A browser with JavaScript says again and again that the form is still open; without, only the opening is known.
OPENED_FOR = timedelta(minutes=15)
SEEN_FOR = timedelta(seconds=90)


class OpenFormQuerySet(models.QuerySet):
    """Who has which form open."""

    def of(self, record: models.Model):
        """The open forms of one record."""
        return self.filter(content_type=ContentType.objects.get_for_model(type(record)), object_id=record.pk)

    def others(self, record: models.Model, *, than, at: datetime):
        """Those of other people at a moment."""
        return self.of(record).exclude(user=than).filter(expires_at__gt=at).select_related("user")

    def keep(self, record: models.Model, *, by, at: datetime, lasting: timedelta) -> None:
        """Note that somebody has the form of a record open, for a while."""
        self.update_or_create(
            content_type=ContentType.objects.get_for_model(type(record)), object_id=record.pk, user=by,
            defaults={"expires_at": at + lasting}, create_defaults={"expires_at": at + lasting, "opened_at": at},
        )  # fmt: skip


class OpenForm(models.Model):
    """Somebody has the form of a record open."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = OpenFormQuerySet.as_manager()

    class Meta:
        ordering = ("opened_at",)
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "user"], name="core_openform_once_a_person")
        ]

    def __str__(self):
        return self.in_words

    @property
    def in_words(self) -> str:
        """Who has it open, since when."""
        name = self.user.get_full_name() or self.user.get_username()
        since = format_time(timezone.localtime(self.opened_at), "H:i")
        return _("%(name)s has had this form open since %(time)s.") % {"name": name, "time": since}


Values = dict[str, list[str]]


@dataclass
class Typed:
    """What somebody changed in a form, compared with how it was when they opened it."""

    fields: set[str] = field(default_factory=set)
    # By prefix of the formset: the row of each part and the fields changed there; the rows that are new.
    parts: dict[str, dict[int, tuple[int, set[str]]]] = field(default_factory=dict)
    added: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def read(cls, form: forms.BaseForm, formsets: list[forms.BaseFormSet]) -> "Typed":
        """From bound forms, made while the database is as it was when the form was opened."""
        typed = cls(fields=set(form.changed_data))
        for formset in formsets:
            known = [(index, part) for index, part in enumerate(formset.initial_forms) if part.instance.pk]
            typed.parts[formset.prefix] = {part.instance.pk: (i, set(part.changed_data)) for i, part in known}
            rows = enumerate(formset.forms)
            typed.added[formset.prefix] = [i for i, part in rows if not part.instance.pk and part.has_changed()]
        return typed


@dataclass
class Shown:
    """What a form shows that nobody has typed into: the fields, and the parts by the prefix of their formset."""

    fields: Values
    parts: dict[str, list[tuple[int, Values]]]

    @classmethod
    def read(cls, form: forms.BaseForm, formsets: list[forms.BaseFormSet]) -> "Shown":
        """From unbound forms."""
        parts = {
            formset.prefix: [(part.instance.pk, _sent(part)) for part in formset.initial_forms] for formset in formsets
        }
        return cls(fields=_sent(form), parts=parts)


def with_plain_newlines(post: QueryDict) -> QueryDict:
    """What was sent, with the line ends that the database has: browsers send others, and every text would seem changed."""
    data = post.copy()
    for name, values in post.lists():
        data.setlist(name, [value.replace("\r\n", "\n") for value in values])
    return data


def merge(post: QueryDict, typed: Typed, shown: Shown) -> QueryDict:
    """What was typed, on top of what a colleague has saved meanwhile; nothing of either is left out.

    A part that the colleague has removed stays as a new one if something was typed into it.
    """
    data = post.copy()
    for name, values in shown.fields.items():
        if name not in typed.fields:
            data.setlist(name, values)
    for prefix, current in shown.parts.items():
        mine = typed.parts.get(prefix, {})
        rows = [_merged_row(post, prefix, values, mine.get(key)) for key, values in current]
        kept = len(rows)
        removed = mine.keys() - {key for key, _values in current}
        orphans = [mine[key][0] for key in removed if mine[key][1] - {"DELETE"}]
        for index in sorted([*orphans, *typed.added.get(prefix, [])]):
            rows.append({name: values for name, values in _row(post, prefix, index).items() if name != "id"})
        _write_rows(data, prefix, rows, kept)
    return data


def _merged_row(post: QueryDict, prefix: str, values: Values, mine: tuple[int, set[str]] | None) -> Values:
    if not mine:
        return values
    index, changed = mine
    return values | {name: list_ for name, list_ in _row(post, prefix, index).items() if name in changed}


def _row(post: QueryDict, prefix: str, index: int) -> Values:
    start = f"{prefix}-{index}-"
    return {name.removeprefix(start): values for name, values in post.lists() if name.startswith(start)}


def _write_rows(data: QueryDict, prefix: str, rows: list[Values], kept: int) -> None:
    for name in [name for name in data if re.match(rf"{re.escape(prefix)}-\d+-", name)]:
        del data[name]
    for index, row in enumerate(rows):
        for name, values in row.items():
            data.setlist(f"{prefix}-{index}-{name}", values)
    data[f"{prefix}-TOTAL_FORMS"], data[f"{prefix}-INITIAL_FORMS"] = str(len(rows)), str(kept)


def _sent(form: forms.BaseForm) -> Values:
    """What a browser would send of a form in which nobody has typed, by the names of the fields."""
    return {bound.name: _values(bound) for bound in form if not isinstance(bound.field.widget, forms.FileInput)}


def _values(bound: forms.BoundField) -> list[str]:
    widget, value = bound.field.widget, bound.value()
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    if isinstance(value, list | tuple | models.QuerySet):
        return [str(getattr(one, "pk", one)) for one in value]
    shown = widget.format_value(value)
    if isinstance(shown, list | tuple):
        return [str(one) for one in shown]
    return ["" if shown is None else str(shown)]
