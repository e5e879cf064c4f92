"""`manage.py deliver`: send what is owed to the vendor, once through."""

from typing import Any

from django.core.management.base import BaseCommand

from outbox import clients, delivery


class Command(BaseCommand):
    help = "Send what is owed to the vendor, once through."

    def handle(self, *args: Any, **options: Any) -> None:
        pending = delivery.deliver_due(clients.client_of)
        self.stdout.write(f"{pending} operations are still owed." if pending else "Nothing is owed.")
