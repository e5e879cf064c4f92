"""Pages for monitoring."""

from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

pytestmark = pytest.mark.postgresql


@pytest.mark.django_db
def test_healthz_says_alive_without_asking_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"alive\n")


@pytest.mark.django_db
def test_readyz_says_ready_when_the_database_is_migrated(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_readyz_names_the_command_to_run_when_migrations_are_missing(client: Client) -> None:
    with patch("portal.health.MigrationExecutor.migration_plan", return_value=["one", "two"]):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content == b"2 migrations are not applied: run manage.py migrate.\n"


@pytest.mark.django_db
def test_readyz_says_that_the_database_does_not_answer(client: Client) -> None:
    with patch("portal.health.MigrationExecutor", side_effect=OperationalError("connection refused")):
        response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"The database does not answer.\n")


def test_metrics_are_for_administrators(administrator_client: Client, sales_client: Client) -> None:
    assert b"django_http_requests_total" in administrator_client.get("/metrics").content
    assert sales_client.get("/metrics").status_code == 404


@pytest.mark.django_db
def test_metrics_are_for_internal_addresses_but_never_through_a_proxy(
    client: Client, settings: Settings
) -> None:
    assert client.get("/metrics").status_code == 404
    settings.INTERNAL_IPS = ["127.0.0.1"]
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
