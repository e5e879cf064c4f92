from django.apps import AppConfig


class ExtranetConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "extranet"
    verbose_name = "Extranet"
