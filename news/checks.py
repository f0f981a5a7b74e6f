"""The checks of a press release: which block its publication, and which only warn."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.quotes.approvals import unapproved
from news.quotes.placing import misplaced
from partners.models import Signatory
from partners.writing import REGISTER_CHECKS
from twinning.core.fields.date_words import day_in_words
from twinning.core.fields.folding import sort_key
from twinning.core.photos.uses import unlicensed
from twinning.core.writing.checks import Check, Draft, Finding, Reasons
from twinning.core.writing.language import LANGUAGE_CHECKS

MOST_RELATED = 3
OFFICE_IS_NEWS_FOR = timedelta(days=366)


def what_its_kind_needs(draft: Draft) -> Reasons:
    """A text, or what a photo call and a statement have instead."""
    missing = draft.record.lacks_of_its_kind()
    return {"release_contacts" if draft.record.is_photo_call else "body": missing}


def quotes(draft: Draft) -> Reasons:
    """Quotes that are not approved, and places in the text for quotes that are not there."""
    return {
        "quotes": unapproved(draft.record, draft.rows("quotes")),
        "body": misplaced(draft.record.body, draft.rows("quotes")),
    }


def many_related(draft: Draft) -> Reasons:
    is_fine = draft.record.related.count() <= MOST_RELATED
    said = ValidationError(_("Choose three related releases at most."), code="too_many_related")
    return {} if is_fine else {"related": [said]}


def licences_of_photos(draft: Draft) -> Reasons:
    return unlicensed(draft.record.photos, at=draft.at)


def contacts_that_are_gone(draft: Draft) -> Reasons:
    """Contacts who do not answer on the day of publication, and for whom nobody stands in."""
    said = _("“%(contact)s” does not answer on %(day)s, and nobody stands in. Choose another contact.")
    gone = [contact for contact, answering in _contacts(draft) if answering is None]
    named = [{"contact": contact, "day": day_in_words(draft.on)} for contact in gone]
    return {"release_contacts": [ValidationError(said, code="contact_gone", params=one) for one in named]}


def contacts_with_a_stand_in(draft: Draft) -> Iterator[Finding]:
    """Contacts in whose place the page names another on the day of publication."""
    for contact, answering in _contacts(draft):
        if answering and answering != contact:
            said = _("“%(contact)s” does not answer on %(day)s: the page names “%(other)s”.")
            named = {"contact": contact, "day": day_in_words(draft.on), "other": answering}
            yield Finding(said % named, str(contact), _("contacts"), "release_contacts-group", contact)


def _contacts(draft: Draft):
    """The named contacts, each with who answers on the day of publication; of what is public, then or now."""
    if not draft.record.pk:
        return
    days = [draft.on, timezone.localdate(draft.record.publish_at or draft.at)]
    for named in draft.record.release_contacts.select_related("contact__fallback__fallback"):
        answering = (named.contact.current(on=day) for day in days)
        yield named.contact, next(filter(None, answering), None)


def offices(draft: Draft) -> Iterator[Finding]:
    """Speakers who signed an agreement not long before, or the very one that the release is about, in another office."""
    quotes = [quote for quote in draft.rows("quotes") if quote.speaker]
    own = set(draft.record.memoranda.values_list("pk", flat=True)) if quotes else set()
    for signed in _signed_by({sort_key(quote.speaker) for quote in quotes}, on=draft.on):
        day, is_new = signed.memorandum.signed, signed.memorandum.signed.latest >= draft.on - OFFICE_IS_NEWS_FOR
        for quote in quotes:
            is_same = sort_key(quote.speaker) == sort_key(signed.name)
            if (
                is_same
                and sort_key(quote.office) != sort_key(signed.office)
                and (is_new or signed.memorandum_id in own)
            ):
                said = _("%(name)s signed “%(agreement)s” (%(day)s) as “%(office)s”.")
                named = {"name": signed.name, "agreement": signed.memorandum, "day": day, "office": signed.office}
                where = f"{quote.speaker}, {quote.office}"
                yield Finding(said % named, where, _("quotes"), "quotes-group", signed.memorandum)


def _signed_by(speakers: set[str], *, on: date) -> Iterable[Signatory]:
    """Signatories of some names, folded, of agreements that were signed by a day, the latest first."""
    if not speakers:
        return []
    called = Q(*(("folded__startswith", f"{speaker}\n") for speaker in speakers), _connector=Q.OR)
    signed = Signatory.objects.filter(called, is_planned=False, memorandum__signed_earliest__lte=on)
    return signed.select_related("memorandum").order_by("-memorandum__signed_earliest", "pk")


# What blocks stands first. A photo without a description, a language that is none and a missing standfirst are refused when
# the form is saved, and need no check.
CHECKS = (
    Check(code="kind", label=gettext_lazy("What its kind needs"), blocks=what_its_kind_needs),
    Check(code="quotes", label=gettext_lazy("Quotes"), blocks=quotes),
    Check(code="related", label=gettext_lazy("Related releases"), blocks=many_related),
    Check(code="licences", label=gettext_lazy("Licences of photos"), blocks=licences_of_photos),
    Check(code="contacts", label=gettext_lazy("Contacts who left"), blocks=contacts_that_are_gone),
    Check(code="stand_ins", label=gettext_lazy("Contacts with a stand-in"), warns=contacts_with_a_stand_in),
    Check(code="offices", label=gettext_lazy("Offices of speakers"), warns=offices),
    *REGISTER_CHECKS,
    *LANGUAGE_CHECKS,
)
