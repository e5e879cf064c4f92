from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExtranetConfig(AppConfig):
    name = "extranet"
    verbose_name = _("Copper orders")

    def ready(self) -> None:
        from extranet.contacts import operations
        from extranet.drafts import operations as drafts_operations
        from extranet.orders.calendar import entries
        from extranet.orders.list_page import ORDERS_PAGE
        from lists import search
        from lists.registered_pages import register_page
        from notifications.calendars.sources import register_calendar
        from outbox import apis, handlers

        handlers.register(drafts_operations.HANDLERS | operations.HANDLERS, apis.EXTRANET)
        register_page(ORDERS_PAGE)
        register_calendar(entries)
        search.index_when_migrated(self, "CopperOrder", "search")
