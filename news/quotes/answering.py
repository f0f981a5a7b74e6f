"""The page on which the speaker's office, without an account, reads one quote in its context and answers.

Reading it changes nothing, because programs that check mails open every link; the answer is a button. It is for the wording that
was read: of a quote that has changed or gone since, the page says so and takes no answer.
"""

import re
from dataclasses import dataclass

from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from news.models import PressRelease, Quote, QuoteLink
from news.quotes import mails
from news.quotes.approvals import Said
from news.quotes.forms import AnswerForm
from news.quotes.placing import placed
from twinning.core.publishing.steps import State
from twinning.core.publishing.writing import as_to_be
from twinning.core.web.http import private

METHODS = ["GET", "HEAD", "POST"]
_BLOCKS = re.compile(r"<(p|h3|h4|ul|ol|blockquote|table)\b.*?</\1>", re.DOTALL)


@dataclass(frozen=True)
class InContext:
    """A quote with what stands directly before and behind it, and no more of a release that is not public."""

    release: PressRelease
    quote: Quote
    before: str
    after: str


@csrf_exempt  # nobody is known by a cookie here, so that no other site could act in their name
def page(request, token: str):
    """The quote of a link, and the form that answers."""
    at = request.visit.at
    link = QuoteLink.objects.select_related("release", "made_by").by_token(token, at=at)
    if not link or link.release.state(at=at) == State.TAKEN_DOWN:
        return private(_render(request, "dead", status=404))
    if request.method not in METHODS:
        return private(HttpResponseNotAllowed(METHODS))
    return private(_answer(request, link, at=at))


def _answer(request, link: QuoteLink, *, at):
    read = _in_context(link)
    if given := link.given():
        return _render(request, "answered", link=link, given=given, read=read)
    if not read:
        return _render(request, "changed", link=link)
    form = AnswerForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        # A second answer, sent at the same time, changes nothing: the page behind it says what was answered first.
        if link.answer(read.quote, **form.cleaned_data, at=at):
            mails.tell(link, Said(form.cleaned_data["said"]).label)
        return redirect(request.path)
    if request.method == "GET":
        link.note_opening(at=at)
    return _render(request, "answer", link=link, read=read, form=form, status=422 if form.errors else 200)


def _in_context(link: QuoteLink) -> InContext | None:
    """The quote as it is to be published, if it still has the wording about which the link asks."""
    with as_to_be(link.release) as release:
        quotes = list(release.quotes.select_related("release"))
        pieces = placed(release.body, quotes)
        for number, piece in enumerate(pieces):
            for quote in piece.quotes:
                if quote.digest == link.wording:
                    after = pieces[number + 1].text if number + 1 < len(pieces) else ""
                    return InContext(release, quote, _last_block(piece.text), _first_block(after))
    return None


def _last_block(text: str) -> str:
    blocks = [block[0] for block in _BLOCKS.finditer(text)]
    return blocks[-1] if blocks else ""


def _first_block(text: str) -> str:
    block = _BLOCKS.search(text)
    return block[0] if block else ""


def _render(request, name: str, *, status: int = 200, **context):
    return render(request, f"news/quotes/{name}.html", context, status=status)
