"""The pages on which staff record what happens to an agreement, and the buttons of its form that lead to them."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from partners.models.verbs import VERBS, Verb
from partners.verb_forms import FORMS
from twinning.core.lists.way_back import keeping_list
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.writing import as_to_be

THEN = "_then"  # the button that saves a form and goes on to the page of a verb


class VerbPages:
    """Mixin of the ModelAdmin of agreements: a page for each verb."""

    change_form_template = "admin/partners/memorandum/change_form.html"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        pages = [
            path(
                f"<int:pk>/{verb.name}/",
                self.admin_site.admin_view(partial(self.verb_view, verb=verb)),
                name=f"{name}_{verb.name}",
            )
            for verb in VERBS.values()
        ]
        return [*pages, *super().get_urls()]

    def _to(self, request, page: str, record) -> HttpResponseRedirect:
        url = reverse(f"admin:partners_memorandum_{page}", args=[record.pk])
        return HttpResponseRedirect(keeping_list(request, url))

    # The buttons ------------------------------------------------------------------------------------------------------

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {"verbs": self._offered(request, obj) if obj else [], "then": THEN}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def has_happened(self, request, record) -> list[tuple[str, str]]:
        return [(verb.label, reverse(verb.page, args=[record.pk])) for verb in self._offered(request, record)]

    def _offered(self, request, record) -> list[Verb]:
        """The verbs that this person may take now."""
        visit = request.visit
        if visit.copy and visit.copy.approved_at:
            return []
        return [
            verb
            for verb in VERBS.values()
            if record.has_right(verb.right, by=request.user)
            and not record.why_no(verb.name, by=request.user, at=visit.at)
        ]

    def end_visit(self, request, response):
        response = super().end_visit(request, response)
        if request.visit.saved_form and request.POST.get(THEN) in VERBS:
            return self._to(request, request.POST[THEN], request.visit.record)
        return response

    # The page ---------------------------------------------------------------------------------------------------------

    def verb_view(self, request, pk: int, verb: Verb):
        """The page of a verb: asks what it needs, and takes it."""
        record = self.get_object(request, str(pk))
        if record is None:
            raise Http404
        if not record.has_right(verb.right, by=request.user):
            raise PermissionDenied
        try:
            return self._verb_page(request, record, verb)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return self._to(request, "change", record)

    def _verb_page(self, request, record, verb: Verb):
        by, at, refused = request.user, request.visit.at, None
        with as_to_be(record) as agreement:
            form = FORMS[verb.name](agreement, *([request.POST] if request.method == "POST" else []))
            is_valid = form.is_valid()
        if is_valid:
            try:
                made = getattr(record, verb.name)(by=by, at=at, **form.facts())
                return self._done(request, record, verb, made)
            except ValidationError as error:
                refused = error
        with as_to_be(record) as agreement:
            if refused:
                form.refuse(refused)
            title, why_not = verb.label, agreement.why_no(verb.name, by=by, at=at)
            context = self.admin_site.each_context(request) | {
                "opts": self.opts, "original": record, "title": title, "verb": verb, "form": form, "why_not": why_not,
                "is_public": record.state(at=at) not in ("draft", "in-review"),
            }  # fmt: skip
            return TemplateResponse(request, "admin/partners/memorandum/verb.html", context).render()

    def _done(self, request, record, verb: Verb, made):
        """Say what was done, and lead to where it goes on: the new agreement, the working copy or the form."""
        if made:
            self.message_user(request, format_html("{}: “{}”.", verb.done, made), messages.SUCCESS)
            return self._to(request, "change", made)
        copy = WorkingCopy.objects.of(record).first()
        said = _("It stands in the working copy. Submit that, so that somebody else approves it.") if copy else ""
        self.message_user(request, format_html("“{}”: {}. {}", record, verb.done, said), messages.SUCCESS)
        with as_to_be(record) as agreement:
            for doubt in agreement.doubts():
                self.message_user(request, doubt, messages.WARNING)
        return self._to(request, "copy" if copy else "change", record)
