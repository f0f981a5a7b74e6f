"""Forms of an import: the file, and which of its columns fills what."""

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.files import scanner
from twinning.core.files.private import check_size
from twinning.core.files.uploads import once_per_upload
from twinning.core.imports.importing import Importer
from twinning.core.imports.uploads import ImportUpload
from twinning.core.spreadsheets.files import read
from twinning.core.spreadsheets.sheets import LARGEST_FILE, MOST_ROWS

SHOWN, LONGEST_SHOWN = 3, 40  # what a column has, below its name


class UploadForm(forms.Form):
    """Form: the spreadsheet. What it has is in ``sheet`` afterwards."""

    file = forms.FileField(label=gettext_lazy("Spreadsheet"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["file"].help_text = _(
            "CSV, Excel (.xlsx) or OpenDocument (.ods), at most %(size)d MB and %(rows)s rows. The first row has the names of "
            "the columns. Nothing is written before you have seen what would come of each row."
        ) % {"size": LARGEST_FILE // 1_000_000, "rows": floatformat(MOST_ROWS, "0g")}

    def clean_file(self):
        upload = self.cleaned_data["file"]
        check_size(upload)
        once_per_upload(scanner.check, upload)
        upload.seek(0)
        self.sheet = read(upload, upload.size)
        return upload


class ColumnsForm(forms.Form):
    """Form: what each column of a sheet fills, or nothing."""

    def __init__(self, upload: ImportUpload, importer: type[Importer], *args):
        super().__init__(*args, label_suffix="")
        self.importer = importer
        choices = [("", _("– left out –")), *((target.field, target.label) for target in importer.targets)]
        for place, name in enumerate(upload.sheet["header"]):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=name or _("Column %(number)d, without a name") % {"number": place + 1},
                choices=choices,
                required=False,
                initial=upload.columns.get(str(place), ""),
                help_text=_values_of(upload, place),
            )

    def clean(self):
        seen, labels = {}, {target.field: target.label for target in self.importer.targets}
        for name, field in list(self.cleaned_data.items()):
            if field and field in seen:
                message = _("“%(other)s” fills “%(label)s” already. Choose one of the two.")
                params = {"other": self.fields[seen[field]].label, "label": labels[field]}
                self.add_error(name, ValidationError(message, code="twice", params=params))
            seen.setdefault(field, name)
        first = self.importer.needed[0]
        if first not in seen:
            message = _("Say which column has “%(label)s”: without it no row can be told from another.")
            raise ValidationError(message, code="no_name", params={"label": labels[first]})
        return self.cleaned_data

    @property
    def columns(self) -> dict[int, str]:
        """The field that each column fills, by its place."""
        return {int(name.removeprefix("column-")): field for name, field in self.cleaned_data.items() if field}


def _values_of(upload: ImportUpload, place: int) -> str:
    """The first values of a column."""
    cells = (cells[place] for _number, cells in upload.sheet["rows"] if len(cells) > place and cells[place])
    values = [value for value, _more in zip(cells, range(SHOWN), strict=False)]
    shown = (value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}…" for value in values)
    return _("For example: %(values)s") % {"values": " · ".join(shown)} if values else _("It is empty.")
