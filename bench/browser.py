"""Pages as the back office requests them, compared with one that lists nothing."""

from collections.abc import Iterator, Mapping

from django.test import Client

from accounts.models import User
from accounts.roles import BACK_OFFICE
from bench.measurement import Measurement, median

TIMES = 20
LISTS_NOTHING = "/accounts/password/change/"


def pages(addresses: Mapping[str, str], note: str) -> Iterator[Measurement]:
    """Yield the cost of each named page; `note` says how much the pages have to list.

    Raises RuntimeError when a page doesn't answer 200.
    """
    client = _back_office()
    floor = median(lambda: _get(client, LISTS_NOTHING), TIMES)
    for name, address in addresses.items():
        seconds = median(lambda address=address: _get(client, address), TIMES)  # type: ignore[misc]
        yield Measurement(f"{name}, {note}", seconds, "a page that lists nothing", floor)


def _back_office() -> Client:
    from django.contrib.auth.models import Group

    user, is_new = User.objects.get_or_create(username="bench-back-office")
    if is_new:
        # Without a password the page that lists nothing would lead elsewhere.
        user.set_password("only-for-this-measurement")
        user.save()
        user.groups.add(Group.objects.get(name=BACK_OFFICE))
    client = Client(headers={"X-Forwarded-Proto": "https"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _get(client: Client, address: str) -> None:
    answer = client.get(address, secure=True)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
