"""Open data: the page that explains it, the data package, and the files."""

from django.conf import settings
from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news.opendata import RELEASES
from news.paging import Cursor
from partners.opendata import AGREEMENTS, CITIES, THEMES
from twinning.core.opendata.answers import FOR_ALL, data_response
from twinning.core.opendata.datasets import Dataset
from twinning.core.opendata.formats import TYPES, pieces
from twinning.core.sharing.linked_data import absolute
from twinning.core.web.http import query_string, text_parameter

DATASETS = {dataset.name: dataset for dataset in (CITIES, AGREEMENTS, THEMES, RELEASES)}


@require_safe
def about(request):
    """The page about the open data: files, licence, fields and rhythm. It says nothing of any record."""
    context = {"datasets": DATASETS.values(), "licence": settings.DATA_LICENCE, "page_size": RELEASES.page_size}
    return render(request, "twinning/opendata.html", context)


@require_safe
def package(request):
    """The data package (Frictionless): a description of all files for programs."""
    licence = settings.DATA_LICENCE
    described = {
        "profile": "data-package",
        "name": "twinning",
        "title": str(settings.SITE_NAME),
        "description": _("The partnerships of %(council)s.") % {"council": settings.COUNCIL_NAME},
        "homepage": absolute(reverse("data")),
        "contributors": [{"title": settings.COUNCIL_NAME, "role": "publisher", "path": absolute("/")}],
        "resources": [_resource(dataset, ending) for dataset in DATASETS.values() for ending in dataset.endings],
    }
    if licence:
        described["licenses"] = [{"name": licence.code, "title": licence.title, "path": licence.url}]
    return JsonResponse(described, headers=FOR_ALL, json_dumps_params={"ensure_ascii": False, "indent": 2})


def _resource(dataset: Dataset, ending: str) -> dict:
    fields = [{"name": c.name, "type": c.type, "description": str(c.about)} for c in dataset.columns]
    resource = {
        "name": f"{dataset.name}-{ending}",
        "title": str(dataset.title),
        "description": str(dataset.about),
        "path": absolute(reverse("dataset", args=[dataset.name, ending])),
        "format": ending,
        "mediatype": TYPES[ending].partition(";")[0],
        "encoding": "utf-8",
    }
    if ending != "csv":
        return resource | {"fields": fields}
    fields = [field | ({"type": "string"} if field["type"] == "array" else {}) for field in fields]
    return resource | {"profile": "tabular-data-resource", "schema": {"fields": fields, "primaryKey": "id"}}


@require_safe
def dataset(request, name: str, ending: str):
    """A file of open data: a set in a format; one that has pages from behind the position “after” on."""
    found = DATASETS.get(name)
    if not found or ending not in found.endings:
        raise Http404
    at, address, asked = request.visit.at, absolute(request.path), text_parameter(request, "after")
    links = {"license": getattr(settings.DATA_LICENCE, "url", ""), "describedby": absolute(reverse("datapackage"))}
    if not found.page_size:
        records = found.records(at=at)
    elif asked and not (after := Cursor.parse(asked)):
        return HttpResponseBadRequest(_("“after” is the “position” of a release."), content_type="text/plain")
    else:
        records = found.records(at=at, after=after if asked else None)
        links["next"] = _next(found, records, address)
    return data_response(
        request, pieces(found, records, ending), name=f"{name}.{ending}", content_type=TYPES[ending], links=links
    )


def _next(dataset: Dataset, records: list, address: str) -> str:
    """The address of the page behind these records, if this one is full."""
    is_full = len(records) == dataset.page_size
    return address + query_string(after=dataset.position(records[-1])) if is_full else ""
