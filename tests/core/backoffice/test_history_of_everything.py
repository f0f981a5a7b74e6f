"""Every field of every form of the back office: change it, and history says so in words."""

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.models import InlineForeignKeyField

from partners.models import City, Memorandum, Programme
from tests.back_office import errors, form_url, press, sent_by_browser, signed_in
from tests.factories import (
    SCAN,
    make_city,
    make_contact,
    make_election,
    make_memorandum,
    make_photo,
    make_release,
    make_superuser,
    make_theme,
    make_user,
    make_whole_record,
)
from twinning.core.history.compare import differences
from twinning.core.history.events import EventKind, HistoryEvent

pytestmark = pytest.mark.django_db

# A record of each kind that has a form; a new kind without one fails.


def agreement_with_others() -> Memorandum:
    """An agreement that somebody signed for a party that is no partner city."""
    memorandum = make_whole_record("memorandum", "Canary")
    memorandum.signatories.filter(party="").delete()
    return memorandum


RECORDS = {
    "partners.city": lambda: make_whole_record("city", "Canary"),
    "partners.theme": lambda: make_whole_record("theme", "Canary"),
    "partners.memorandum": agreement_with_others,
    "partners.programme": lambda: Programme.objects.create(pk=1, headline="Six cities", lead="Friends."),
    "news.pressrelease": lambda: make_whole_record("release", "Canary"),
    "news.presscontact": make_contact,
    "news.preelectionperiod": make_election,
    "core.page": lambda: make_whole_record("page", "Canary"),
    "core.photo": make_photo,
    "core.user": make_user,
    "auth.group": lambda: Group.objects.create(name="Helpers"),
    "auth.permission": lambda: Permission.objects.get(codename="view_city"),
}
READ_ONLY = {"core.historyevent"}
WITHOUT_HISTORY = {"news.subscriber"}  # nothing is kept about a reader who wants to be deleted
KINDS = sorted(model._meta.label_lower for model in admin.site._registry)

# What is valid where not every text is.
TEXTS = {
    "slug": "another-slug",
    "alt": "",  # and “only decoration” beside it
    "time_zone": "Europe/London",
    "wikidata_id": "Q42",
    "codename": "another_right",
    "username": "another",
    "phone": "0113 496 0101",
    "out_of_hours_phone": "0113 496 0102",
    "party": "",  # and a city beside it
    "planned": "1970",
    "signed": "1971",
    "in_force": "1972",
    "negotiated": "1970",
    "begins": "1980-05-06",
    "ends": "1990-05-06",
    "valid_from": "2029-01-01",
    "event_ends_at": "2030-05-06T11:00",
}
# What only goes with something else, and so gets a form of its own.
ALONE = {
    "abandoned_on": {"signed": "", "in_force": "", "ends": ""},
    "is_signed_on_unknown_day": {"signed": "", "abandoned_on": ""},
}


def another(name: str, field: forms.Field, value) -> object:
    """Something else than the value of a field that the form accepts."""
    if name in TEXTS:
        return TEXTS[name]
    if "language" in name and isinstance(field, forms.CharField):
        return "fr"
    if isinstance(field, forms.ModelMultipleChoiceField):
        return [field.queryset.exclude(pk__in=[getattr(one, "pk", one) for one in value or ()]).first().pk]
    if isinstance(field, forms.ModelChoiceField):
        return field.queryset.exclude(pk=value).first().pk
    if isinstance(field, forms.ChoiceField):
        return next(key for key, _label in field.choices if key and str(key) != str(value))
    if isinstance(field, forms.BooleanField):
        return [] if value else "on"
    if isinstance(field, forms.FileField):
        return SimpleUploadedFile("another.pdf", SCAN)
    typed = {
        forms.DateTimeField: "2030-05-06T10:00", forms.DateField: "2030-05-06", forms.DecimalField: "7",
        forms.IntegerField: "7", forms.URLField: "https://example.org/another", forms.EmailField: "another@example.org",
    }  # fmt: skip
    dates = type(field).__name__ == "PartialDateFormField"
    return next((text for kind, text in typed.items() if isinstance(field, kind)), "1973" if dates else "Another")


def make_others() -> None:
    """What choosers need beside what they name: one more of each kind that can be named."""
    city, other = make_city("Elsewhere"), make_city("Nowhere")
    make_photo("Elsewhere")
    make_theme("Elsewhere"), make_theme("Nowhere"), make_contact("Elsewhere"), make_release()
    make_memorandum(*City.objects.all()), make_memorandum(city, other)
    Group.objects.create(name="Others")
    make_user("Twinning editor")


def columns(form: forms.ModelForm) -> list[str]:
    """The fields of a form that end up in the record or the part."""
    opts = form._meta.model._meta
    content = {field.name for field in (*opts.fields, *opts.many_to_many) if field.editable and not field.primary_key}
    # The bytes of a photo are told by an event of their own.
    content -= {*getattr(opts.model, "not_content", ())}
    return [
        name
        for name, field in form.fields.items()
        if name in content and not field.disabled and not isinstance(field, InlineForeignKeyField)
    ]


def typed_into(form: forms.ModelForm) -> dict:
    names = [name for name in columns(form) if name not in ALONE]
    return {form.add_prefix(name): another(name, form.fields[name], form.initial.get(name)) for name in names}


def told(record) -> set[tuple[str, str]]:
    """The (relation, field) pairs of the last change; each has a name and shows that something differs."""
    last, before = HistoryEvent.objects.of(record).states()[:2]
    assert last.what == EventKind.CHANGE
    found = differences(type(record), before.snapshot, last.snapshot, reader=last.by)
    assert all(one.label and (one.before != one.after or one.note) for one in found)
    return {(one.key[0], one.key[2]) for one in found}


def opened(kind: str):
    """The record of a kind, the browser of somebody who may do everything, and the form."""
    record, client = RECORDS[kind](), signed_in(make_superuser())
    make_others()
    if isinstance(record, Memorandum):
        Memorandum.objects.exclude(pk=record.pk).first().cities.set(City.objects.all())
    return record, client, client.get(form_url(record))


def test_every_kind_has_a_record_or_cannot_be_changed():
    assert set(KINDS) == RECORDS.keys() | READ_ONLY | WITHOUT_HISTORY


@pytest.mark.parametrize("kind", RECORDS)
def test_every_field_that_changes_is_named(kind):
    record, client, form = opened(kind)
    main = form.context["adminform"].form
    parts = [inline.formset for inline in form.context["inline_admin_formsets"]]
    typed, expected = typed_into(main), {("", name) for name in columns(main)}
    for formset in parts:
        typed |= typed_into(formset.initial_forms[0])
        relation = formset.fk.remote_field.get_accessor_name()
        expected |= {(relation, name) for name in columns(formset.initial_forms[0])}
    response = client.post(form_url(record), sent_by_browser(form) | typed | {"_save": "on"})
    assert response.status_code == 302, errors(response)
    assert expected - told(record) == {("", name) for name in ALONE if ("", name) in expected}


def test_field_that_goes_with_nothing_else_is_named_too():
    record, client, _form = opened("partners.memorandum")
    for name, others in ALONE.items():
        press(client, record, **{name: "2020-05-06", "end_reason": "Why"} | others)
        assert ("", name) in told(record)


@pytest.mark.parametrize("kind", [kind for kind in RECORDS if admin.site._registry[apps.get_model(kind)].inlines])
def test_every_part_that_goes_is_named(kind):
    record, client, form = opened(kind)
    formsets = [inline.formset for inline in form.context["inline_admin_formsets"]]
    typed = {f"{formset.prefix}-0-DELETE": "on" for formset in formsets}
    assert client.post(form_url(record), sent_by_browser(form) | typed | {"_save": "on"}).status_code == 302
    last, before = HistoryEvent.objects.of(record).states()[:2]
    gone = {d.key[0] for d in differences(type(record), before.snapshot, last.snapshot) if d.part_change == "removed"}
    assert gone == {formset.fk.remote_field.get_accessor_name() for formset in formsets}


@pytest.mark.parametrize("kind", READ_ONLY)
def test_what_is_only_read_cannot_be_changed_by_anybody(kind, rf):
    request = rf.get("/")
    request.user = make_superuser()
    form = admin.site.get_model_admin(apps.get_model(kind))
    assert not any(
        [form.has_add_permission(request), form.has_change_permission(request), form.has_delete_permission(request)]
    )
