"""The pages of alerts: asking for them, confirming that, choosing anew, and stopping them.

None needs a script or a cookie. Whoever asks gets the same answer, whether the address is known here or not. What a link in
a mail leads to changes nothing before a button is pressed, because programs that check mails open every link.
"""

from functools import wraps

from allauth.core import ratelimit
from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from news.alerts.forms import ChoiceForm, SignUpForm
from news.alerts.readers import AlertRequest, Subscriber
from news.alerts.sending import look_again, owe_confirmation
from twinning.core.web import http, read_only

METHODS = ["GET", "HEAD", "POST"]


def page(view):
    """Decorator: a page of alerts, which is nowhere on a site without them. No cookie says who sends its form."""

    @csrf_exempt  # nobody is known by a cookie here, so that no other site could act in their name
    @require_http_methods(METHODS)
    @wraps(view)
    def with_alerts(request, *args, **kwargs):
        if not settings.ALERTS:
            raise Http404
        return view(request, *args, **kwargs)

    return with_alerts


def private(view):
    """Decorator: a page with a secret address, which nobody keeps and no page is told of."""

    @page
    @wraps(view)
    def kept_by_nobody(request, *args, **kwargs):
        return http.private(view(request, *args, **kwargs))

    return kept_by_nobody


@page
def sign_up(request):
    """The page on which somebody asks for alerts; what a link to it names is ticked."""
    at = request.visit.at
    if read_only.is_on():
        return _render(request, "paused", status=503)
    if request.method != "POST":
        ticked = {"cities": request.GET.getlist("city"), "themes": request.GET.getlist("theme")}
        form = SignUpForm(at=at, initial=ticked | {"everything": not any(ticked.values())})
        return _render(request, "sign_up", form=form)
    if not ratelimit.consume(request, action="alerts"):
        return _render(request, "too_many", status=429)
    form = SignUpForm(request.POST, at=at)
    if not form.is_valid():
        return _render(request, "sign_up", form=form, status=422)
    # An address that was asked for too often gets no further mail. Its reader is the only one to whom that says anything.
    if ratelimit.consume(request, action="alerts_address", key=form.cleaned_data["email"]):
        with transaction.atomic():
            owe_confirmation(form.ask(at=at))
    return redirect("news:alerts_asked")


@page
def asked(request):
    """The page after asking: a mail is on its way, whoever asked for whatever address."""
    return _render(request, "asked")


@private
def confirm(request, key: str):
    """The page to which the first mail leads: its button is the confirmation."""
    at = request.visit.at
    wish = AlertRequest.objects.alive(at=at).filter(key=key).first()
    if not wish:
        return _render(request, "too_old", status=404)
    if request.method != "POST":
        return _render(request, "confirm", wish=wish)
    subscriber = wish.confirm(at=at)
    look_again()
    return redirect(f"{reverse('news:my_alerts', args=[subscriber.key])}?confirmed")


@private
def mine(request, key: str):
    """What somebody chose, to choose anew or to stop it all."""
    subscriber = Subscriber.objects.filter(key=key).first()
    if not subscriber:
        return _render(request, "stopped")
    if request.method == "POST":
        form = ChoiceForm(request.POST, at=request.visit.at)
        if form.is_valid():
            form.write(subscriber)
            return redirect(f"{request.path}?saved")
        return _render(request, "mine", form=form, subscriber=subscriber, status=422)
    chosen = {name: [one.slug for one in getattr(subscriber, name).only("slug")] for name in ("cities", "themes")}
    form = ChoiceForm(at=request.visit.at, initial=chosen | {"everything": subscriber.everything})
    said = {"is_confirmed": "confirmed" in request.GET, "is_saved": "saved" in request.GET}
    return _render(request, "mine", form=form, subscriber=subscriber, **said)


@private
def stop(request, key: str):
    """Stop all alerts: for the button of a mail program (RFC 8058) and for ours. Used again, it answers the same."""
    if request.method == "POST":
        Subscriber.objects.filter(key=key).delete()
        return _render(request, "stopped")
    subscriber = Subscriber.objects.filter(key=key).first()
    return _render(request, "stop" if subscriber else "stopped", subscriber=subscriber)


def _render(request, name: str, *, status: int = 200, **context):
    again = reverse("news:alerts")
    context |= {"crumbs": [] if name == "sign_up" else [(_("Alerts by mail"), again)], "again": again}
    return render(request, f"news/alerts/{name}.html", context, status=status)
