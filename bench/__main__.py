"""`make bench`: what Carnet's own work costs, compared with a floor measured in the same run.

Every measurement is a ratio to its floor, so that a slow or busy machine changes little. Uses a sandbox of its
own and a database in a temporary folder, or the one that DATABASE_URL names.
"""

import os
import tempfile
from itertools import chain
from pathlib import Path

from tests.sandbox_process import ACCOUNTS, SandboxProcess

SESSIONS, LINES_EACH = 100, 50
ORDERS = int(os.environ.get("BENCH_ORDERS", "100000"))
COPPER = int(os.environ.get("BENCH_COPPER", "10000"))


def main() -> None:
    shape = ("--pace", "3600", "--page-shape", "results", "--page-size", "500")
    flags = (*shape, "--orders", str(ORDERS), "--copper", str(COPPER))
    with tempfile.TemporaryDirectory() as folder, SandboxProcess(*flags) as sandbox:
        _configure(Path(folder), sandbox)
        sandbox.load(SESSIONS, LINES_EACH)
        from bench import copper, orders, pages, sync

        for measurement in chain(
            orders.measurements(), copper.measurements(), sync.measurements(), pages.measurements()
        ):
            print(measurement, flush=True)


def _configure(folder: Path, sandbox: SandboxProcess) -> None:
    username, password = ACCOUNTS["carnet"]
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder / 'bench.sqlite3'}")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DEBUG": "false",
        "SECRET_KEY": "only-for-this-measurement",
        "ALLOWED_HOSTS": "testserver",
        "COVAGE_API_URL": sandbox.url,
        "COVAGE_TOKEN_URL": sandbox.token_url,
        "COVAGE_USERNAME": username,
        "COVAGE_PASSWORD": password,
        "EXTRANET_API_URL": sandbox.url,
        "EXTRANET_EMAIL": username,
        "EXTRANET_PASSWORD": password,
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


main()
