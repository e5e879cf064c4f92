"""To which of the vendor's APIs the portal of a test speaks."""

from pytest_django import Settings

from mirror.apis import COVAGE, EXTRANET

NOWHERE = "http://127.0.0.1:9"
_WORDS = {
    COVAGE: {
        "COVAGE_API_URL": NOWHERE,
        "COVAGE_TOKEN_URL": f"{NOWHERE}/token",
        "COVAGE_USERNAME": "carnet@example.test",
        "COVAGE_PASSWORD": "carnet-sandbox",
    },
    EXTRANET: {
        "EXTRANET_API_URL": NOWHERE,
        "EXTRANET_EMAIL": "extranet@example.test",
        "EXTRANET_PASSWORD": "extranet-sandbox",
    },
}


def speak_to(settings: Settings, *apis: str) -> None:
    """Configure these APIs, where nobody answers, and no other."""
    for api, words in _WORDS.items():
        for name, value in words.items():
            setattr(settings, name, value if api in apis else "")
