"""The parts of forms that are written in Python: letter for letter what Django's own templates say."""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting, get_default_renderer
from django.forms.utils import ErrorList
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from twinning.core.web.form_parts import FormRenderer

HOSTILE = """<b title='"'>&amp; & ' "</b>"""
CHOICES = [("", "–"), (1000, "<1>"), ("a&b", gettext_lazy("yes")), ("Group <2>", [("c", "C"), (2.5, 1234.5)])]
WIDGETS = [
    forms.TextInput(), forms.HiddenInput(), forms.NumberInput(), forms.EmailInput(), forms.FileInput(),
    forms.CheckboxInput(), forms.DateInput(), forms.Textarea(), forms.Select(choices=CHOICES),
    forms.SelectMultiple(choices=CHOICES),
]  # fmt: skip
texts = st.text(alphabet="a<>&\"' \n\u2028é", max_size=8)
values = st.none() | texts | texts.map(SafeString) | st.integers() | st.booleans() | st.floats(allow_nan=False)
attributes = st.dictionaries(st.sampled_from(["id", "class", "data-a"]), values.filter(lambda value: value is not None))


class Form(forms.Form):
    name = forms.CharField(label="A <name> & more", help_text=HOSTILE)


def test_site_uses_the_renderer():
    assert isinstance(get_default_renderer(), FormRenderer)


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
@given(value=values, attributes=attributes)
def test_widget_is_written_as_by_django(widget, value, attributes):
    shown = [value] if isinstance(widget, forms.SelectMultiple) else value
    written = [widget.render("a<b", shown, attributes, renderer) for renderer in (FormRenderer(), TemplatesSetting())]
    assert written[0] == written[1]
    assert isinstance(written[0], SafeString)


@pytest.mark.parametrize("value", ["", None, 1000, "a&b", "c", 2.5, ["c", 1000], HOSTILE])
@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple])
def test_choices_are_written_as_by_django(kind, value):
    widget = kind(choices=CHOICES)
    written = {widget.render("choice", value, {}, renderer) for renderer in (FormRenderer(), TemplatesSetting())}
    assert len(written) == 1


@given(contents=st.none() | texts | texts.map(SafeString), attributes=attributes)
def test_label_is_written_as_by_django(contents, attributes):
    labels = {
        Form(renderer=renderer)["name"].label_tag(contents, attributes)
        for renderer in (FormRenderer(), TemplatesSetting())
    }
    assert len(labels) == 1


@pytest.mark.parametrize("errors", [[], [HOSTILE], ["One.", "Two."]])
def test_errors_are_written_as_by_django(errors):
    for written in (ErrorList.as_ul, str):
        assert len({written(ErrorList(errors, renderer=one)) for one in (FormRenderer(), TemplatesSetting())}) == 1
    assert ErrorList(errors, renderer=FormRenderer()).as_ul().count("<li>") == len(errors)


def test_widget_with_a_template_of_its_own_keeps_it():
    class Own(forms.TextInput):
        template_name = "django/forms/widgets/search.html"
        input_type = "search"

    assert Own().render("q", "x", {}, FormRenderer()) == '<input type="search" name="q" value="x">'
