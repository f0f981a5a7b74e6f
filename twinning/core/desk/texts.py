"""Sections about publishable records: what waits, what came back, what is begun, what comes out, which links were opened."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twinning.core.desk import queries
from twinning.core.desk.queries import FAILED, URGENT, Key, Row, kinds_with, steps_taken
from twinning.core.desk.sections import MOST_COUNTED, Desk, Line, Section
from twinning.core.fields.moments import moment_in_words
from twinning.core.history.events import HistoryEvent
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.in_words import name_of, state_in_words
from twinning.core.publishing.links import PreviewLink
from twinning.core.publishing.steps import ASK_BACK, READABLE, SEND_BACK, SUBMIT, SUBMIT_AGAIN
from twinning.core.publishing.workflow import Approvable

SOON = timedelta(days=7)
PEOPLE = ("submitted_by", "approved_by")


def sections(desk: Desk) -> list[Section]:
    """All of them; what they name is read together."""
    approved = kinds_with("approve", by=desk.by)
    waiting, asked = queries.waiting_rows(approved, by=desk.by), queries.asked_back_rows(approved, at=desk.at)
    drafts = queries.draft_rows(kinds_with("change", by=desk.by), by=desk.by)
    coming = queries.coming_rows(kinds_with("view", by=desk.by), at=desk.at, until=desk.at + SOON)
    back, begun = ([row for row in drafts if row.rank == rank] for rank in (0, 1))
    today = [row for row in coming if timezone.localdate(row.moment) == timezone.localdate(desk.at)]
    later = coming[len(today) :]
    links = _opened_links(desk)
    by_code = {
        "waiting": waiting,
        "asked-back": asked,
        "sent-back": back,
        "drafts": begun,
        "today": today,
        "week": later,
    }
    shown = [row.key for code, rows in by_code.items() for row in rows[: desk.most(code)]]
    texts = Texts.read([*shown, *((link.content_type_id, link.object_id) for link in links)], desk=desk)
    waiting, asked, back, begun, today, later = map(texts.there, by_code.values())
    return [
        *desk.section(
            waiting, texts.waiting_line, place=10, code="waiting", title=_("Waiting for your approval"),
            whole_url=reverse("admin:waiting"),
        ),
        *desk.section(
            asked, texts.asked_back_line, place=15, code="asked-back", title=_("Colleagues ask for these back")
        ),
        *desk.section(back, texts.sent_back_line, place=20, code="sent-back", title=_("Sent back to you")),
        *desk.section(begun, texts.draft_line, place=30, code="drafts", title=_("Your drafts and working copies")),
        *desk.section(today, texts.coming_line, place=100, code="today", title=_("Comes out today"), asks=False),
        *desk.section(later, texts.coming_line, place=110, code="week", title=_("Comes out within a week"), asks=False),
        *desk.section(
            [link for link in links if texts.is_of_use(link)], texts.link_line, place=120, code="links",
            title=_("Your preview links that were opened"), asks=False,
        ),
    ]  # fmt: skip


def published_last(desk: Desk) -> list[Section]:
    """What was published last, for a desk on which nothing has to be done."""
    rows = queries.published_rows(kinds_with("view", by=desk.by), at=desk.at)
    texts = Texts.read([row.key for row in rows], desk=desk)
    about = {"place": 130, "code": "published", "title": _("Published last"), "asks": False}
    return desk.section(texts.there(rows), texts.published_line, **about)


def _opened_links(desk: Desk) -> list[PreviewLink]:
    """The links that this person made, that are alive and were opened, the last opened first."""
    alive = PreviewLink.objects.filter(made_by=desk.by).alive(at=desk.at)
    return list(alive.with_openings().filter(opened__gt=0).order_by("-last_opened")[:MOST_COUNTED])


@dataclass
class Texts:
    """Records and working copies by their keys, with the last remark about each."""

    desk: Desk
    found: dict[Key, Approvable] = field(default_factory=dict)
    gone: set[Key] = field(default_factory=set)
    last: dict[Key, HistoryEvent] = field(default_factory=dict)

    @classmethod
    def read(cls, keys: Iterable[Key], *, desk: Desk) -> "Texts":
        """Read what some keys name: a query for each kind, and one for the remarks."""
        texts, copy_kind = cls(desk), ContentType.objects.get_for_model(WorkingCopy)
        wanted = set(keys)
        copies = _by_kind(key for key in wanted if key[0] == copy_kind.pk)
        texts._read(copies)
        of_copies = {(copy.content_type_id, copy.object_id) for copy in texts.found.values()}
        texts._read(_by_kind(key for key in wanted | of_copies if key[0] != copy_kind.pk))
        for copy in [texts.found[kind, pk] for kind, pks in copies.items() for pk in pks if (kind, pk) in texts.found]:
            copy.record = texts.found.get((copy.content_type_id, copy.object_id))
        texts.gone = {key for key in wanted if not getattr(texts.found.get(key), "record", texts.found.get(key))}
        steps = steps_taken(wanted, SUBMIT.name, SUBMIT_AGAIN.name, SEND_BACK.name, ASK_BACK.name)
        texts.last = {(event.content_type_id, event.object_id): event for event in steps}
        return texts

    def _read(self, keys: dict[int, list[int]]) -> None:
        for kind, pks in keys.items():
            model = ContentType.objects.get_for_id(kind).model_class()
            records = model._base_manager.filter(pk__in=pks).select_related(*PEOPLE)
            records = records.defer("snapshot").select_related("begun_by") if model is WorkingCopy else records
            self.found |= {(kind, record.pk): record for record in records}

    def there(self, rows: list[Row]) -> list[Row]:
        """Some rows without those whose record was deleted while they were looked for."""
        return [row for row in rows if row.key not in self.gone]

    def _line(self, row: Row, why: str, **more) -> Line:
        subject = self.found[row.key]
        is_copy = self._is_copy(row)
        record = subject.record if is_copy else subject
        kind = _("Working copy: %s") % record._meta.verbose_name if is_copy else _kind(record)
        return Line(str(record), _url(record, "copy" if is_copy else "change"), why, kind=kind, **more)

    def waiting_line(self, row: Row) -> Line:
        subject = self.found[row.key]
        if row.rank == FAILED:
            said = _("It could not be published when its moment came. Send it back, or choose another moment.")
            return self._line(row, said, remark=subject.failure, is_wrong=True)
        said = f"{state_in_words(subject, at=self.desk.at)}."
        if row.rank == URGENT:
            return self._line(row, said, remark=subject.urgent_reason)
        event = self.last.get(row.key)
        return self._line(row, said, remark=event.remark if event else "")

    def asked_back_line(self, row: Row) -> Line:
        event, when = self.last[row.key], moment_in_words(row.moment)
        said = _("%(who)s asks for it before it is public on %(when)s. Send it back, or move its moment.")
        return self._line(row, said % {"who": name_of(event.by), "when": when}, remark=event.remark)

    def sent_back_line(self, row: Row) -> Line:
        event = self.last[row.key]
        said = _("Sent back on %(when)s by %(who)s:") % {"who": name_of(event.by), "when": moment_in_words(event.at)}
        return self._line(row, said, remark=event.remark)

    def draft_line(self, row: Row) -> Line:
        said = _("Begun on %s, not submitted yet.") if self._is_copy(row) else _("Saved on %s, not submitted yet.")
        return self._line(row, said % moment_in_words(row.moment))

    def coming_line(self, row: Row) -> Line:
        words = {"when": moment_in_words(row.moment), "who": name_of(self.found[row.key].approved_by)}
        return self._line(row, _("Public from %(when)s, approved by %(who)s.") % words)

    def published_line(self, row: Row) -> Line:
        return self._line(row, _("Published on %s.") % moment_in_words(row.moment))

    def link_line(self, link: PreviewLink) -> Line:
        record = self.found[link.content_type_id, link.object_id]
        said = ngettext(
            "%(who)s opened it once, on %(when)s.", "%(who)s opened it %(times)d times, last on %(when)s.", link.opened
        )
        words = {"who": link, "times": link.opened, "when": moment_in_words(link.last_opened)}
        return Line(str(record), _url(record, "links"), said % words, kind=_kind(record))

    def is_of_use(self, link: PreviewLink) -> bool:
        """Whether a link still shows more than the public page does, to somebody whose maker may see the record."""
        record = self.found.get((link.content_type_id, link.object_id))
        may_see = record and record.has_right("view", by=self.desk.by)
        return bool(may_see and (link.copy_id or record.state(at=self.desk.at) not in READABLE))

    def _is_copy(self, row: Row) -> bool:
        return isinstance(self.found[row.key], WorkingCopy)


def _by_kind(keys: Iterable[Key]) -> dict[int, list[int]]:
    found = {}
    for kind, pk in keys:
        found.setdefault(kind, []).append(pk)
    return found


def _kind(record: models.Model) -> str:
    return capfirst(record._meta.verbose_name)


def _url(record: models.Model, page: str) -> str:
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[record.pk])
