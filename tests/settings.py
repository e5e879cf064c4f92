"""Settings for the tests: as in production, with the demo's commands and what makes tests quick and alone.

`DATABASE_URL` chooses the database; without it each process has a SQLite file of its own.
"""

import os
import tempfile
from pathlib import Path

PROCESS = os.getpid()
SCRATCH = Path(tempfile.gettempdir())

# Set here, so that no developer's .env is used.
os.environ |= {
    "DEBUG": "false",
    "SECRET_KEY": "a secret that is long enough, and used by nothing but the tests",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "CSRF_TRUSTED_ORIGINS": "",
    "INTERNAL_IPS": "",
    "REDIS_URL": "",
    "COVAGE_API_URL": "http://127.0.0.1:9",
    "COVAGE_TOKEN_URL": "http://127.0.0.1:9/token",
    "COVAGE_CLIENT_ID": "api-client",
    "COVAGE_USERNAME": "carnet@example.test",
    "COVAGE_PASSWORD": "carnet-sandbox",
    "COVAGE_EDITION": "current",
    "EXTRANET_API_URL": "http://127.0.0.1:9",
    "EXTRANET_EMAIL": "carnet@example.test",
    "EXTRANET_PASSWORD": "carnet-sandbox",
    "OIDC_SERVER_URL": "",
    "OIDC_CLIENT_ID": "",
    "OIDC_CLIENT_SECRET": "",
    "EMAIL_URL": "memorymail://",
    "PORTAL_URL": "",
    "ORDER_ACTIONS": "",
    "LANGUAGE_CODE": "en",
    "TIME_ZONE": "Europe/Paris",
}
os.environ.setdefault("DATABASE_URL", f"sqlite:///{SCRATCH / 'carnet.sqlite3'}")

from demo.settings import *  # noqa: E402, F403
from portal.settings import DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file: several threads may then use it at once, which an in-memory database does not survive.
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / f"carnet-test-{PROCESS}.sqlite3")}

# Each test's client would look through all that was collected.
STATIC_ROOT = SCRATCH / f"carnet-static-{PROCESS}"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
