"""What the queue's worker does, without its pauses of a minute: send what is pending, and sync."""

import itertools
import time

import django

django.setup()

from extranet.tasks import sync_extranet  # noqa: E402  (needs the apps loaded)
from outbox import clients, delivery  # noqa: E402
from sessions_app import tasks  # noqa: E402
from tracking.tasks import sync_orders  # noqa: E402

ROUNDS_BETWEEN_SYNCS = 15


def main() -> None:
    for number in itertools.count():
        delivery.deliver_due(clients.client_of)
        if number % ROUNDS_BETWEEN_SYNCS == 0:
            tasks.sync_carts()
            tasks.follow()
            sync_orders()
            sync_extranet()
        time.sleep(0.1)


if __name__ == "__main__":
    main()
