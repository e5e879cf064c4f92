from django.apps import AppConfig


class SessionsAppConfig(AppConfig):
    name = "sessions_app"
    verbose_name = "Carts and lines"

    def ready(self) -> None:
        from outbox import handlers
        from sessions_app.operations import HANDLERS

        handlers.register(HANDLERS)
