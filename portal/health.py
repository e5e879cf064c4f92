"""For monitoring: alive, ready, and how busy."""

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from accounts.roles import ADMINISTRATOR


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process is alive. Touches nothing else."""
    return HttpResponse("alive\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database responds and is migrated; otherwise 503 with what is wrong."""
    problem = _database_problem()
    if problem:
        return HttpResponse(f"{problem}\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' page, for administrators and INTERNAL_IPS. A 404 for others."""
    if not (_is_internal(request) or _is_administrator(request)):
        raise Http404
    response: HttpResponse = ExportToDjangoView(request)
    return response


def _database_problem() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return "The database does not answer."
    return f"{len(pending)} migrations are not applied: run manage.py migrate." if pending else ""


def _is_internal(request: HttpRequest) -> bool:
    """Whether the caller's own address is listed. Behind a proxy nobody's is: the address is the proxy's."""
    proxied = "X-Forwarded-For" in request.headers
    return not proxied and request.META.get("REMOTE_ADDR") in settings.INTERNAL_IPS


def _is_administrator(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.has_role(ADMINISTRATOR)
