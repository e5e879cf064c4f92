"""The form of the filters of the list of orders."""

from django.utils.translation import gettext_lazy as _

from desk.filterform import GroupedForm

CHOICES = ("offer_technology", "offer_family", "step", "commitment", "project_id", "created_by")


class OrderFilterForm(GroupedForm):
    at_first = ("q", "place", "end_customer_name")
    ticked = "state"
    flags = ("late", "stuck", "notice_due", "terminating", "unread", "watched", "mine", "ordered_here")
    grouped = ((_("Product and origin"), CHOICES),)
