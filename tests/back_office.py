"""The back office as somebody at its forms sees it: open one, type, press a button."""

import re

from django import forms
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from twinning.core.models import User

# What Django's admin says of itself, which twinning/locale replaces by words of the office. Names of the fields of a
# record, and what people type, are not among it.
OF_DJANGO = re.compile(
    r"successfully|You may (?:edit|add)|Please correct|Perhaps it was|Are you sure|take me back|Delete selected|\bobjects? "
    r"|\d selected|continue editing|Start typing|No action selected|Items must be|related items|account doesn't"
    r"|to view or edit anything|Select an option|Select a valid|Designates|Select \w+ to |Change or view list|Add link"
    r"|Authentication and|(?-i:\b(?:and|may) add another|\bAdd another|\bHome\b|\bRun\b"
    r"|\bToggle \w+|\bModel name|Sidebar|View on site|Cannot delete|Currently:|\bNone\b"
    r"|Password change|Change (?:city|theme|agreement|page|press|photo|user|group)\b|\bDjango\b)",
    re.IGNORECASE,
)


def signed_in(user: User) -> Client:
    """A browser in which somebody has logged in."""
    client = Client()
    client.force_login(user)
    return client


def form_url(target) -> str:
    """The form of a record, or the empty form of a kind of record."""
    name = f"admin:{target._meta.app_label}_{target._meta.model_name}"
    return reverse(f"{name}_add") if isinstance(target, type) else reverse(f"{name}_change", args=[target.pk])


def press(client: Client, target, button: str = "_save", **typed):
    """Open a form, type into some of its fields, press a button; the fields of parts are named “quotes-0-text”."""
    url = edit_url(target)
    return client.post(url, sent_by_browser(client.get(url)) | typed | {button: "on"})


def edit_url(target) -> str:
    """The form of a record for an approver too, for whom it opens to be read while it is in review."""
    return form_url(target) if isinstance(target, type) else f"{form_url(target)}?edit=1"


def sent_by_browser(response) -> dict:
    """What a browser would send back if nobody typed anything; of a page to read, that it was read."""
    if "adminform" not in response.context:
        return {"_read": response.context["version"]}
    main = response.context["adminform"].form
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    everything = [main, *(f for formset in formsets for f in (formset.management_form, *formset.forms))]
    sent = {field.html_name: value for form in everything for field in form for value in _values(field)}
    said = {"_version": response.context.get("version"), "_shown_to": response.context.get("shown_to")}
    return sent | {name: value for name, value in said.items() if value}


def _values(field) -> list:
    widget, value = field.field.widget, field.value()
    if isinstance(widget, forms.FileInput):
        return []
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    if isinstance(value, list | tuple):
        return [[getattr(one, "pk", one) for one in value]]
    shown = widget.format_value(value)
    return ["" if shown is None else shown]


def errors(response) -> list[str]:
    """What a form that came back says is wrong, as “field: words” or “words”."""
    if "adminform" not in response.context:
        return [*response.context["problems"], *_errors_of_ways(response.context["ways"])]
    form = response.context["adminform"].form
    found = [
        f"{name}: {message}" if name != "__all__" else message for name, said in form.errors.items() for message in said
    ]
    for inline in response.context["inline_admin_formsets"]:
        for part in inline.formset.forms:
            found += [f"{part.prefix}-{name}: {message}" for name, said in part.errors.items() for message in said]
    return found


def _errors_of_ways(ways) -> list[str]:
    forms = [way.form for way in ways if way.form and way.form.is_bound]
    return [
        f"{name}: {message}"
        for form in forms
        for name, said in form.errors.items()
        if name != "__all__"
        for message in said
    ]


def words_of_django(body: bytes) -> list[str]:
    """Django's own words on a page, each with what stands around it."""
    page = re.sub(r"<(script|style).*?</\1>", "", body.decode(errors="replace"), flags=re.DOTALL)
    said = [strip_tags(page), *re.findall(r'(?:title|aria-label|placeholder|type="submit" value)="([^"]*)"', page)]
    found = OF_DJANGO.finditer(" ".join(" | ".join(said).split()))
    return [one.string[max(0, one.start() - 40) : one.end() + 40] for one in found]
