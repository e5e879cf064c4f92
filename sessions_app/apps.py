from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsAppConfig(AppConfig):
    name = "sessions_app"
    verbose_name = _("Carts and lines")

    def ready(self) -> None:
        from outbox import handlers
        from sessions_app.operations import HANDLERS

        handlers.register(HANDLERS)
