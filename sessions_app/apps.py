from django.apps import AppConfig


class SessionsAppConfig(AppConfig):
    name = "sessions_app"
    verbose_name = "Carts and lines"

    def ready(self) -> None:
        from mirror import outbox
        from sessions_app.writes import HANDLERS

        outbox.register(HANDLERS)
