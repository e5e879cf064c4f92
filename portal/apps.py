from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Carnet"

    def ready(self) -> None:
        from portal import checks  # noqa: F401  (registers the checks)
        from portal.operations.schedules import ensure_schedules

        # The queue's own signal: ours is never sent, for the portal has no models.
        post_migrate.connect(ensure_schedules, sender=apps.get_app_config("django_q"))
