"""The lists, with thousands of lines and with almost none, compared with a page that lists nothing."""

from collections.abc import Iterator

from django.test import Client

from accounts.models import User
from accounts.roles import SALES
from bench.measurement import Measurement, median
from sessions_app.models import Cart, Line

TIMES = 30
PAGES = {
    "list of carts": "/carts/",
    "list of lines": "/lines/",
    "list of lines, by customer": "/lines/?sort=end_customer_name",
    "list of lines, found by a word": "/lines/?search=rue",
    "list of lines, found by a word that occurs nowhere": "/lines/?search=nowhere",
    "drafts near their end": "/lines/?readiness=expiring",
}


def measurements() -> Iterator[Measurement]:
    from django.contrib.auth.models import Group

    user = User.objects.create_user("bench")
    user.groups.add(Group.objects.get(name=SALES))
    client = Client(headers={"X-Forwarded-Proto": "https"})
    client.force_login(user)
    floor = _median(client, "/carts/new/")
    lines = Line.objects.count()
    full = {name: _median(client, path) for name, path in PAGES.items()}
    Cart.objects.exclude(pk=Cart.objects.values("pk")[:1]).delete()
    for name, path in PAGES.items():
        yield Measurement(f"{name}, {lines} lines", full[name], "a page that lists nothing", floor)
        yield Measurement(
            f"{name}, {lines} lines",
            full[name],
            f"the same with {Line.objects.count()}",
            _median(client, path),
        )


def _median(client: Client, path: str) -> float:
    def get() -> None:
        answer = client.get(path, secure=True)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")

    return median(get, TIMES)
