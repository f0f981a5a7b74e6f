"""The pages of an import in the back office: the file, its columns, the preview of every row, and the batch that was written."""

from collections import Counter
from functools import partial

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twinning.core.imports.batches import ImportBatch, Job
from twinning.core.imports.columns import legend_of, rows_of
from twinning.core.imports.forms import ColumnsForm, UploadForm
from twinning.core.imports.importing import Importer
from twinning.core.imports.jobs import begin, begin_writing, carry_out
from twinning.core.imports.plans import Outcome
from twinning.core.imports.uploads import KEPT_FOR, ImportUpload, is_double, make_preview
from twinning.core.imports.writing import check_rights, may_import
from twinning.core.publishing.copies import copies_of
from twinning.core.spreadsheets.making import csv_of, workbook_of
from twinning.core.web.http import text_parameter
from twinning.core.web.paging import numbered_page
from twinning.core.web.tasks import OwedTask

ROWS, BATCHES = 50, 20  # on a page
SECONDS_BETWEEN_LOOKS = 2
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JOBS = {"_cancel": Job.CANCEL, "_submit": Job.SUBMIT, "_undo": Job.UNDO}


class ImportPages:
    """Mixin of a ModelAdmin: imports records of its kind, for those who may add and change them."""

    importer: type[Importer]

    def get_urls(self):
        views = {
            "import": ("import/", self.import_view),
            "import_csv": ("import/template.csv", self.template_view),
            "import_xlsx": ("import/template.xlsx", self.workbook_view),
            "import_upload": ("import/<int:pk>/", self.upload_view),
            "import_batch": ("imports/<int:pk>/", self.batch_view),
        }
        pages = [
            # Behind “partial” a view is no longer one of a record: what is refused here is noted without any.
            path(route, self.admin_site.admin_view(partial(self._only_importers, view)), name=self._import_name(name))
            for name, (route, view) in views.items()
        ]
        return [*pages, *super().get_urls()]

    def _only_importers(self, view, request, **kwargs):
        check_rights(self.model, by=request.user)
        return view(request, **kwargs)

    def _import_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _to_import(self, page: str, *args) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse(f"admin:{self._import_name(page)}", args=args))

    def _import_page(self, request, template: str, title: str, **context):
        around = self.admin_site.each_context(request) | {"opts": self.opts, "title": title, "importer": self.importer}
        return TemplateResponse(
            request, f"core/imports/{template}.html", around | {"is_first": template == "start"} | context
        )

    def changelist_view(self, request, extra_context=None):
        may = may_import(self.model, by=request.user)
        address = reverse(f"admin:{self._import_name('import')}") if may else ""
        return super().changelist_view(request, {"import_url": address} | (extra_context or {}))

    # The file ---------------------------------------------------------------------------------------------------------

    def import_view(self, request):
        """The page with the template, the form for a file, what waits, and what was imported."""
        form = UploadForm(*([request.POST, request.FILES] if request.method == "POST" else []))
        if form.is_valid():
            kept = {"file_name": form.cleaned_data["file"].name, "by": request.user, "at": request.visit.at}
            return self._to_import("import_upload", ImportUpload.objects.keep(self.model, form.sheet, **kept).pk)
        return self._import_page(
            request, "start", _("Import %(kinds)s") % {"kinds": self.opts.verbose_name_plural}, form=form,
            legend=legend_of(self.model, self.importer.targets, self.importer.needed),
            uploads=ImportUpload.objects.of(self.model, by=request.user).filter(batch=None), days=KEPT_FOR.days,
            batches=ImportBatch.objects.of(self.model).select_related("by").order_by("-pk")[:BATCHES],
        )  # fmt: skip

    def template_view(self, request):
        return self._import_file(
            csv_of(rows_of(self.importer.targets)).encode("utf-8-sig"), "text/csv; charset=utf-8", "csv"
        )

    def workbook_view(self, request):
        targets, needed = self.importer.targets, self.importer.needed
        sheets = {
            str(self.opts.verbose_name_plural): rows_of(targets),
            _("Legend"): legend_of(self.model, targets, needed),
        }
        return self._import_file(workbook_of(sheets), WORKBOOK, "xlsx")

    def _import_file(self, data: bytes, kind: str, ending: str):
        disposition = f'attachment; filename="{self.opts.model_name}-template.{ending}"'
        return HttpResponse(data, content_type=kind, headers={"Content-Disposition": disposition})

    # The preview ------------------------------------------------------------------------------------------------------

    def upload_view(self, request, pk: int):
        """What comes next with a file: its columns, how far the preview is, or the preview."""
        upload = ImportUpload.objects.of(self.model, by=request.user).defer(None).filter(pk=pk).first()
        if not upload:
            raise Http404
        if upload.batch_id:
            return self._to_import("import_batch", upload.batch_id)
        if request.method == "POST":
            return self._decide_on_upload(request, upload)
        if not upload.asked_at or upload.problem or "columns" in request.GET:
            return self._columns_page(request, upload, ColumnsForm(upload, self.importer))
        return self._preview_page(request, upload) if upload.rows is not None else self._waiting_page(request, upload)

    def _decide_on_upload(self, request, upload: ImportUpload):
        if "_discard" in request.POST:
            upload.delete()
            self.message_user(request, _("Thrown away. Nothing was written."), messages.SUCCESS)
            return self._to_import("import")
        if "_write" in request.POST and upload.confirmed():
            with_doubles = "doubles" in request.POST
            return self._to_import(
                "import_batch",
                begin_writing(upload, with_doubles=with_doubles, by=request.user, at=request.visit.at).pk,
            )
        form = ColumnsForm(upload, self.importer, request.POST)
        if not form.is_valid():
            return self._columns_page(request, upload, form)
        upload.look(form.columns, at=request.visit.at)
        return self._to_import("import_upload", upload.pk)

    def _columns_page(self, request, upload: ImportUpload, form: ColumnsForm):
        return self._import_page(request, "columns", _("Which column is what"), upload=upload, form=form)

    def _waiting_page(self, request, upload: ImportUpload):
        said = _("%(done)d of %(total)d rows looked at") % {"done": upload.done, "total": upload.total}
        return self._import_progress(request, make_preview, upload, title=_("The rows are looked at"), said=said)

    def _import_progress(self, request, task, thing, **context):
        """A page that says how far something is, and looks again by itself."""
        owed = OwedTask.objects.of(task).filter(arguments=[thing.pk]).first()
        failure = owed.failure if owed else ""
        response = self._import_page(request, "progress", thing=thing, failure=failure, **context)
        response.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
        return response

    def _preview_page(self, request, upload: ImportUpload):
        counts = Counter(row["outcome"] for row in upload.rows)
        shown = text_parameter(request, "show")
        rows = [row for row in upload.rows if shown in ("", row["outcome"]) or (shown == "doubles" and is_double(row))]
        page, labels = (
            numbered_page(request, rows, size=ROWS, **({"show": shown} if shown else {})),
            dict(Outcome.choices),
        )
        doubles = sum(1 for row in upload.rows if is_double(row))
        kinds = [("", _("All"), len(upload.rows))]
        kinds += [(outcome.value, outcome.label, counts[outcome]) for outcome in Outcome if counts[outcome]]
        kinds += [("doubles", _("probably here already"), doubles)] if doubles else []
        return self._import_page(
            request, "preview", _("What would be written"), upload=upload, kinds=kinds, shown=shown, doubles=doubles,
            page=page, rows=[row | {"label": labels[row["outcome"]]} for row in page.records], number=len(upload.confirmed()),
            unknown=[name for place, name in enumerate(upload.sheet["header"]) if name and str(place) not in upload.columns],
        )  # fmt: skip

    # The batch --------------------------------------------------------------------------------------------------------

    def batch_view(self, request, pk: int):
        """How far a batch is, or what came of it."""
        batch = ImportBatch.objects.of(self.model).select_related("by", "job_by").filter(pk=pk).first()
        if not batch:
            return self._batch_gone(request)
        if request.method == "POST":
            return self._begin_job(request, batch)
        if batch.job:
            said = _("%(done)d of %(total)d done") % {"done": batch.done, "total": batch.total}
            title = f"{batch}: {batch.get_job_display()}"
            may_cancel = batch.job == Job.WRITE
            return self._import_progress(request, carry_out, batch, title=title, said=said, may_cancel=may_cancel)
        return self._batch_page(request, batch)

    def _batch_gone(self, request):
        """A batch that was cancelled is gone, with all that it wrote."""
        if request.method != "GET" or "cancelled" not in request.GET:
            raise Http404
        self.message_user(request, _("Cancelled. Nothing of it is left."), messages.SUCCESS)
        return self._to_import("import")

    def _begin_job(self, request, batch: ImportBatch):
        job = next((job for button, job in JOBS.items() if button in request.POST), None)
        if not job:
            raise BadRequest
        if not begin(batch, job, by=request.user):
            self.message_user(request, _("Something else is being done with it."), messages.ERROR)
        response = self._to_import("import_batch", batch.pk)
        if job == Job.CANCEL:
            response.headers["Location"] += "?cancelled=1"
        return response

    def _batch_page(self, request, batch: ImportBatch):
        page = numbered_page(request, batch.records, size=ROWS)
        there = self.model._base_manager.in_bulk([key for key, _outcome in page.records])
        copies, labels = copies_of(there.values()), dict(Outcome.choices)
        written = [
            {
                "record": there[key],
                "outcome": labels[outcome],
                "state": _state(there[key], copies.get(key), request.visit.at),
            }
            for key, outcome in page.records
            if key in there
        ]
        number = len(batch.records)
        said = ngettext("%(number)d record was written", "%(number)d records were written", number)
        return self._import_page(
            request, "batch", str(batch), batch=batch, page=page, written=written, said=said % {"number": number},
            may_submit=self.model.has_right("submit", by=request.user),
        )  # fmt: skip


def _state(record, copy, at) -> str:
    if copy:
        return _("working copy: %(state)s") % {"state": copy.state(at=at).label.lower()}
    return record.state(at=at).label.lower()
