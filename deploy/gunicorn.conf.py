"""How gunicorn serves the portal. It listens on this machine only: a proxy with TLS stands in front.

The proxy's X-Forwarded-Proto is trusted because it comes from this machine: see `forwarded_allow_ips` in
gunicorn's settings.
"""

import os
import shutil
from pathlib import Path
from typing import Any

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 60
graceful_timeout = 30
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True

# One folder in which all workers count, so that /metrics covers all of them.
METRICS = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", "var/metrics"))


def on_starting(server: Any) -> None:
    """Begin with empty counters."""
    shutil.rmtree(METRICS, ignore_errors=True)
    METRICS.mkdir(parents=True)


def child_exit(server: Any, worker: Any) -> None:
    """Forget the gauges of a worker that is gone."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
