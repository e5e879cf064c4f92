"""Makes `manage.py sandbox` known to Django; the stand-in itself uses nothing of Django."""

from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "sandbox"
