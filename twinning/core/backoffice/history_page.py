"""The history page of a record: its events, any two of its states compared, and going back to one of them."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from twinning.core.history.compare import differences
from twinning.core.history.describe import describe
from twinning.core.history.events import HistoryEvent, content
from twinning.core.publishing.gate import Publishable
from twinning.core.publishing.in_words import quicker
from twinning.core.publishing.restore import labelled_messages, restore, restore_into_copy
from twinning.core.publishing.workflow import Approvable

EVENTS_A_PAGE = 25
PAGE = "p"


class HistoryPage:
    """ModelAdmin with a history page of our own, for those who may see the record."""

    offers_restore = True

    def history_view(self, request, object_id, extra_context=None):
        if request.method == "POST":
            with transaction.atomic():
                return self._restore(request, unquote(object_id))
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return TemplateResponse(request, "admin/object_history.html", self._context(request, record))

    def _context(self, request, record) -> dict:
        events = HistoryEvent.objects.of(record)
        page = self.get_paginator(request, events.select_related("by"), EVENTS_A_PAGE).get_page(request.GET.get(PAGE))
        entries = describe(list(page), model=self.model, reader=request.user)
        states = [entry.event.pk for entry in entries if entry.event.snapshot is not None]
        compared = self._comparison(request, events.states().select_related("by"))
        chosen = [entry.event.pk for entry in compared.get("compared", [])] or states[1:2] + states[:1]
        newest = events.states().first()
        return {
            **self.admin_site.each_context(request),
            **compared,
            "title": _("History"),
            "subtitle": str(record),
            "original": record,
            "opts": self.opts,
            "entries": entries,
            "states": states,
            "chosen": chosen,
            "chosen_elsewhere": [entry for entry in compared.get("compared", []) if entry.event.pk not in states],
            "page": page,
            "page_range": page.paginator.get_elided_page_range(page.number),
            "page_query": {PAGE: page.number} if page.number > 1 else {},
            "comparison_query": dict(zip(("from", "to"), chosen, strict=True)) if compared.get("compared") else {},
            "may_restore": self._may_restore(request, record),
            "current": newest.pk if newest and newest.snapshot == content(record) else None,
        }

    def _comparison(self, request, states) -> dict:
        """The two states that were chosen and their differences, as context; empty if none was chosen."""
        typed = [request.GET.get(name) for name in ("from", "to")]
        if typed == [None, None]:
            return {}
        keys = [_parse_key(value) for value in typed]
        found = states.in_bulk([key for key in keys if key])
        if not all(key in found for key in keys):
            return {"is_choice_missing": True}
        before, after = (found[key] for key in keys)
        return {
            "compared": describe([before, after]),
            "differences": differences(self.model, before.snapshot, after.snapshot, reader=request.user),
        }

    def _may_restore(self, request, record) -> bool:
        if self.offers_restore and _goes_into_copy(record):
            return record.has_right("change", by=request.user)
        return self.offers_restore and self.has_change_permission(request, record)

    def _restore(self, request, key: str):
        record = self.get_object(request, key)
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, key)
        if not self._may_restore(request, record):
            is_late = self.offers_restore and isinstance(record, Approvable)
            if not (is_late and record.has_right("change", by=request.user)):
                raise PermissionDenied
            self.message_user(request, quicker(record, record, at=request.visit.at), messages.WARNING)
            return self._redirect_to(record, "history")
        event = HistoryEvent.objects.of(record).states().filter(pk=_parse_key(request.POST.get("restore"))).first()
        if not event:
            self.message_user(request, _("Choose a state to go back to."), messages.WARNING)
            return self._redirect_to(record, "history")
        into_copy = _goes_into_copy(record)
        try:
            missing = (restore_into_copy if into_copy else restore)(record, event, by=request.user, at=request.visit.at)
        except ValidationError as error:
            for line in labelled_messages(error, self.model):
                self.message_user(request, line, messages.ERROR)
            return self._redirect_to(record, "history")
        if not into_copy:
            self.log_change(request, record, _("Went back to an earlier state."))
        said = _("A working copy of “{}” holds the earlier state.") if into_copy else _("“{}” is as it was then.")
        self.message_user(request, format_html(said, record), messages.SUCCESS)
        for line in missing:
            self.message_user(request, line, messages.WARNING)
        return self._redirect_to(record, "copy" if into_copy else "change")

    def _redirect_to(self, record, page: str) -> HttpResponseRedirect:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return HttpResponseRedirect(reverse(name, args=[record.pk]))


def _parse_key(typed: str | None) -> int | None:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 19 else None


def _goes_into_copy(record: models.Model) -> bool:
    """Whether the record is approved, so that only a working copy of it can be changed."""
    return isinstance(record, Publishable) and bool(record.approved_at)
