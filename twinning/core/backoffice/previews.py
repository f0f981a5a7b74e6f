"""Previews in the back office: the preview of a record, its preview links, and the public check."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from twinning.core.addresses import page_view
from twinning.core.fields.moments import MomentField, moment_in_words, with_zone
from twinning.core.lists.way_back import keeping_list
from twinning.core.previews import framed, public_check
from twinning.core.previews.pages import Preview, render_page, restriction, send_file
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.links import (
    PreviewLink,
    holders_to_call,
    latest_openings,
    reason_not_linkable,
)
from twinning.core.publishing.personal import DEFAULT_LIFETIME, LONGEST_LIFETIME
from twinning.core.publishing.workflow import State

MOST_OPENINGS_SHOWN = 20
HIDDEN = (State.DRAFT, State.IN_REVIEW, State.SCHEDULED, State.TAKEN_DOWN)


class PreviewLinkForm(forms.ModelForm):
    """The form that makes a preview link: the holder, and when it expires."""

    expires_at = MomentField(
        label=with_zone(gettext_lazy("Expires")),
        help_text=gettext_lazy("At most %(days)d days from now.") % {"days": LONGEST_LIFETIME.days},
    )

    class Meta:
        model = PreviewLink
        fields = ("recipient", "outlet", "email", "expires_at")
        widgets = {name: forms.TextInput(attrs={"class": "vTextField"}) for name in ("recipient", "outlet")} | {
            "email": forms.EmailInput(attrs={"class": "vTextField"})
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outlet"].required = False  # many journalists work for themselves

    def clean(self):
        # Mails and banners show both on one line.
        return super().clean() | {
            name: " ".join(self.cleaned_data[name].split())
            for name in ("recipient", "outlet")
            if name in self.cleaned_data
        }


class Previews:
    """ModelAdmin with pages for the preview, the preview links and the public check of a record."""

    class Media:
        css = {"all": ["core/admin-previews.css"]}

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        pages = [
            ("page/", self.framed_view, "framed"),
            ("copy/page/", self.framed_copy_view, "framed_copy"),
            ("preview/", self.preview_view, "preview"),
            ("preview/files/<slug:token>/<str:filename>", self.preview_file_view, "preview_file"),
            ("preview/<str:name>", self.preview_below_view, "preview_below"),
            ("links/", self.links_view, "links"),
            ("public/", self.public_view, "public"),
        ]
        return [
            *(
                path(f"<int:pk>/{route}", self.admin_site.admin_view(view), name=f"{name}_{page}")
                for route, view, page in pages
            ),
            *super().get_urls(),
        ]

    def _address(self, page: str, *args) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    def _record_and_copy(self, request, pk: int):
        """The record and its working copy, if the user may see the form."""
        record = self.get_object(request, str(pk))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return record, WorkingCopy.objects.of(record).first()

    def _render(self, request, template: str, record, title: str, **context) -> TemplateResponse:
        context |= self.admin_site.each_context(request) | {"opts": self.opts, "original": record, "title": title}
        return TemplateResponse(request, f"core/backoffice/{template}.html", context)

    @method_decorator(require_safe)
    def preview_view(self, request, pk: int):
        """The preview of the page, with the content of the working copy if there is one."""
        return self._preview(request, pk)

    @method_decorator(require_safe)
    def preview_below_view(self, request, pk: int, name: str):
        """The preview of a page below the record's own, such as the press pack."""
        return self._preview(request, pk, name)

    def _preview(self, request, pk: int, name: str = ""):
        (record, copy), at = self._record_and_copy(request, pk), request.visit.at
        if not copy and record.state(at=at) not in HIDDEN:
            page_view(self.model, name)
            return HttpResponseRedirect(record.get_absolute_url() + name)
        try:
            return render_page(request, record, copy, self._for_colleagues(record, copy, at=at), at=at, name=name)
        except ValidationError as error:
            reason = " ".join(error.messages)
            self.message_user(request, _("The working copy cannot be shown: %s") % reason, messages.ERROR)
            return HttpResponseRedirect(keeping_list(request, self._address("change", pk)))

    def _for_colleagues(self, record, copy, *, at) -> Preview:
        return Preview(
            restriction(record, copy, at=at),
            lambda file: self._address("preview_file", record.pk, file.token, file.name),
            lambda name: self._address("preview_below", record.pk, name),
        )

    @method_decorator(require_safe)
    def framed_view(self, request, pk: int):
        """The page of a record inside the page on which colleagues read it: the public one, or the preview."""
        record, _copy = self._record_and_copy(request, pk)
        return framed.page(request, record, None, lambda: self._for_colleagues(record, None, at=request.visit.at))

    @method_decorator(require_safe)
    def framed_copy_view(self, request, pk: int):
        """The page as it would be with the working copy, inside the page on which colleagues read that."""
        record, copy = self._record_and_copy(request, pk)
        if not copy:
            raise Http404
        return framed.page(request, record, copy, lambda: self._for_colleagues(record, copy, at=request.visit.at))

    @method_decorator(require_safe)
    def preview_file_view(self, request, pk: int, token: str, filename: str):
        """A file of the preview."""
        return send_file(*self._record_and_copy(request, pk), token, filename, at=request.visit.at)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def links_view(self, request, pk: int):
        """The links to a record with their openings, and the form that makes a link."""
        (record, copy), at = self._record_and_copy(request, pk), request.visit.at
        if request.method != "POST":
            proposed = {"expires_at": (at + DEFAULT_LIFETIME).replace(second=0, microsecond=0)}
            return self._links(request, record, copy, PreviewLinkForm(initial=proposed, label_suffix=""), at=at)
        if not record.has_right("change", by=request.user):
            raise PermissionDenied
        if "_revoke" in request.POST:
            return self._revoke(request, record, at=at)
        return self._make(request, record, copy, at=at)

    def _make(self, request, record, copy, *, at):
        """Make a link, and show its address: in this answer only."""
        form = PreviewLinkForm(request.POST, label_suffix="", instance=PreviewLink(record=record, copy=copy))
        try:
            if form.is_valid():
                token = form.instance.issue(by=request.user, at=at)
                address = settings.SITE_URL + reverse("core:preview", args=[token])
                title = _("Preview link for %s") % form.instance
                links_url = keeping_list(request, self._address("links", record.pk))
                return self._render(
                    request, "preview_link", record, title, link=form.instance, address=address, links_url=links_url
                )
        except ValidationError as error:
            form.add_error(None, error)
        return self._links(request, record, copy, form, at=at)

    def _revoke(self, request, record, *, at):
        key = request.POST["_revoke"]
        links = PreviewLink.objects.of(record).alive(at=at)
        link = links.filter(pk=key).first() if key.isdecimal() else None
        if link:
            link.revoke(by=request.user, at=at)
            self.message_user(request, _("The link of %s is dead.") % link, messages.SUCCESS)
        else:
            self.message_user(request, _("That link was dead already."), messages.WARNING)
        return HttpResponseRedirect(keeping_list(request, self._address("links", record.pk)))

    def _links(self, request, record, copy, form, *, at):
        links = PreviewLink.objects.of(record).select_related("made_by", "revoked_by").with_openings()
        latest = latest_openings(record, most=MOST_OPENINGS_SHOWN)
        may_make = record.has_right("change", by=request.user)
        return self._render(
            request, "preview_links", record, _("Preview links"),
            links=[(link, link.is_alive(at=at), latest[link.pk]) for link in links], form=form, may_make=may_make,
            reason_not_linkable=reason_not_linkable(record, copy=copy, at=at), to_call=holders_to_call(record, at=at),
            most=MOST_OPENINGS_SHOWN,
        )  # fmt: skip

    @method_decorator(require_safe)
    def public_view(self, request, pk: int):
        """The public check of a hidden record, done while the user waits."""
        (record, _copy), at = self._record_and_copy(request, pk), request.visit.at
        is_hidden = record.state(at=at) in HIDDEN
        answers = public_check.look_for(record, at=at) if is_hidden else []
        return self._render(
            request, "public_check", record, _("What the public sees"),
            is_hidden=is_hidden, answers=answers, worst=answers and answers[0].trace.value, when=moment_in_words(at),
        )  # fmt: skip

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context["previews"] = self.previews_of(obj, at=request.visit.at)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def previews_of(self, record, *, at) -> dict | None:
        """Context for the box “Before publication”; None for a public record without links."""
        is_hidden, copy = record.state(at=at) in HIDDEN, WorkingCopy.objects.of(record).exists()
        links = PreviewLink.objects.of(record)
        if not (is_hidden or copy or links.exists()):
            return None
        alive = links.alive(at=at).with_openings()
        return {
            "page": self._address("preview", record.pk) if is_hidden or copy else "",
            "links": self._address("links", record.pk),
            "public": self._address("public", record.pk) if is_hidden else "",
            "alive": alive,
            "to_call": holders_to_call(record, at=at),
        }
