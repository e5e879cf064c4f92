from django.apps import AppConfig


class PortalConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "portal"
    verbose_name = "Carnet"

    def ready(self) -> None:
        from portal import checks  # noqa: F401  (registers the checks)
