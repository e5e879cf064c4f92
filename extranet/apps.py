from django.apps import AppConfig


class ExtranetConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "extranet"
    verbose_name = "Copper orders"

    def ready(self) -> None:
        from extranet.writes import HANDLERS
        from mirror import outbox, search, vendor

        outbox.register(HANDLERS, vendor.EXTRANET)
        search.index_when_migrated(self, "CopperOrder", "search")
