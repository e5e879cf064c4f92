"""What the pages of carts and lines need of the template language."""

from datetime import date

from django import template
from django.utils import timezone

from sessions_app.querysets import SOON

register = template.Library()


@register.filter
def is_near(day: date) -> bool:
    """Whether a draft's last day is within the fortnight in which it stands out, or past."""
    return day <= timezone.localdate() + SOON
