"""What a browser does on the page of the outbox."""

from typing import Any

from django.test import Client

from outbox.models import Operation

BUTTONS = ("send", "withdraw", "dismiss")


def outbox_page(client: Client, query: str = "") -> str:
    response = client.get(f"/outbox/{query}")
    assert response.status_code == 200
    return response.content.decode()


def act(client: Client, operation: Operation, action: str) -> Any:
    return client.post(f"/outbox/{operation.pk}/{action}/", follow=True)
