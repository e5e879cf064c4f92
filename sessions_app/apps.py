from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsAppConfig(AppConfig):
    name = "sessions_app"
    verbose_name = _("Carts and lines")

    def ready(self) -> None:
        from outbox import handlers
        from sessions_app.carts import operations as carts
        from sessions_app.confirmation import operations as confirmation
        from sessions_app.lines import operations as lines

        handlers.register(carts.HANDLERS | lines.HANDLERS | confirmation.HANDLERS)
