"""The pages of the back office that compare the cities with Wikidata. Nothing is written, here or there."""

import json
from functools import partial
from urllib.parse import quote, urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.wikidata.comparing import Comparison, Unknown, compare
from partners.wikidata.quickstatements import commands
from partners.wikidata.statements import QUERY, Statement, read
from twinning.core.files import scanner
from twinning.core.files.private import check_size
from twinning.core.files.uploads import once_per_upload
from twinning.core.spreadsheets.sheets import NotReadable

QUERY_SERVICE = "https://query.wikidata.org/#"
KNOWN = "known"  # what the file said of our city, for the page that sends the commands


class FileForm(forms.Form):
    """Form: what Wikidata knows, as a file. The statements in it are in ``statements`` afterwards."""

    file = forms.FileField(
        label=gettext_lazy("What Wikidata knows"),
        help_text=gettext_lazy(
            "The result of the query, as JSON or CSV, or the item of your city as JSON. It is read and not kept."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)

    def clean_file(self):
        upload = self.cleaned_data["file"]
        check_size(upload)
        once_per_upload(scanner.check, upload)
        upload.seek(0)
        self.statements = read(upload.read())
        return upload


class WikidataPages:
    """Mixin of the ModelAdmin of cities: the comparison with Wikidata, for those who may see the cities."""

    def get_urls(self):
        views = {"wikidata": ("wikidata/", self.wikidata_view), "wikidata_file": ("wikidata/file/", self.wikidata_file)}
        pages = [
            path(
                route, self.admin_site.admin_view(partial(self._only_viewers, view)), name=f"partners_city_{name}"
            )
            for name, (route, view) in views.items()
        ]  # fmt: skip
        return [*pages, *super().get_urls()]

    def _only_viewers(self, view, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return view(request)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, {"wikidata_url": reverse("admin:partners_city_wikidata")} | (extra_context or {})
        )

    def wikidata_view(self, request):
        """The page with the query and the form for its result, or with what differs."""
        form = FileForm(*([request.POST, request.FILES] if request.method == "POST" else []))
        home, query = settings.HOME_WIKIDATA, QUERY % {"home": settings.HOME_WIKIDATA}
        around = self.admin_site.each_context(request) | {"opts": self.opts, "title": _("Compare with Wikidata")}
        context = around | {"home": home, "form": form, "query": query, "query_url": f"{QUERY_SERVICE}{quote(query)}"}
        if form.is_valid() and home:
            return TemplateResponse(
                request, "partners/wikidata/result.html", context | self._result(request, form.statements)
            )
        return TemplateResponse(request, "partners/wikidata/start.html", context)

    def _result(self, request, statements: list[Statement]) -> dict:
        home = settings.HOME_WIKIDATA
        ours = [statement for statement in statements if home in (statement.item, statement.other)]
        found = compare(ours, home=home, at=request.visit.at)
        may_add = self.has_add_permission(request)
        return {
            "found": found,
            "unknown": [(one, _address_to_add(one) if may_add and not one.ours else "") for one in found.unknown],
            "known": json.dumps([statement.row for statement in ours], ensure_ascii=False),
            "number": len(ours),
            "file_url": reverse("admin:partners_city_wikidata_file"),
        }

    def wikidata_file(self, request):
        """The commands for QuickStatements as a file."""
        if request.method != "POST" or not settings.HOME_WIKIDATA:
            return HttpResponseNotAllowed(["POST"])
        try:
            statements = read(given.encode()) if (given := request.POST.get(KNOWN, "")).strip("[] ") else []
        except NotReadable:
            return HttpResponseBadRequest()  # no page of ours sends that
        found: Comparison = compare(statements, home=settings.HOME_WIKIDATA, at=request.visit.at)
        return HttpResponse(
            commands(found.lines),
            content_type="text/plain; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="quickstatements.txt"'},
        )


def _address_to_add(one: Unknown) -> str:
    """The address of the form for a new city, with what Wikidata knows of it."""
    known = {"name": one.name, "wikidata_id": one.item, "since": one.start and str(one.start)}
    given = urlencode({name: value for name, value in known.items() if value})
    return f"{reverse('admin:partners_city_add')}?{given}"
