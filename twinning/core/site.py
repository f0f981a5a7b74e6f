"""The back office as a whole: what stands where on its front page."""

import re
from urllib.parse import unquote

from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.core import history, waiting

APPS_IN_ORDER = ("partners", "news", "core", "auth")
_BUTTON = re.compile(r"_[a-z_]{1,30}")
_NO_BUTTONS = {"_version", "_popup", "_to_field", "_selected_action"}
MOST_ASKED = 5


class BackOffice(AdminSite):
    """Django's admin, in the order of an editor's work: cities first, user accounts last."""

    index_title = _("What would you like to work on?")
    enable_nav_sidebar = True
    empty_value_display = "–"

    def get_app_list(self, request, app_label=None):
        """Apps in the order above, models in the order in which they were registered; roles stand with the people."""
        apps = self._build_app_dict(request, app_label)
        if "core" in apps and "auth" in apps:
            apps["core"]["models"][1:1] = apps.pop("auth")["models"]
        groups = [apps[label] for label in dict.fromkeys((*APPS_IN_ORDER, *apps)) if label in apps]
        return [part for group in groups for part in (_split(group) if group["app_label"] == "core" else [group])]

    def get_urls(self):
        """Without Django's redirect from a record's key to its page: it tells whoever may log in a hidden address."""
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        return [path("waiting/", self.admin_view(waiting.page), name="waiting"), *urls]

    def each_context(self, request):
        """On every page for those who approve: how much waits for them."""
        return super().each_context(request) | {"number_waiting": waiting.number(by=request.user)}

    def index(self, request, extra_context=None):
        """The front page, with what was sent back to the person who looks at it."""
        mine = {"sent_back": waiting.sent_back(by=request.user, at=timezone.now())}
        return super().index(request, mine | (extra_context or {}))

    def admin_view(self, view, cacheable=False):
        """Refuse what no database can look up, NUL characters and too large numbers; write down who oversteps a right."""

        def calm(request, *args, **kwargs):
            if "\x00" in unquote(request.get_full_path()):
                raise BadRequest
            try:
                return view(request, *args, **kwargs)
            except OverflowError:
                raise BadRequest from None
            except PermissionDenied:
                # What the request had begun to save is rolled back by now.
                if request.method == "POST":
                    _note_refusal(request, getattr(view, "__self__", None), [*args, *kwargs.values()])
                raise

        return super().admin_view(calm, cacheable)

    def password_change(self, request, extra_context=None):
        before = request.user.password
        with transaction.atomic():
            response = super().password_change(request, extra_context)
            if request.user.password != before:
                history.note_password(request.user, by=request.user, at=timezone.now())
        return response


def _split(group: dict) -> list[dict]:
    """The ground floor as two groups, each only if there is something in it: the library, then the people."""
    photos = [model for model in group["models"] if model["object_name"] == "Photo"]
    people = [model for model in group["models"] if model not in photos]
    named = [("library", _("Library"), photos), (group["app_label"], _("People and roles"), people)]
    return [group | {"app_label": label, "name": name, "models": models} for label, name, models in named if models]


def _note_refusal(request, page, arguments: list) -> None:
    """Write down a refused POST by its address and the names of its buttons or its action, and nothing of what was typed."""
    actions = page.names_of_actions() if hasattr(page, "names_of_actions") else set()
    names = {*request.POST, *(f"_{action}" for action in actions.intersection(request.POST.getlist("action")))}
    asked = sorted(name for name in names - _NO_BUTTONS if _BUTTON.fullmatch(name))[:MOST_ASKED]
    record = _record(page, str(next(iter(arguments), "")))
    history.note_refusal(record, by=request.user, at=timezone.now(), path=request.path, asked=asked)


def _record(page, key: str):
    """The record that an address of the back office names, if it is there; ``page`` is the ModelAdmin of its kind."""
    is_key = key.isdecimal() and len(key) < 19
    return page.model._base_manager.filter(pk=key).first() if is_key and hasattr(page, "model") else None
