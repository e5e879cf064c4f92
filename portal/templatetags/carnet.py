"""The few things that our templates need and Django's do not have."""

from django import forms, template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from outbox.handlers import description_of
from web.words import refusal_words

register = template.Library()
register.filter("description", description_of)
register.filter(refusal_words)

CLASSES: dict[type[forms.Widget], str] = {
    forms.CheckboxInput: "form-check-input",
    forms.RadioSelect: "",
    forms.CheckboxSelectMultiple: "",
    forms.Select: "form-select",
}


@register.simple_tag
def widget(field: BoundField, note: str = "", invalid: bool = False, oob: bool = False) -> SafeString:
    """The field's widget with its CSS class, tied to its help and its errors for screen readers.

    `note`: the id of what else is said about the field; `invalid`: said there; `oob`: to be swapped in by its id.
    """
    described_by = [f"{field.auto_id}_helptext"] if field.help_text else []
    attrs: dict[str, str | bool] = {"class": _classes(field.field.widget)}
    if note:
        described_by.append(note)
    if field.errors:
        described_by.append(f"error-{field.auto_id}")
    if field.errors or invalid:
        attrs["aria-invalid"] = "true"
    if oob:
        attrs["hx-swap-oob"] = "true"
    if described_by:
        attrs["aria-describedby"] = " ".join(described_by)
    return field.as_widget(attrs=attrs)


def _classes(widget: forms.Widget) -> str:
    css_class = next((name for kind, name in CLASSES.items() if isinstance(widget, kind)), "form-control")
    return f"{widget.attrs.get('class', '')} {css_class}".strip()


@register.simple_tag(takes_context=True)
def vendor_name(context: template.Context, name: str) -> str:
    """The vendor's own name for what a label names, for a user who chose to see those; empty for all others."""
    user = getattr(getattr(context, "request", None), "user", None)
    if not name or not getattr(user, "shows_field_names", False):
        return ""
    return format_html('<code class="vendor-name">{}</code>', name)
