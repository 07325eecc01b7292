"""The fields' HTML, written here: Django's templates include one another for every option."""

import html
from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Widget = Mapping[str, Any]


def escaped(value: object) -> str:
    """As conditional_escape, at a third of its cost."""
    if isinstance(value, Promise):
        value = str(value)
    return value.__html__() if hasattr(value, "__html__") else html.escape(str(value))


class Renderer(TemplatesSetting):
    """Django's, but for those of its templates that WRITTEN names."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if write := WRITTEN.get(template_name):
            return write(context)
        return super().render(template_name, context, request)


def attributes(widget: Widget) -> str:
    """As Django's attrs.html: True is the name alone, False nothing."""
    return "".join(
        f" {escaped(name)}" if value is True else f' {escaped(name)}="{escaped(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def value_of(widget: Widget) -> str:
    return "" if widget["value"] is None else f' value="{escaped(widget["value"])}"'


def tag(widget: Widget) -> str:
    name, kind = escaped(widget["name"]), escaped(widget["type"])
    return f'<input type="{kind}" name="{name}"{value_of(widget)}{attributes(widget)}>'


def control(context: dict[str, Any]) -> str:
    return tag(context["widget"])


def select(context: dict[str, Any]) -> str:
    widget = context["widget"]
    groups = "".join(
        f'<optgroup label="{escaped(group)}">{listed(options)}</optgroup>'
        if group
        else listed(options)
        for group, options, _index in widget["optgroups"]
    )
    return f'<select name="{escaped(widget["name"])}"{attributes(widget)}>{groups}</select>'


def listed(options: list[Widget]) -> str:
    return "".join(
        f'<option value="{escaped(option["value"])}"{attributes(option)}>'
        f"{escaped(option['label'])}</option>\n"
        for option in options
    )


def choices(context: dict[str, Any]) -> str:
    """Boxes to tick, or buttons of which one is chosen."""
    widget = context["widget"]
    ours = "".join(
        f' {name}="{escaped(value)}"'
        for name in ("id", "class")
        if (value := widget["attrs"].get(name))
    )
    groups = "".join(
        f"<div><label>{escaped(group)}</label>{boxes(options)}</div>" if group else boxes(options)
        for group, options, _index in widget["optgroups"]
    )
    return f"<div{ours}>{groups}</div>"


def boxes(options: list[Widget]) -> str:
    return "".join(f"<div>{box(option)}</div>\n" for option in options)


def box(option: Widget) -> str:
    if not option.get("wrap_label"):
        return tag(option)
    owner = f' for="{escaped(option["attrs"]["id"])}"' if option["attrs"].get("id") else ""
    return f"<label{owner}>{tag(option)} {escaped(option['label'])}</label>"


def faults(context: dict[str, Any]) -> str:
    """Says "Error:" in words, for those who don't see the red."""
    errors = context["errors"]
    if not errors:
        return ""
    owner = f' id="{escaped(errors.field_id)}_error"' if errors.field_id else ""
    word = _("Error:")
    said = f'<span class="hidden-visually">{word} </span>'
    return (
        f'<ul class="errorlist"{owner}>'
        + "".join(f"<li>{said}{escaped(error)}</li>" for error in errors)
        + "</ul>"
    )


def group(context: dict[str, Any]) -> str:
    """Label, hint, error, control, in the order they are read (as_field_group)."""
    field = context["field"]
    errors, label, control = faults({"errors": field.errors}), escaped(field.label), str(field)
    owner, invalid = escaped(field.id_for_label), " invalid" if errors else ""
    words = _("(optional)")  # the catalogue's reader sees no call inside an f-string
    optional = "" if field.field.required else f' <span class="optional">{words}</span>'
    hint, said = escaped(field.help_text), escaped(field.auto_id)
    hint = f'<span class="hint" id="{said}_helptext">{hint}</span>' if hint else ""
    if field.use_fieldset:
        by = escaped(field.aria_describedby or "")
        by = f' aria-describedby="{by}"' if by else ""
        return (
            f'<fieldset class="choices{invalid}"{by}><legend>{label}{optional}</legend>'
            f"{hint}{errors}{control}</fieldset>"
        )
    if field.widget_type == "checkbox":
        return (
            f'<div class="field choice{invalid}">{errors}<label for="{owner}">'
            f"{control} <span>{label}</span></label>{hint}</div>"
        )
    return (
        f'<div class="field{invalid}"><label for="{owner}">{label}{optional}</label>'
        f"{hint}{errors}{control}</div>"
    )


INPUTS = ("text", "number", "email", "url", "date", "datetime", "time", "password", "hidden",
          "checkbox")  # fmt: skip
WRITTEN: dict[str, Callable[[dict[str, Any]], str]] = {
    **{f"django/forms/widgets/{name}.html": control for name in INPUTS},
    "django/forms/widgets/select.html": select,
    "django/forms/widgets/radio.html": choices,
    "django/forms/widgets/checkbox_select.html": choices,
    "django/forms/errors/list/ul.html": faults,
    "django/forms/field.html": group,
}
