from django.apps import AppConfig


class ExtranetConfig(AppConfig):
    name = "extranet"
    verbose_name = "Copper orders"

    def ready(self) -> None:
        from desk.calendar import register_calendar
        from desk.pages import register_page
        from extranet import contact_writes, writes
        from extranet.calendar import entries
        from extranet.lists import ORDERS_PAGE
        from mirror import outbox, search, vendor

        outbox.register(writes.HANDLERS | contact_writes.HANDLERS, vendor.EXTRANET)
        register_page(ORDERS_PAGE)
        register_calendar(entries)
        search.index_when_migrated(self, "CopperOrder", "search")
