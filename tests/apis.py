"""The vendor's APIs to which the portal of a test is connected."""

from pytest_django import Settings

from outbox import clients
from outbox.apis import COVAGE, EXTRANET
from tests.sandbox_process import ACCOUNTS, TOKEN_PATH, SandboxProcess

NOWHERE = "http://127.0.0.1:9"


def speak_to(settings: Settings, *apis: str, at: SandboxProcess | None = None) -> None:
    """Configure these APIs and no other: at a running sandbox, or where nothing responds."""
    url = at.url if at else NOWHERE
    username, password = ACCOUNTS["carnet"]
    words = {
        COVAGE: {
            "COVAGE_API_URL": url,
            "COVAGE_TOKEN_URL": url + TOKEN_PATH,
            "COVAGE_USERNAME": username,
            "COVAGE_PASSWORD": password,
        },
        EXTRANET: {"EXTRANET_API_URL": url, "EXTRANET_EMAIL": username, "EXTRANET_PASSWORD": password},
    }
    for api, values in words.items():
        for name, value in values.items():
            setattr(settings, name, value if api in apis else "")


def forget_clients() -> None:
    """Let the next call of each API begin with connections and a token of its own."""
    clients.covage_of_account.cache_clear()
    clients.extranet_of_account.cache_clear()
