"""Quotes in the back office: their part of the form, and the pages on which an office is asked and its answer noted."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.models import Quote, QuoteLink
from news.quotes import mails
from news.quotes.approvals import approvals_of, note_answer, reason_not_askable, said_of
from news.quotes.forms import AskForm, NoteForm
from twinning.core.backoffice.base import PartInline
from twinning.core.publishing.personal import DEFAULT_LIFETIME
from twinning.core.publishing.writing import as_to_be


class QuoteInline(PartInline):
    after = "body"
    words_to_add = gettext_lazy("Add a quote")
    model = Quote
    fields = (
        "speaker", "office", ("side", "is_elected"), "text", ("language", "position"), "original", "original_language", "approval",
    )  # fmt: skip
    readonly_fields = ("approval",)

    def get_formset(self, request, obj=None, **kwargs):
        self.release = obj
        return super().get_formset(request, obj, **kwargs)

    @cached_property
    def told(self):
        """What was said about the quotes; asked for when the form is shown, not when it is sent."""
        return approvals_of(self.release)

    @admin.display(description=gettext_lazy("approval"))
    def approval(self, quote):
        """What is known, with the way to the page on which the office is asked."""
        if not quote.pk:
            return _("Save the release first; then ask the speaker’s office.")
        url = reverse("admin:news_pressrelease_quotes", args=[quote.release_id])
        return format_html('{}. <a href="{}">{}</a>', said_of(quote, self.told).label, url, _("Ask, or note an answer"))


class QuotePages:
    """Mixin of the ModelAdmin of releases: a page with all quotes and what is known of them, and a page for each."""

    def get_urls(self):
        pages = [("quotes/", self.quotes_view, "quotes"), ("quotes/<slug:digest>/", self.quote_view, "quote")]
        return [
            *(
                path(f"<int:pk>/{route}", self.admin_site.admin_view(view), name=f"news_pressrelease_{name}")
                for route, view, name in pages
            ),
            *super().get_urls(),
        ]

    def has_happened(self, request, record) -> list[tuple[str, str]]:
        own = super().has_happened(request, record)
        return [*own, (_("Approval of quotes"), reverse("admin:news_pressrelease_quotes", args=[record.pk]))]

    def _release_of(self, request, pk: int):
        release = self.get_object(request, str(pk))
        if release is None:
            raise Http404
        if not self.has_view_or_change_permission(request, release):
            raise PermissionDenied
        return release

    def quotes_view(self, request, pk: int):
        """The quotes of a release as it is to be, and what is known of the approval of each."""
        release = self._release_of(request, pk)
        with as_to_be(release) as to_be:
            quotes = list(to_be.quotes.select_related("release"))
        told = approvals_of(release)
        rows = [(quote, said_of(quote, told), told.get(quote.digest)) for quote in quotes]
        return self._page_of_quotes(request, release, "quotes", _("Approval of quotes"), rows=rows)

    def quote_view(self, request, pk: int, digest: str):
        """One quote: the forms by which its office is asked or its answer noted, and what was said so far."""
        release = self._release_of(request, pk)
        with as_to_be(release) as to_be:
            found = [quote for quote in to_be.quotes.select_related("release") if quote.digest == digest]
        if not found:
            self.message_user(request, _("This quote has been changed meanwhile. Here it is now."), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:news_pressrelease_quotes", args=[pk]))
        if request.method == "POST" and not release.has_right("change", by=request.user):
            raise PermissionDenied
        return self._ask_or_note(request, release, found[0])

    def _ask_or_note(self, request, release, quote):
        at, sent = request.visit.at, request.POST or None
        proposed = {"expires_at": (at + DEFAULT_LIFETIME).replace(second=0, microsecond=0)}
        ask = AskForm(
            sent if "_ask" in request.POST else None,
            label_suffix="",
            instance=QuoteLink(release=release),
            initial=proposed,
        )
        note = NoteForm(sent if "_note" in request.POST else None, label_suffix="")
        try:
            if ask.is_valid():
                return self._ask(request, release, quote, ask.instance)
            if note.is_valid():
                note_answer(quote, release=release, by=request.user, at=at, **note.cleaned_data)
                self.message_user(request, _("Noted."), messages.SUCCESS)
                return HttpResponseRedirect(request.path)
        except ValidationError as error:
            (ask if ask.is_bound else note).add_error(None, error)
        told = release.quote_approvals.filter(digest=quote.digest).select_related("noted_by", "link")
        may_ask = release.has_right("change", by=request.user)
        return self._page_of_quotes(
            request, release, "quote", str(quote), quote=quote, said=said_of(quote, approvals_of(release)), told=told,
            forms=[(ask, "_ask", _("Ask by a link"), _("Ask the office"))] * may_ask
            + [(note, "_note", _("Note what was said"), _("Note it"))] * may_ask,
            reason_not_askable=reason_not_askable(release, at=at),
        )  # fmt: skip

    def _ask(self, request, release, quote, link):
        """Make the link and mail it; its address is shown in this answer only."""
        token = link.issue(quote, by=request.user, at=request.visit.at)
        address = settings.SITE_URL + reverse("news:quote", args=[token])
        is_sent = bool(link.email) and mails.send(link, address)
        title = _("Link for %s") % link
        return self._page_of_quotes(request, release, "asked", title, link=link, address=address, is_sent=is_sent)

    def _page_of_quotes(self, request, release, name: str, title: str, **context):
        context |= self.admin_site.each_context(request) | {"opts": self.opts, "original": release, "title": title}
        return TemplateResponse(request, f"admin/news/pressrelease/{name}.html", context)
