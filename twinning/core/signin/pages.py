"""The pages of signing in: views of allauth inside the back office, and the list of one's sessions."""

from allauth.account.views import LoginView
from allauth.usersessions.adapter import get_adapter as sessions_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twinning.core.signin import limits, record, second_factor

ENTRANCE, INSIDE = "core/signin/entrance.html", "core/signin/inside.html"


def page(view: type, title: str, template: str = "core/signin/form.html", *, layout: str = INSIDE, **words):
    """A view of allauth with a template of ours and the context of the back office; ``words`` are for the template."""

    class Page(view):
        template_name = template

        def get_context_data(self, **kwargs):
            office = admin.site.each_context(self.request) | {"title": title, "layout": layout, **words}
            return office | super().get_context_data(**kwargs) | _about(self.request)

    return Page


class Login(LoginView):
    """The sign-in page; refuses an address that has just tried too often before it costs anything."""

    def dispatch(self, request, *args, **kwargs):
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)
        if limits.is_refused(request):
            return limits.too_many_attempts(request)
        with limits.turn(request) as is_in:
            response = super().dispatch(request, *args, **kwargs) if is_in else limits.too_many_attempts(request)
        if is_in and response.status_code == 429:
            limits.refuse_for_a_moment(request)
            record.limited(request)
        return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request):
    """One's sessions, each with the browser and the address it began from; ends one of them, or all others."""
    mine = UserSession.objects.purge_and_list(request.user)
    others = [session for session in mine if not session.is_current()]
    if request.method == "POST":
        chosen = [session for session in others if request.POST.get("end") in ("others", str(session.pk))]
        sessions_adapter().end_sessions(chosen)
        messages.success(request, _("Signed out there.") if chosen else _("That session had ended already."))
        return HttpResponseRedirect(reverse("account_sessions"))
    mine.sort(key=lambda session: session.created_at, reverse=True)
    context = admin.site.each_context(request) | {"title": _("Where you are signed in"), "sessions": mine}
    return TemplateResponse(request, "core/signin/sessions.html", context | {"others": others, "layout": INSIDE})


def _about(request) -> dict:
    """What the templates ask about the site and the person."""
    owed = request.user.is_authenticated and second_factor.is_owed(request)
    return {"is_second_factor_owed": owed, "sign_on": settings.OIDC_NAME}
