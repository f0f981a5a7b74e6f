"""The admin site: the order of its front page, and checks around all of its views."""

import re
from dataclasses import dataclass
from functools import cached_property, wraps
from urllib.parse import unquote

from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from twinning.core.backoffice.forms import LookUp
from twinning.core.desk import reminders, texts, waiting
from twinning.core.desk.sections import Desk
from twinning.core.editing import resuming
from twinning.core.history import events
from twinning.core.outline import pages as handbook
from twinning.core.publishing.gate import Publishable
from twinning.core.signin import second_factor
from twinning.core.web import closing, read_only
from twinning.core.web.clocks import CLOCKS

APPS_IN_ORDER = ("partners", "news", "core", "auth")
_BUTTON = re.compile(r"_[a-z_]{1,30}")
_OTHER_FIELDS = {"_version", "_popup", "_to_field", "_selected_action", "_shown_to", "_draft", "_kept", "_files"}
MOST_BUTTONS_NOTED = 5


@dataclass(frozen=True)
class FirstStep:
    """One of the steps with which an empty site begins: the attribute ``first_step`` of a ModelAdmin."""

    place: int
    name: str
    why: str
    fewest: int = 1  # so many records there are when it is taken


@dataclass(frozen=True)
class Notice:
    """What colleagues are to keep in mind on every page: what the attribute ``notice`` of a ModelAdmin, a function, returns."""

    said: str
    paragraph: str  # the key of a paragraph of the handbook


class BackOffice(AdminSite):
    """Django's admin, in the order of an editor's work: cities first, user accounts last."""

    enable_nav_sidebar = True
    empty_value_display = "–"

    def get_app_list(self, request, app_label=None):
        """The apps in the order above, the models in the order in which they were registered; roles beside accounts."""
        apps = self._build_app_dict(request, app_label)
        if "core" in apps and "auth" in apps:
            apps["core"]["models"][1:1] = apps.pop("auth")["models"]
        groups = [apps[label] for label in dict.fromkeys((*APPS_IN_ORDER, *apps)) if label in apps]
        return [
            part
            for group in groups
            for part in (_library_and_people(group) if group["app_label"] == "core" else [group])
        ]

    def get_urls(self):
        """Without Django's redirect from a record's key to its page: it would reveal hidden addresses to all staff."""
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        pages = {"waiting": waiting.page, "handbook": handbook.page}
        return [*(path(f"{name}/", self.admin_view(view), name=name) for name, view in pages.items()), *urls]

    def each_context(self, request):
        """Context of every page: how many records wait for the user's approval, whether two clocks differ, and the site is closed."""
        return super().each_context(request) | {
            "number_waiting": waiting.number(by=request.user),
            "key_for_unsaved": resuming.key_for_browser(request.user),
            "seconds_between_clocks": round(abs(CLOCKS.ahead)) if CLOCKS.differ else None,
            "is_closed": bool(closing.state()),
            "notices": self._notices(request) if self.has_permission(request) else [],
            "is_read_only": read_only.is_on(),
        }

    @cached_property
    def _who_gives_notice(self) -> list:
        return [office.notice for office in self._registry.values() if hasattr(office, "notice")]

    def _notices(self, request) -> list[Notice]:
        return [said for notice in self._who_gives_notice if (said := notice(at=request.visit.at))]

    def index(self, request, extra_context=None):
        """The front page: the desk of whoever opens it, with the first steps of an empty site; the menu beside it."""
        desk = Desk(request.user, request.visit.at, request.GET.get("all", ""))
        sections = desk.sections([texts.sections, reminders.undone_work, *self._finders()])
        is_clear = not any(section.asks for section in sections)
        context = {
            "title": _("Your desk"),
            "first_steps": self._first_steps(request),
            "sections": sections + (texts.published_last(desk) if is_clear else []),
            "is_clear": is_clear,
            "found_in": self._found_in(request),
        }
        return super().index(request, context | (extra_context or {}))

    def _finders(self) -> list:
        """What the apps find for the desk: the attribute ``on_desk`` of each ModelAdmin."""
        return [find for office in self._registry.values() for find in getattr(office, "on_desk", ())]

    def _found_in(self, request) -> list[tuple[str, str]]:
        """The lists in which the desk can search, name and address of each; first those to which this person adds.

        The pages of the council's own are few, and come last.
        """
        offices = [office for model, office in self._registry.items() if issubclass(model, Publishable)]
        seen = [office for office in offices if office.has_view_permission(request)]
        seen.sort(key=lambda office: (not office.has_add_permission(request), office.opts.app_label == "core"))
        address = "admin:{0.app_label}_{0.model_name}_changelist"
        return [(capfirst(one.opts.verbose_name_plural), reverse(address.format(one.opts))) for one in seen]

    def _first_steps(self, request) -> list[tuple[FirstStep, str]]:
        """The steps that this person may take, with the address of each that is not taken; empty when all are."""
        offices = [office for office in self._registry.values() if getattr(office, "first_step", None)]
        steps = []
        for office in sorted(offices, key=lambda office: office.first_step.place):
            opts, fewest = office.opts, office.first_step.fewest
            is_taken = len(office.model._base_manager.values_list("pk")[:fewest]) == fewest
            if is_taken and office.has_view_permission(request):
                steps.append((office.first_step, ""))
            elif not is_taken and office.has_add_permission(request):
                steps.append((office.first_step, reverse(f"admin:{opts.app_label}_{opts.model_name}_add")))
        return steps if any(url for _step, url in steps) else []

    def admin_view(self, view, cacheable=False):
        """Answer 400 to NUL characters and too large numbers, and write refused POST requests into the history.

        Whoever still owes a second factor is led to where it is set up. What is typed into a form outlasts the session.
        """

        def checked_view(request, *args, **kwargs):
            if "\x00" in unquote(request.get_full_path()):
                raise BadRequest
            if second_factor.is_owed(request):
                resuming.keep(request)
                return HttpResponseRedirect(reverse("mfa_index"))
            try:
                return view(request, *args, **kwargs)
            except OverflowError:
                raise BadRequest from None
            except PermissionDenied:
                # The transaction of the request is rolled back by now.
                if request.method == "POST":
                    _note_refusal(request, getattr(view, "__self__", None), [*args, *kwargs.values()])
                raise

        allowed_view = super().admin_view(checked_view, cacheable)

        @wraps(allowed_view)
        def view_that_keeps(request, *args, **kwargs):
            if not self.has_permission(request) and resuming.keep(request):
                resuming.say_that_it_is_kept(request)
            return allowed_view(request, *args, **kwargs)

        return view_that_keeps

    def autocomplete_view(self, request):
        return LookUp.as_view(admin_site=self)(request)


def _library_and_people(group: dict) -> list[dict]:
    """The app “core” as two groups of models, photos and pages, and the accounts; without empty groups."""
    library = [model for model in group["models"] if model["object_name"] in ("Photo", "Page")]
    people = [model for model in group["models"] if model not in library]
    named = [("library", _("Library"), library), (group["app_label"], _("People and roles"), people)]
    return [group | {"app_label": label, "name": name, "models": models} for label, name, models in named if models]


def _note_refusal(request, page, arguments: list) -> None:
    """Write a refused POST request into the history: its path and the names of its buttons, nothing that was typed."""
    actions = page.names_of_actions() if hasattr(page, "names_of_actions") else set()
    names = {*request.POST, *(f"_{action}" for action in actions.intersection(request.POST.getlist("action")))}
    asked = sorted(name for name in names - _OTHER_FIELDS if _BUTTON.fullmatch(name))[:MOST_BUTTONS_NOTED]
    record = _record(page, str(next(iter(arguments), "")))
    events.note_refusal(record, by=request.user, at=request.visit.at, path=request.path, asked=asked)


def _record(page, key: str):
    """The record of an address of the back office, or None; ``page`` is the ModelAdmin, ``key`` part of the address."""
    is_key = key.isdecimal() and len(key) < 19
    return page.model._base_manager.filter(pk=key).first() if is_key and hasattr(page, "model") else None
