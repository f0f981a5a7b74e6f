"""What comes next with a record, for the person who looks at it: the strong button, and a sentence that this person can follow.

Where the next step is somebody else's, the sentence names the roles that can take it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.contrib.auth.models import Group
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from twinning.core.publishing.copies import WorkingCopy, may_begin
from twinning.core.publishing.in_words import name_of, state_in_words
from twinning.core.publishing.steps import READABLE, State
from twinning.core.publishing.workflow import Approvable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The codes of strong buttons: begin a working copy, open the one that is there, open the form of what waits.
BEGIN_COPY, OPEN_COPY, OPEN_FORM = "begin-copy", "open-copy", "open-form"


@dataclass(frozen=True)
class Next:
    """What comes next: a sentence, and the button that is not a step of the workflow, with its words; without code none."""

    sentence: str
    code: str = ""
    words: str = ""


def next_step(record: Approvable, copy: WorkingCopy | None, *, of_copy: bool, offered, by, at: datetime) -> Next:
    """What comes next with a record, or with its working copy if that is what is looked at."""
    subject = copy if of_copy else record
    state = subject.state(at=at)
    if not of_copy and state in READABLE:
        return _with_public_page(record, copy, by=by, at=at)
    if state == State.SCHEDULED:
        return Next(_how_it_comes_back(subject, offered, by=by, at=at))
    if state == State.IN_REVIEW:
        return _in_review(subject, offered, by=by, at=at)
    if state == State.TAKEN_DOWN:
        return Next(_("It is gone for good, and its address says so."))
    return Next(_who_goes_on(subject, offered, by=by))


def _with_public_page(record, copy: WorkingCopy | None, *, by, at: datetime) -> Next:
    may_change = record.has_right("change", by=by)
    if copy:
        whose, said = name_of(copy.begun_by), state_in_words(copy, at=at)
        sentence = _("There is a working copy, begun by %(who)s: %(state)s.") % {"who": whose, "state": said}
        is_begun = may_change and copy.state(at=at) == State.DRAFT
        words = _("Continue the copy of %s") if is_begun else _("Look at the copy of %s")
        return Next(sentence, OPEN_COPY, words % whose)
    if may_begin(record, by=by, at=at):
        return Next(_("You edit a copy; the public page stays as it is until that is approved."), BEGIN_COPY, _("Edit"))
    return Next(_("%s can change it.") % who_can("change", record))


def _how_it_comes_back(subject: Approvable, offered, *, by, at: datetime) -> str:
    if "send_back" in offered:
        return _("What is approved is not edited. To change it, send it back.")
    who = who_can("approve", subject)
    if "ask_back" in offered:
        return _("What is approved is not edited. To change it, ask for it back: %s can send it back.") % who
    said = _("%s can send it back to be changed.") % who
    is_asking = subject.has_right("submit", by=by)
    return f"{subject.why_not('ask_back', by=by, at=at)} {said}" if is_asking else said


def _in_review(subject: Approvable, offered, *, by, at: datetime) -> Next:
    if not subject.has_right("approve", by=by):
        return Next(_("%s can approve it.") % who_can("approve", subject))
    why_not = "" if "approve" in offered else subject.why_not("approve", by=by, at=at)
    return Next(why_not, OPEN_FORM, _("Put words right"))


def _who_goes_on(subject: Approvable, offered, *, by) -> str:
    if "submit" in offered:
        return ""
    if subject.has_right("change", by=by):
        return _("%s can submit it.") % who_can("submit", subject)
    return _("%s can go on with it.") % who_can("change", subject)


def who_can(right: str, subject: Approvable) -> str:
    """The roles that have a right to a kind of record, as “Approver or Administrator”."""
    record = subject.record if isinstance(subject, WorkingCopy) else subject
    opts = record._meta
    permission = {"content_type__app_label": opts.app_label, "codename": f"{right}_{opts.model_name}"}
    having = {f"permissions__{name}": value for name, value in permission.items()}
    names = list(Group.objects.filter(**having).order_by("pk").values_list("name", flat=True))
    return _(" or ").join(names) or _("Nobody so far: ask whoever administers the roles, who")


def what_it_lacks(subject: Approvable, *, at: datetime) -> list[str]:
    """What has to be there before it may be public; its writer is told, and not only the approver."""
    return [words for messages in lacks_by_name(subject, at=at).values() for words in messages]


@cache
def lacks_when_empty(model: type[Approvable]) -> dict[str, list[str]]:
    """The same of a record that is not there yet. Its key is that of none, so it has no parts; the moment does not matter."""
    return lacks_by_name(model(pk=0), at=EPOCH)


def lacks_by_name(subject: Approvable, *, at: datetime) -> dict[str, list[str]]:
    """The same under the names of the fields and of the parts where it is missing."""
    try:
        subject.check_ready(at=at)
    except ValidationError as error:
        return error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    return {}
