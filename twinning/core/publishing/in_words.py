"""The state of a record in a sentence, and the names of colleagues in it."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from twinning.core.fields.moments import moment_in_words
from twinning.core.publishing.steps import State, Step
from twinning.core.publishing.workflow import Approvable


def state_in_words(record: Approvable, *, at) -> str:
    """The state of a record in a sentence: what happened, when, by whom."""
    state = record.state(at=at)
    # The names of the moment and of the person: only those that are told are looked up.
    sentence, moment, person = {
        State.DRAFT: (_("Draft"), "", ""),
        State.IN_REVIEW: (_("Submitted on %(when)s by %(who)s"), "submitted_at", "submitted_by"),
        State.SCHEDULED: (_("Scheduled for %(when)s, approved by %(who)s"), "publish_at", "approved_by"),
        State.PUBLISHED: (_("Published on %(when)s, approved by %(who)s"), "publish_at", "approved_by"),
        State.WITHDRAWN: (_("Withdrawn on %(when)s by %(who)s: %(why)s"), "withdrawn_at", "withdrawn_by"),
        State.TAKEN_DOWN: (_("Taken down on %(when)s by %(who)s"), "taken_down_at", "taken_down_by"),
    }[state]
    moment, person = moment and getattr(record, moment), person and getattr(record, person)
    if record.awaits_confirmation and state in (State.SCHEDULED, State.PUBLISHED):
        sentence = {
            State.SCHEDULED: _("Scheduled urgently for %(when)s by %(who)s, not approved by anybody else yet"),
            State.PUBLISHED: _("Published urgently on %(when)s by %(who)s, not approved by anybody else yet"),
        }[state]
    why = getattr(record, "withdrawal_reason", "")
    return sentence % {"when": moment_in_words(moment), "who": person and name_of(person), "why": why}


def after_step(step: Step, subject: Approvable, *, at) -> str:
    """What somebody reads who has taken a step: how the record stands now, and the way on or back."""
    said = state_in_words(subject, at=at)
    return f"{said.removesuffix('.')}. {step.then}" if step.then else said


def quicker(record, subject: Approvable, *, at) -> SafeString:
    """What somebody reads whose step is no longer possible, because a colleague took another one meanwhile."""
    return format_html(_("A colleague was quicker. “{}”: {}."), record, state_in_words(subject, at=at))


def name_of(person) -> str:
    """A colleague's name, or at least the name of the account."""
    return person.get_full_name() or person.get_username()
