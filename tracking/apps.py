from django.apps import AppConfig


class TrackingConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "tracking"
    verbose_name = "Orders"

    def ready(self) -> None:
        from mirror import outbox, search
        from tracking.writes import HANDLERS

        outbox.register(HANDLERS)
        search.index_when_migrated(self, "Order", "search")
