"""Coverage in the back office: a page of each release, on which links are added and taken out."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.coverage.links import Coverage, add, reason_not_coverable, remove

_WIDE = {"class": "vTextField"}


class CoverageForm(forms.ModelForm):
    """A link to write down."""

    class Meta:
        model = Coverage
        fields = ("title", "outlet", "day", "url", "language")
        widgets = {
            "title": forms.TextInput(attrs=_WIDE),
            "outlet": forms.TextInput(attrs=_WIDE),
            "url": forms.URLInput(attrs=_WIDE),
            "day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        error_messages = {
            "title": {"required": gettext_lazy("Write the title as it stands there.")},
            "outlet": {"required": gettext_lazy("Write which newspaper or programme it was.")},
            "day": {"required": gettext_lazy("Choose the day on which it came out.")},
            "url": {
                "required": gettext_lazy("Paste its address."),
                "invalid": gettext_lazy("Paste the whole address, for example https://news.example.org/lille."),
            },
        }

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."), code="to_come")
        return day

    def clean_url(self):
        url = self.cleaned_data["url"]
        if self.instance.release.coverage.filter(url=url).exists():
            raise forms.ValidationError(_("This address is in the list already."), code="twice")
        return url


class CoveragePages:
    """Mixin of the ModelAdmin of releases, before ``QuotePages``: the page with the coverage of a release."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.coverage_view)
        return [path("<int:pk>/coverage/", view, name="news_pressrelease_coverage"), *super().get_urls()]

    def has_happened(self, request, record) -> list[tuple[str, str]]:
        own = super().has_happened(request, record)
        return [*own, (_("Coverage"), reverse("admin:news_pressrelease_coverage", args=[record.pk]))]

    def coverage_view(self, request, pk: int):
        """What was written about a release, and the form that adds to it."""
        release = self._release_of(request, pk)
        may_change = release.has_right("change", by=request.user)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        is_new = request.method == "POST" and "_remove" not in request.POST
        form = CoverageForm(request.POST if is_new else None, label_suffix="", instance=Coverage(release=release))
        if request.method == "POST" and self._is_done(request, release, form):
            return HttpResponseRedirect(request.path)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts, "original": release, "title": _("Coverage"), "found": release.coverage.all(),
            "form": form, "may_change": may_change, "shows_coverage": settings.SHOW_COVERAGE,
            "reason": reason_not_coverable(release, at=request.visit.at),
        }  # fmt: skip
        return TemplateResponse(request, "admin/news/pressrelease/coverage.html", context)

    def _is_done(self, request, release, form: CoverageForm) -> bool:
        """Take a link out or write one down; if it is refused, the form says why."""
        about = {"by": request.user, "at": request.visit.at}
        if not form.is_bound:
            self._take_out(request, release, **about)
            return True
        try:
            if form.is_valid():
                add(form.instance, **about)
                self.message_user(request, _("Added: “%s”.") % form.instance, messages.SUCCESS)
                return True
        except ValidationError as error:
            form.add_error(None, error)
        return False

    def _take_out(self, request, release, **about) -> None:
        key = request.POST["_remove"]
        coverage = release.coverage.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
        if coverage:
            remove(coverage, **about)
            self.message_user(request, _("Removed: “%s”.") % coverage, messages.SUCCESS)
        else:
            self.message_user(request, _("This link was taken out before."), messages.WARNING)
