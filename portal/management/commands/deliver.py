"""`manage.py deliver`: send every pending operation to the vendor, once through."""

from typing import Any

from django.core.management.base import BaseCommand

from outbox import clients, delivery


class Command(BaseCommand):
    help = "Send everything in the outbox to Covage, once through."

    def handle(self, *args: Any, **options: Any) -> None:
        pending = delivery.deliver_due(clients.client_of)
        self.stdout.write(
            f"{pending} operations are still waiting." if pending else "Nothing is waiting to be sent."
        )
