"""FormVisit: one request to the form of a record, with its subject, the steps offered and the problem, if any."""

from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from twinning.core.backoffice.conflicts import NOT_SAVED, Conflict
from twinning.core.history.events import HistoryEvent
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.steps import State, Step
from twinning.core.web.visits import Visit


class Refused(Exception):
    """Error: the model refuses a step; rolls back what the form has saved."""

    def __init__(self, error: ValidationError):
        super().__init__(error)
        self.error = error


@dataclass
class FormVisit(Visit):
    """Somebody opens or sends the form of a record; the record of an empty form is not saved yet."""

    by: models.Model
    record: models.Model
    of_copy: bool = False  # the form of the working copy was asked for
    copy: WorkingCopy | None = None
    step: Step | None = None  # whose button was pressed
    is_locked: bool = False  # the subject is read, and has no form
    is_edited: bool = False  # this person may change the subject here
    last: HistoryEvent | None = None  # the event that left the subject as it is
    problem: ValidationError | Conflict | None = None  # why nothing was saved
    is_shown_again: bool = False  # the form only shows what was typed before
    saved_form: forms.ModelForm | None = None
    written: dict | None = None  # what the form made of a working copy: a snapshot

    @property
    def subject(self) -> models.Model:
        """What the form edits and steps are taken with: the working copy, or the record."""
        return self.copy or self.record

    @property
    def problem_in_words(self) -> ValidationError:
        """The problem as an error of the form."""
        if isinstance(self.problem, Conflict):
            return ValidationError(NOT_SAVED, code="conflict")
        return self.problem

    @property
    def state(self) -> State:
        return self.subject.state(at=self.at)

    @cached_property
    def offered(self) -> dict[str, Step]:
        """The steps that this person may take now, in the order of their buttons."""
        steps, is_edited = getattr(self.subject, "own_steps", {}).values(), not self.is_locked
        found = {
            step.name: step
            for step in steps
            if step.words(is_edited=is_edited) and self.subject.may(step.name, by=self.by, at=self.at)
        }
        return {name: step for name, step in found.items() if is_edited or step.instead_of not in found}
