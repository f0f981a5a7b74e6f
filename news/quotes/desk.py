"""What the offices of speakers put on the desk of the colleague who asked them: what they answered on the link."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.models import PressRelease, Quote
from news.quotes.approvals import QuoteApproval, Said
from twinning.core.desk.sections import MOST_COUNTED, Desk, Line, Section
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.steps import State

WORDING = ("speaker", "office", "language", "text", "original", "original_language")
SAID = {
    Said.APPROVED: gettext_lazy("%(office)s approves these words, in “%(release)s”. Go on with the release."),
    Said.DECLINED: gettext_lazy(
        "%(office)s does not approve these words, in “%(release)s”. Put them right, and ask again."
    ),
}


def quotes_answered(desk: Desk) -> list[Section]:
    """The answers of offices that somebody asked, while there is something to do: about words that are still to be published."""
    if not desk.by.has_perm("news.change_pressrelease"):
        return []
    answers = _last_answers(desk.by)
    wordings = _wordings({answer.release_id for answer in answers}, desk.at) if answers else {}
    found = [one for one in answers if one.said in wordings.get((one.release_id, one.digest), ())]
    about = {"place": 25, "code": "quotes", "title": _("Quotes that an office has answered")}
    return desk.section(found, _line, **about)


def _last_answers(by) -> list[QuoteApproval]:
    """What offices answered last on links of a person, the latest first; what they said before counts no more."""
    same = QuoteApproval.objects.filter(release=OuterRef("release"), digest=OuterRef("digest"))
    answered = QuoteApproval.objects.filter(link__made_by=by, said__in=SAID)
    last = answered.exclude(Exists(same.filter(pk__gt=OuterRef("pk"))))
    return list(last.select_related("release", "link").order_by("-pk")[:MOST_COUNTED])


def _wordings(releases: set[int], at) -> dict[tuple[int, str], set[str]]:
    """The wordings that are still to be published, by release and digest, and which answers ask for something about them.

    What is approved asks to be submitted, until that is done; what is declined asks to be put right before it is published.
    """
    kind = ContentType.objects.get_for_model(PressRelease)
    copies = {copy.object_id: copy for copy in WorkingCopy.objects.filter(content_type=kind, object_id__in=releases)}
    found = {}
    for quote in Quote.objects.filter(release__in=releases).select_related("release"):
        if quote.release_id not in copies:
            _ask_for(found, quote.release_id, quote, quote.release.state(at=at))
    for key, copy in copies.items():
        for row in copy.snapshot["parts"].get("quotes", []):
            quote = Quote(**{name: row["fields"].get(name, "") for name in WORDING})
            _ask_for(found, key, quote, copy.state(at=at))
    return found


def _ask_for(found: dict, release: int, quote: Quote, state: State) -> None:
    asks = {State.DRAFT: {Said.APPROVED, Said.DECLINED}, State.IN_REVIEW: {Said.DECLINED}}.get(state, set())
    found.setdefault((release, quote.digest), set()).update(asks)


def _line(answer: QuoteApproval) -> Line:
    words = {"office": answer.link.recipient, "release": answer.release}
    speaker = ", ".join(filter(None, [answer.wording["speaker"], answer.wording["office"]]))
    url = reverse("admin:news_pressrelease_quotes", args=[answer.release_id])
    is_wrong = answer.said == Said.DECLINED
    return Line(speaker, url, SAID[answer.said] % words, remark=answer.remark, is_wrong=is_wrong)
