"""Forms that were not saved: kept when the session has ended, and shown again as they were typed."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views import csrf

from twinning.core.editing.unsaved import KEPT, UnsavedForm, as_sent, reader_of, typed_fields
from twinning.core.fields.moments import moment_in_words

# Buttons: throw away what was kept; show what the browser had kept, with the names of the files that belonged to it.
DROP, SHOW, FILES = "_drop_unsaved", "_show_unsaved", "_files"
# The name that the browser gave to what it keeps of a form, and the cookie that says that this form is saved.
DRAFT, SAVED = "_draft", "twinning_saved"


def keep(request) -> bool:
    """Keep a form that is sent without a session, or with the token of another; False if it is none of ours."""
    user = reader_of(request.POST) if request.method == "POST" else None
    path = request.get_full_path()
    if not user or len(path) > UnsavedForm._meta.get_field("path").max_length:
        return False
    UnsavedForm.objects.keep(user, path, request.POST, _names(request), at=request.visit.at)
    return True


def csrf_failure(request, reason=""):
    """View for a form whose token is no longer valid: who has signed in again since finds it as it was typed."""
    if keep(request):
        return HttpResponseRedirect(request.get_full_path())
    return csrf.csrf_failure(request, reason)


def say_that_it_is_kept(request) -> None:
    """Say on the sign-in page that what was typed is kept."""
    messages.warning(request, _("You had been signed out. What you typed is kept: sign in to see it again."))


def is_dropped(request) -> bool:
    return DROP in request.POST


def drop(request) -> HttpResponseRedirect:
    """Throw away what was kept, and show the record as it is saved."""
    _kept(request).delete()
    return HttpResponseRedirect(request.get_full_path())


def shown_again(request) -> ValidationError | None:
    """Make of a request the form that was typed before; returns the words that say so, or None if nothing was kept."""
    words = _("Nothing of this is saved yet. It is what you had typed before.")
    if SHOW in request.POST:
        fields, files = typed_fields(request.POST), request.POST.getlist(FILES)
    elif request.method == "GET" and (kept := _kept(request).first()):
        fields, files = [*kept.fields, (KEPT, "on")], kept.files
        words = _("Nothing of this is saved yet. It is what you had typed by %s.") % moment_in_words(kept.typed_at)
    else:
        return None
    if files:
        messages.warning(request, _("Files are not kept; choose them again: %s.") % ", ".join(files))
    request.method, request.POST = "POST", as_sent(fields)
    return ValidationError(words, code="unsaved")


def after_saving(request, response):
    """Forget what was kept of a form that is saved now, here and in the browser; returns the response."""
    if KEPT in request.POST:
        _kept(request).delete()
    if draft := request.POST.get(DRAFT):
        path, secure = reverse("admin:index"), settings.SESSION_COOKIE_SECURE
        response.set_cookie(SAVED, draft[:40], max_age=60 * 60, path=path, secure=secure, samesite="Strict")
    return response


def key_for_browser(user) -> str:
    """The key with which the browser of a user locks what it keeps, 64 hexadecimal digits; empty where it keeps nothing.

    It is another one after a new password.
    """
    if not (settings.KEEP_UNSAVED_TEXT and user.is_authenticated):
        return ""
    return salted_hmac("twinning.core.editing.resuming", user.get_session_auth_hash(), algorithm="sha256").hexdigest()


def _kept(request):
    return UnsavedForm.objects.of(request.user, request.get_full_path())


def _names(request) -> list[str]:
    return [upload.name for _name, uploads in request.FILES.lists() for upload in uploads]
