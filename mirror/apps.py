from django.apps import AppConfig


class MirrorConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "mirror"
    verbose_name = "Mirror"
