"""The portal's processes as a service manager runs them, each with its children in one group."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import requests
from django.db import connection

from tests.sandbox_process import ROOT, SandboxProcess, eventually

START_SECONDS = 180.0


class ProcessGroup:
    """One program and its children. Its output goes to a log that outlives kills and restarts."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        self._command = [sys.executable, *arguments]
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End parent and children at once, whatever they are doing."""
        if self._process:
            self._signal(signal.SIGKILL)
            self._process.wait(timeout=20)
            self._process = None

    def freeze(self) -> None:
        """Halt it, as happens to a virtual machine that is moved."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """Ask it to end; kill what does not."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=20)
        self.kill()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _signal(self, number: signal.Signals) -> None:
        assert self._process
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


class Web(ProcessGroup):
    """gunicorn as in production, on a port that it keeps over restarts."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        address = f"127.0.0.1:{_free_port()}"
        self.url = f"http://{address}"
        arguments = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "portal.wsgi"]
        super().__init__(arguments, {**environment, "BIND": address}, log)

    def start(self) -> None:
        """Start, and wait until pages are served; raises RuntimeError when that takes too long."""
        super().start()
        if not eventually(self.is_responding, within=START_SECONDS):
            raise RuntimeError(f"The web process does not answer:\n{self.log.read_text()[-4000:]}")

    def is_responding(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=5).ok
        except requests.RequestException:
            return False


def manage(environment: Mapping[str, str], *arguments: str) -> None:
    """Run one of manage.py's commands to its end; raises CalledProcessError when it fails."""
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=dict(environment), check=True, stdout=subprocess.DEVNULL)


def environment(sandbox: SandboxProcess, scratch: Path) -> dict[str, str]:
    """What the portal's processes find in their environment: this test's database, and short time-outs."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "demo.settings",
        "DEBUG": "true",
        "SECRET_KEY": os.environ["SECRET_KEY"],
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": _database_url(),
        "REDIS_URL": "",
        "COVAGE_API_URL": sandbox.url,
        "COVAGE_TOKEN_URL": sandbox.token_url,
        "COVAGE_CLIENT_ID": "api-client",
        "COVAGE_USERNAME": "carnet@example.test",
        "COVAGE_PASSWORD": "carnet-sandbox",
        "COVAGE_EDITION": "current",
        "EXTRANET_API_URL": sandbox.url,
        "EXTRANET_EMAIL": "carnet@example.test",
        "EXTRANET_PASSWORD": "carnet-sandbox",
        "EMAIL_URL": "memorymail://",
        "LANGUAGE_CODE": "en",
        "OUTBOX_SETTLE_SECONDS": str(SETTLE_SECONDS),
        "OUTBOX_LEASE_SECONDS": str(LEASE_SECONDS),
        "OUTBOX_INTERACTIVE_SECONDS": "1",
        "PROMETHEUS_MULTIPROC_DIR": str(scratch / "metrics"),
    }


# An outcome counts as settled only when the vendor's longest delay is over and a frozen process is thawed.
LONGEST_DELAY_SECONDS = 2.6
LEASE_SECONDS = 4
SETTLE_SECONDS = 6


def _database_url() -> str:
    """The database of this test, for other processes."""
    parameters = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{parameters['NAME']}"
    password = f":{quote(parameters['PASSWORD'])}" if parameters["PASSWORD"] else ""
    return f"postgres://{parameters['USER']}{password}@{parameters['HOST']}:{parameters['PORT']}/{parameters['NAME']}"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
