"""The admin of the photo library, and the inline by which other forms use its photos."""

from datetime import timedelta
from itertools import islice

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.backoffice.base import EditorAdmin, PartInline
from twinning.core.backoffice.deleting import MOST_NAMED
from twinning.core.desk.reminders import licences
from twinning.core.files.serve import file_response
from twinning.core.history.events import EventKind, content, note
from twinning.core.photos import pictures
from twinning.core.photos.library import Photo, photo_use_models
from twinning.core.photos.uses import copies_with, only_approvers_may_change, where_used
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.web.http import private

ENDS_SOON = timedelta(days=90)
# Pixels: sharp enough for lists and forms.
THUMBNAIL_WIDTH = 480
ONLY_APPROVERS = gettext_lazy(
    "While a page with this photo waits for its approval, and from then on, only approvers change the photo. "
    "You may add another one and use that."
)


class PercentInput(forms.NumberInput):
    """Number input from 0 to 100; the script of the focal point shows the place in the picture."""

    def __init__(self, attrs=None):
        super().__init__({"min": 0, "max": 100} | (attrs or {}))


class UseFilter(admin.SimpleListFilter):
    """List filter: photos that a page uses, or none."""

    title = gettext_lazy("use")
    parameter_name = "use"

    def lookups(self, request, model_admin):
        return (("used", _("On a page")), ("unused", _("On no page")))

    def queryset(self, request, queryset):
        used = Q(pk__in=[])
        for model in photo_use_models():
            used |= Q(Exists(model.objects.filter(photo=OuterRef("pk"))))
        return {"used": queryset.filter(used), "unused": queryset.exclude(used)}.get(self.value(), queryset)


class LicenceFilter(admin.SimpleListFilter):
    """List filter: photos whose licence ends soon or has ended."""

    title = gettext_lazy("licence")
    parameter_name = "licence"

    def lookups(self, request, model_admin):
        return (("ends-soon", _("Ends within 90 days")), ("ended", _("Ended: no page shows it")))

    def queryset(self, request, queryset):
        today = timezone.localdate(request.visit.at)
        asked = {
            "ends-soon": queryset.filter(licence_ends__range=(today, today + ENDS_SOON)),
            "ended": queryset.filter(licence_ends__lt=today),
        }
        return asked.get(self.value(), queryset)


@admin.register(Photo)
class PhotoAdmin(EditorAdmin):
    list_display = ("thumbnail", "title", "credit", "licence_ends")
    list_display_links = ("title",)
    list_filter = (UseFilter, LicenceFilter)
    search_fields = ("folded",)
    search_help_text = gettext_lazy("Search in titles, credits and licences.")
    formfield_overrides = EditorAdmin.formfield_overrides
    readonly_fields = ("picture", "facts", "used")
    upload_checks = (*EditorAdmin.upload_checks, pictures.read)
    on_desk = (licences,)
    in_place = ("file", "title", "credit", "licence", "licence_url", "licence_ends")
    words_in_place = gettext_lazy("Add a new photo to the library")

    class Media:
        css = {"all": ["core/admin-photos.css"]}
        js = ["core/admin-focal-point.js"]

    def get_fieldsets(self, request, obj=None):
        if self.is_in_place(request):
            return super().get_fieldsets(request, obj)
        of_photo = ("picture", "facts") if obj else ()
        may_change = self.has_change_permission(request, obj)
        upload = ("file",) if may_change else ()
        # Not in the form for a new photo: its focal point can be chosen when it can be seen.
        in_view = (gettext_lazy("What must stay in view"), {"fields": (("focal_x", "focal_y"),)})
        where = (
            gettext_lazy("Where it is used"),
            {"fields": ("used",), "description": "" if may_change else ONLY_APPROVERS},
        )
        return [
            (gettext_lazy("The photo"), {"fields": (*of_photo, *upload, "title")}),
            (gettext_lazy("Whose it is"), {"fields": ("credit", ("licence", "licence_url"), "licence_ends")}),
            *([in_view, where] if obj else []),
        ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in ("focal_x", "focal_y"):
            kwargs["widget"] = PercentInput
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "file":
            is_new = request.resolver_match.url_name.endswith("_add")
            field.required = is_new
            field.label = _("Photo") if is_new else _("Replace it by")
            field.help_text = _(
                "JPEG, PNG, WebP or AVIF, up to 20 MB. What the camera wrote into the file, such as the place, is left out."
            ) if is_new else _("Every page that shows the photo shows the new one; the old one is gone for good.")  # fmt: skip
        return field

    # Rights -----------------------------------------------------------------------------------------------------------

    def has_change_permission(self, request, obj=None):
        """Only approvers change a photo on a page that was submitted or approved."""
        if not obj or not super().has_change_permission(request, obj):
            return super().has_change_permission(request, obj)
        return request.user.has_perm("core.approve_photo") or not only_approvers_may_change(obj)

    def reason_not_deletable(self, photo, *, at):
        copy = next(copies_with(photo), None)
        return _("is used in the working copy of “%s”.") % copy if copy else ""

    def picture_url(self, record):
        return _address(record)

    # The picture ------------------------------------------------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view(self.picture_view)
        return [path("<path:object_id>/picture/", view, name="core_photo_picture"), *super().get_urls()]

    def picture_view(self, request, object_id: str):
        """The picture for staff: the thumbnail, or the photo itself until that is made."""
        photo = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, photo):
            raise PermissionDenied
        if photo is None:
            raise Http404
        return private(file_response(photo.renditions.filter(width__lte=THUMBNAIL_WIDTH).first() or photo))

    @admin.display(description=gettext_lazy("picture"))
    def thumbnail(self, photo):
        return _img(photo, css="thumbnail")

    @admin.display(description=gettext_lazy("the photo"))
    def picture(self, photo):
        return format_html('<span data-focal-point class="focal">{}</span>', _img(photo, css="whole"))

    @admin.display(description=gettext_lazy("facts"))
    def facts(self, photo):
        """Facts about the file, and how many renditions are made; has those made that are missing."""
        lines = [f"{photo.name}, {photo.width} × {photo.height} px, {filesizeformat(photo.size)}"]
        if missing := photo.missing_renditions():
            photo.owe_renditions()
            wanted = len(pictures.variants(photo.width, photo.name.rpartition(".")[2]))
            said = _("%(made)d of %(wanted)d sizes for the web are made; until then pages show the photo itself.")
            lines.append(said % {"made": wanted - len(missing), "wanted": wanted})
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines))

    @admin.display(description=gettext_lazy("pages"))
    def used(self, photo):
        """The records that use the photo, as links to their forms."""
        if not (records := list(islice(where_used(photo), MOST_NAMED + 1))):
            return _("On no page yet.")
        named = [_form_link(record) for record in records[:MOST_NAMED]]
        more = [_("and others")] if len(records) > MOST_NAMED else []
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((name,) for name in [*named, *more])))

    # Saving -----------------------------------------------------------------------------------------------------------

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "file" in form.changed_data:
            # An event of its own, so that a form which was opened beside the old picture counts as stale.
            note(obj, EventKind.CHANGE, by=request.user, at=request.visit.at, snapshot=content(obj), file=obj.name)


class PhotoInline(PartInline):
    """Inline: the photos of a record, chosen from the library."""

    words_to_add = gettext_lazy("Add a photo")
    is_moved = True
    fields = ("picture", "photo", "alt", "is_decorative", "caption", "position")
    readonly_fields = ("picture",)
    autocomplete_fields = ("photo",)

    class Media:
        css = {"all": ["core/admin-photos.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("photo")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        # The model says where a new one is added; here that is a button beside the chooser.
        kwargs |= {"help_text": _("From the library.")} if db_field.name == "photo" else {}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def line(self, part):
        return format_html("{} {}", _img(part.photo, css="small"), part) if part.photo_id else str(part)

    @admin.display(description=gettext_lazy("the photo"))
    def picture(self, use):
        return _img(use.photo, css="thumbnail") if use.photo_id else "–"


def _img(photo: Photo, *, css: str):
    """An img element for staff; the alt is empty, because the title stands beside it."""
    shown = '<img class="{}" src="{}" alt="" width="{}" height="{}" loading="lazy">'
    return format_html(shown, css, _address(photo), photo.width, photo.height)


def _address(photo: Photo) -> str:
    """Its query changes with the file, so that browsers do not show a replaced picture from their cache."""
    return f"{reverse('admin:core_photo_picture', args=[photo.pk])}?{photo.sha256[:8]}"


def _form_link(used):
    """A record, or the working copy of one, as “City: Lille” with a link to its form."""
    is_copy = isinstance(used, WorkingCopy)
    record = used.record if is_copy else used
    opts = record._meta
    page = "copy" if is_copy else "change"
    kind = _("Working copy") if is_copy else capfirst(opts.verbose_name)
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[record.pk])
    return format_html('{}: <a href="{}">{}</a>', kind, url, record)
