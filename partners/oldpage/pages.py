"""The page of the back office on which an old page is pasted; what is taken over goes on as an import, with its preview."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from partners.models import City, Memorandum
from partners.oldpage.finding import Findings, find
from partners.oldpage.forms import PageForm, Proposals
from partners.oldpage.passages import passages
from twinning.core.imports.uploads import ImportUpload, importer_of
from twinning.core.imports.writing import check_rights, may_import
from twinning.core.spreadsheets.sheets import Sheet

TAKE = "_take"


class OldPage:
    """Mixin of the ModelAdmin of cities: proposals from a pasted page, for those who may import cities."""

    def get_urls(self):
        view = self.admin_site.admin_view(partial(self._only_who_import, self.paste_view))
        return [path("paste/", view, name="partners_city_paste"), *super().get_urls()]

    def _only_who_import(self, view, request):
        check_rights(City, by=request.user)
        return view(request)

    def changelist_view(self, request, extra_context=None):
        url = reverse("admin:partners_city_paste") if may_import(City, by=request.user) else ""
        return super().changelist_view(request, {"paste_url": url} | (extra_context or {}))

    def paste_view(self, request):
        """The form for the text, its proposals, and where they go on."""
        form = PageForm(request.POST if request.method == "POST" else None)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Paste the old page"),
            "form": form,
        }
        if not form.is_valid():
            return TemplateResponse(request, "partners/oldpage/start.html", context)
        findings, takes = find(passages(form.cleaned_data["text"])), TAKE in request.POST
        proposals = Proposals(findings, request.POST if takes else None)
        if takes and proposals.are_valid() and (answer := self._take_over(request, proposals)):
            return answer
        more = {
            "proposals": proposals,
            "contacts": _contacts(request, findings),
            "takes_nothing": takes and proposals.are_valid(),
        }
        return TemplateResponse(request, "partners/oldpage/proposals.html", context | more)

    def _take_over(self, request, proposals: Proposals) -> HttpResponseRedirect | None:
        """Keep what was taken as imports that wait, and go on to the first; None if nothing was."""
        kept = [_keep(request, City, rows)] if (rows := proposals.city_rows()) else []
        if (rows := proposals.agreement_rows()) and may_import(Memorandum, by=request.user):
            kept.append(_keep(request, Memorandum, rows))
        if len(kept) > 1:
            said = _("The agreements wait until the cities are written: {} goes on with them.")
            link = format_html('<a href="{}">{}</a>', _address(kept[1]), _("Import agreements"))
            messages.info(request, format_html(said, link))
        return HttpResponseRedirect(_address(kept[0])) if kept else None


def _keep(request, model, rows: list[dict[str, str]]) -> ImportUpload:
    """Keep rows as an import of a kind of record; its columns are called as that calls them."""
    labels = {target.field: str(target.label) for target in importer_of(model).targets}
    lines = [(number, [row[name] for name in rows[0]]) for number, row in enumerate(rows, 2)]
    sheet = Sheet([labels[name] for name in rows[0]], lines)
    return ImportUpload.objects.keep(model, sheet, file_name=_("Old page"), by=request.user, at=request.visit.at)


def _address(upload: ImportUpload) -> str:
    return reverse(f"admin:partners_{upload.model._meta.model_name}_import_upload", args=[upload.pk])


def _contacts(request, findings: Findings) -> list[tuple[str, str, str]]:
    """Each mail address and number with its sentence, and the form of a new press contact that has it, if they may add one."""
    may_add = request.user.has_perm("news.add_presscontact")
    found = [("email", one) for one in findings.mails] + [("phone", one) for one in findings.phones]
    address = reverse("admin:news_presscontact_add") if may_add else ""
    return [
        (one.value, one.sentence, f"{address}?{urlencode({name: one.value})}" if may_add else "") for name, one in found
    ]
