"""The accounts of the people who work in the back office, their roles, and the log of all that they did."""

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.core.admin import EditorAdmin
from twinning.core.history import HistoryEvent, note_password
from twinning.core.history_log import Log
from twinning.core.management.commands.sync_roles import ROLES
from twinning.core.models import User


@admin.register(User)
class UserAdmin(EditorAdmin, auth_admin.UserAdmin):
    """The accounts. Only a superuser sees who else is one, and can change such an account."""

    form = auth_admin.UserAdmin.form
    offers_restore = False
    list_display = ("username", "full_name", "email", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("What this person may do"), {"fields": ("groups", "is_active", "is_staff")}),
        (_("Dates"), {"fields": ("last_login", "date_joined"), "classes": ("collapse",)}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj and request.user.is_superuser:
            fieldsets = (*fieldsets, (_("Superuser"), {"fields": ("is_superuser",), "classes": ("collapse",)}))
        return fieldsets

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs |= {"widget": forms.CheckboxSelectMultiple, "label": _("Roles"), "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_view_permission(self, request, obj=None):
        # Editors look each other up by name, to say who is responsible for a city; accounts they may not see.
        looks_up = request.resolver_match and request.resolver_match.url_name == "autocomplete"
        has_role = bool(request.user.get_all_permissions())
        return (looks_up and has_role) or super().has_view_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_equal(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_equal(request, obj)

    @staticmethod
    def _is_equal(request, user) -> bool:
        return request.user.is_superuser or not (user and user.is_superuser)

    def why_kept(self, user):
        # What an account did is told under its name.
        has_worked = HistoryEvent.objects.filter(by=user).exists()
        return (
            _("has worked here. Take away “active” instead: the account stays, and cannot log in.")
            if has_worked
            else ""
        )

    def get_deleted_objects(self, objs, request):
        # All that somebody ever did stands in the way, and none of it need be read to say so.
        if kept := self.kept(objs):
            return [], {}, set(), kept
        return super().get_deleted_objects(objs, request)

    def user_change_password(self, request, id, form_url=""):
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)

    def log_change(self, request, obj, message):
        if request.resolver_match.url_name == "auth_user_password_change":
            note_password(obj, by=request.user, at=timezone.now())
        return super().log_change(request, obj, message)

    def save_model(self, request, obj, form, change):
        # The public needs no account: whoever gets one works here.
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, user):
        return user.get_full_name()

    @admin.display(description=_("roles"))
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all())


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(EditorAdmin, auth_admin.GroupAdmin):
    """The roles. Those that come with the site are set by ``sync_roles`` and cannot be changed here."""

    offers_restore = False
    filter_horizontal = ()
    autocomplete_fields = ("permissions",)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.name in ROLES)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.name in ROLES)


@admin.register(Permission)
class PermissionAdmin(EditorAdmin):
    """Only there to be looked up in the form of a role."""

    offers_restore = False
    search_fields = ("name", "codename", "content_type__model")
    list_select_related = ("content_type",)

    def get_model_perms(self, request):
        return {}

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("auth.change_group")


@admin.register(HistoryEvent)
class HistoryEventAdmin(Log, EditorAdmin):
    """The global log."""
