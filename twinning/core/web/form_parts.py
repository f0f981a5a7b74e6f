"""Form renderer: writes fields, labels and errors in Python, the same HTML as Django's templates.

A form of the back office has hundreds of them, and Django renders two or three templates for each: a third of its work.
"""

from html import escape

from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.safestring import SafeString


def _escaped(value) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))


def _attributes(attrs: dict) -> str:
    """What comes after the name of an element; False leaves an attribute out, True has no value."""
    given = [(_escaped(name), value) for name, value in attrs.items() if value is not False]
    return "".join(f" {name}" if value is True else f' {name}="{_escaped(value)}"' for name, value in given)


def _input(context: dict) -> str:
    widget = context["widget"]
    value = "" if widget["value"] is None else f' value="{_escaped(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{_escaped(widget["name"])}"{value}{_attributes(widget["attrs"])}>'


def _textarea(context: dict) -> str:
    widget = context["widget"]
    name, text = _escaped(widget["name"]), _escaped(widget["value"] or "")
    return f'<textarea name="{name}"{_attributes(widget["attrs"])}>\n{text}</textarea>'


def _select(context: dict) -> str:
    widget = context["widget"]
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return f'<select name="{_escaped(widget["name"])}"{_attributes(widget["attrs"])}>{groups}\n</select>'


def _group(name: str | None, options: list[dict]) -> str:
    written = "".join(f"\n  {_option(option)}\n" for option in options)
    return f'\n  <optgroup label="{_escaped(name)}">{written}\n  </optgroup>' if name else written


def _option(option: dict) -> str:
    label = _escaped(localize(option["label"]))
    return f'<option value="{_escaped(option["value"])}"{_attributes(option["attrs"])}>{label}</option>'


def _label(context: dict) -> str:
    label, tag = _escaped(context["label"]), context["tag"]
    return f"<{tag}{_attributes(context['attrs'])}>{label}</{tag}>" if context["use_tag"] else label


def _errors(context: dict) -> str | None:
    return None if context["errors"] else ""


_WIDGETS = "django/forms/widgets/"
_PARTS = {
    **{f"{_WIDGETS}{kind}.html": _input for kind in ("text", "hidden", "number", "email", "date", "checkbox", "file")},
    f"{_WIDGETS}textarea.html": _textarea,
    f"{_WIDGETS}select.html": _select,
    "django/forms/label.html": _label,
    "django/forms/errors/list/ul.html": _errors,
    "django/forms/errors/list/default.html": _errors,
}


class FormRenderer(TemplatesSetting):
    """Renderer of forms: a part that is written in Python, or the template that somebody wrote for it."""

    def render(self, template_name, context, request=None):
        write = _PARTS.get(template_name)
        written = write(context) if write else None
        return super().render(template_name, context, request) if written is None else written.strip()
