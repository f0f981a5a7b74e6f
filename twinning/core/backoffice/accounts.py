"""The admin of accounts, roles and permissions, and of the log."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from twinning.core.accounts import User
from twinning.core.backoffice.base import EditorAdmin
from twinning.core.backoffice.history_log import Log
from twinning.core.backoffice.site import FirstStep
from twinning.core.history.events import EventKind, HistoryEvent, note, note_password
from twinning.core.publishing.steps import ALONE
from twinning.core.roles import ROLES
from twinning.core.signin import second_factor
from twinning.core.signin.links import INVITATION, owe_link

# allauth puts its tables into the admin; ours has pages of its own for what people do with them.
for model in [model for model in admin.site._registry if model.__module__.startswith("allauth.")]:
    admin.site.unregister(model)


INVITED = _("When you save, the person gets a mail with a link to choose a password, which works for three days.")


class InvitationForm(forms.ModelForm):
    """The form of a new account. Its person chooses the password, by a link in a mail."""

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "groups")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True


SECOND_PERSON = FirstStep(
    2,
    _("Invite a second person"),
    _(
        "Nobody approves what they wrote themselves. Twinning editors keep cities and agreements, press officers write "
        "releases, approvers publish both, and administrators do all that and invite colleagues."
    ),
    2,
)


class RoleFilter(admin.SimpleListFilter):
    """List filter: the accounts with a role, or with none."""

    title, parameter_name = _("role"), "role"

    def lookups(self, request, model_admin):
        roles = Group.objects.order_by("name").values_list("pk", "name")
        return [*((str(key), name) for key, name in roles), ("none", _("No role"))]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.filter(groups=None)
        known = self.value() in [key for key, _name in self.lookup_choices]
        return queryset.filter(groups=int(self.value())) if known else queryset


@admin.register(User)
class UserAdmin(EditorAdmin, auth_admin.UserAdmin):
    """ModelAdmin of accounts. Only superusers see which accounts are superusers, and can change those."""

    form = auth_admin.UserAdmin.form
    add_form = InvitationForm
    add_form_template = None
    offers_restore = False
    list_display = ("username", "full_name", "email", "roles", "is_active", "last_login")
    list_filter = (RoleFilter, "is_active")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (_("The account"), {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("What this person may do"), {"fields": ("groups", "is_active", "is_staff")}),
        (_("Dates"), {"fields": ("last_login", "date_joined"), "classes": ("collapse",)}),
    )
    add_fieldsets = (
        (_("The account"), {"fields": ("username", "first_name", "last_name", "email"), "description": INVITED}),
        (_("What this person may do"), {"fields": ("groups",)}),
    )

    @property
    def first_step(self) -> FirstStep | None:
        return None if settings.FOUR_EYES == ALONE else SECOND_PERSON

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj and not request.user.is_superuser:
            fieldsets = ((_("The account"), {"fields": ("username",)}), *fieldsets[1:])
        if obj and request.user.is_superuser:
            fieldsets = (*fieldsets, (_("Superuser"), {"fields": ("is_superuser",), "classes": ("collapse",)}))
        return fieldsets

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs |= {"widget": forms.CheckboxSelectMultiple, "label": _("Roles"), "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_choose_permission(self, request):
        # Editors look each other up by name; accounts they may not see. Whom they find, the form with the chooser says.
        return True

    def get_search_fields(self, request):
        return ("folded", "email") if self.has_view_permission(request) else ("folded",)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_equal(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_equal(request, obj)

    @staticmethod
    def _is_equal(request, user) -> bool:
        return request.user.is_superuser or not (user and user.is_superuser)

    def reason_not_deletable(self, user, *, at):
        # What an account did is told under its name.
        has_worked = HistoryEvent.objects.filter(by=user).exists()
        return (
            _("has worked here. Take away “active” instead: the account stays, and cannot log in.")
            if has_worked
            else ""
        )

    def get_deleted_objects(self, objs, request):
        # All that somebody ever did stands in the way, and none of it need be read to say so.
        if kept := self.not_deletable(objs, at=request.visit.at):
            return [], {}, set(), kept
        return super().get_deleted_objects(objs, request)

    def user_change_password(self, request, id, form_url=""):
        # Others get a link by mail: nobody but its owner knows a password.
        if not request.user.is_superuser:
            raise PermissionDenied
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)

    def log_change(self, request, obj, message):
        if request.resolver_match.url_name == "auth_user_password_change":
            note_password(obj, by=request.user, at=request.visit.at)
        return super().log_change(request, obj, message)

    def save_model(self, request, obj, form, change):
        if not change:
            # The public needs no account: whoever gets one works here.
            obj.is_staff = True
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        self._invite(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        if "_invite" in request.POST:
            self._invite(request, obj)
        if "_remove_factors" in request.POST and second_factor.remove_all(obj):
            note(obj, EventKind.CHANGE, by=request.user, at=request.visit.at, login="second factors removed")
        return super().response_change(request, obj)

    def _invite(self, request, user) -> None:
        if not user.email:
            self.message_user(request, _("This account has no email address yet."), messages.WARNING)
            return
        note(user, EventKind.CHANGE, by=request.user, at=request.visit.at, login="invitation")
        owe_link(user, INVITATION, at=request.visit.at)
        self.message_user(request, _("A link to choose a password is on its way to %s.") % user.email)

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, user):
        return user.get_full_name()

    @admin.display(description=_("roles"))
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all())


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(EditorAdmin, auth_admin.GroupAdmin):
    """ModelAdmin of roles (Django's groups). ``sync_roles`` sets those that come with the site; they cannot be changed here."""

    offers_restore = False
    filter_horizontal = ()
    autocomplete_fields = ("permissions",)
    fieldsets = ((_("The role"), {"fields": ("name", "permissions")}),)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.name in ROLES)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.name in ROLES)


@admin.register(Permission)
class PermissionAdmin(EditorAdmin):
    """ModelAdmin of permissions: only a chooser in the form of a role, without pages of its own."""

    offers_restore = False
    search_fields = ("name", "codename", "content_type__model")
    list_select_related = ("content_type",)

    def get_model_perms(self, request):
        return {}

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("auth.change_group")


@admin.register(HistoryEvent)
class HistoryEventAdmin(Log, EditorAdmin):
    """ModelAdmin of history events: the log of the whole site."""
