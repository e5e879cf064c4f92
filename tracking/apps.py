from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrackingConfig(AppConfig):
    name = "tracking"
    verbose_name = _("Fibre orders")

    def ready(self) -> None:
        from lists import search
        from lists.registered_pages import register_page
        from notifications.calendars.sources import register_calendar
        from outbox import handlers
        from tracking.orders.calendar import entries
        from tracking.orders.list_page import ORDERS_PAGE
        from tracking.requests.operations import HANDLERS

        handlers.register(HANDLERS)
        register_page(ORDERS_PAGE)
        register_calendar(entries)
        search.index_when_migrated(self, "Order", "search")
