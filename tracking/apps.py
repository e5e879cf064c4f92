from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "tracking"
    verbose_name = "Orders"

    def ready(self) -> None:
        from desk.calendar import register_calendar
        from desk.pages import register_page
        from mirror import outbox, search
        from tracking.calendar import entries
        from tracking.lists import ORDERS_PAGE
        from tracking.writes import HANDLERS

        outbox.register(HANDLERS)
        register_page(ORDERS_PAGE)
        register_calendar(entries)
        search.index_when_migrated(self, "Order", "search")
