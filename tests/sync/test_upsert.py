"""Pages into rows: one statement a page, writing only what differs, and never older over newer."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.models import Reference
from sync.upsert import digest, upsert

pytestmark = pytest.mark.postgresql

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Parcel(models.Model):
    """A mirrored row with a key of its own beside the vendor's, and the moment of its last change there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.CharField(max_length=20, unique=True, db_column="ref")
    changed_at = models.DateTimeField(null=True)
    document = models.JSONField(default=dict)
    digest = models.CharField(max_length=32)

    objects: ClassVar = models.Manager["Parcel"]()

    class Meta:
        app_label = "mirror"
        managed = False
        ordering = ["reference"]

    def __str__(self) -> str:
        return self.reference


@pytest.fixture
def parcels(transactional_db: None) -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Parcel)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Parcel)


def project(code: str, **document: Any) -> Reference:
    document = {"code": code} | document
    return Reference(
        key=f"project:{code}", kind="project", code=code, document=document, digest=digest(document)
    )


def parcel(reference: str, weight: int, changed_at: datetime | None) -> Parcel:
    document = {"weight": weight}
    return Parcel(reference=reference, changed_at=changed_at, document=document, digest=digest(document))


def write(*rows: Reference) -> int:
    return upsert(Reference, rows, "key")


def send_on(*rows: Parcel) -> int:
    return upsert(Parcel, rows, "reference", newer="changed_at")


def weights() -> list[int]:
    return [parcel.document["weight"] for parcel in Parcel.objects.all()]


@pytest.mark.django_db
def test_new_rows_are_written_whole() -> None:
    assert write(project("P1", label="Été", nested={"list": [1, None]}), project("P2")) == 2
    row = Reference.objects.get(code="P1")
    assert row.document == {"code": "P1", "label": "Été", "nested": {"list": [1, None]}}
    assert (row.kind, row.active, row.gone_at) == ("project", True, None)


@pytest.mark.django_db
def test_the_same_page_again_writes_nothing() -> None:
    write(project("P1"), project("P2"))
    before = list(Reference.objects.order_by("pk").values())
    Reference.objects.update(label="as we left it")
    assert write(project("P1"), project("P2")) == 0
    assert set(Reference.objects.values_list("label", flat=True)) == {"as we left it"}
    assert [row["id"] for row in before] == list(
        Reference.objects.order_by("pk").values_list("pk", flat=True)
    )


@pytest.mark.django_db
def test_only_the_rows_that_differ_are_written() -> None:
    write(project("P1"), project("P2"))
    Reference.objects.update(label="as we left it")
    assert write(project("P1"), project("P2", active=False), project("P3")) == 2
    assert list(Reference.objects.order_by("code").values_list("label", flat=True)) == [
        "as we left it",
        "",
        "",
    ]
    assert Reference.objects.get(code="P2").document == {"code": "P2", "active": False}


@pytest.mark.django_db
def test_an_empty_page_runs_no_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert write() == 0
    assert len(queries) == 0


@pytest.mark.django_db
def test_of_one_key_twice_in_a_page_the_last_counts() -> None:
    assert write(project("P1", label="first"), project("P1", label="last")) == 1
    assert Reference.objects.get().document["label"] == "last"


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [50, 100])
def test_a_page_is_one_statement(rows: int) -> None:
    page = [project(f"P{number}") for number in range(rows)]
    with CaptureQueriesContext(connection) as queries:
        assert write(*page) == rows
    assert len(queries) == 1


@pytest.mark.django_db
def test_a_page_of_thousands_stays_within_what_the_database_takes() -> None:
    page = [project(f"P{number}") for number in range(5_000)]
    with CaptureQueriesContext(connection) as queries:
        assert write(*page) == 5_000
    assert len(queries) < 60
    assert write(*page) == 0
    assert Reference.objects.count() == 5_000


@pytest.mark.django_db
def test_rows_go_in_order_of_their_keys_so_that_two_runs_can_not_deadlock() -> None:
    write(*[project(code) for code in ("P3", "P1", "P2")])
    assert list(Reference.objects.order_by("pk").values_list("code", flat=True)) == ["P1", "P2", "P3"]


@pytest.mark.usefixtures("parcels")
def test_an_older_document_never_overwrites_a_newer_one() -> None:
    send_on(parcel("A", 1, NOON))
    assert send_on(parcel("A", 2, NOON - timedelta(microseconds=1))) == 0
    assert weights() == [1]


@pytest.mark.usefixtures("parcels")
@pytest.mark.parametrize("later", [timedelta(0), timedelta(microseconds=1), timedelta(days=1)])
def test_a_newer_document_does_as_does_one_of_the_same_moment(later: timedelta) -> None:
    send_on(parcel("A", 1, NOON))
    assert send_on(parcel("A", 2, NOON + later)) == 1
    assert weights() == [2]


@pytest.mark.usefixtures("parcels")
@pytest.mark.parametrize(("stored", "offered"), [(None, NOON), (NOON, None), (None, None)])
def test_a_missing_moment_is_no_reason_to_keep_the_old_row(
    stored: datetime | None, offered: datetime | None
) -> None:
    send_on(parcel("A", 1, stored))
    assert send_on(parcel("A", 2, offered)) == 1
    assert weights() == [2]


@pytest.mark.usefixtures("parcels")
def test_of_one_key_twice_in_a_page_the_newest_counts() -> None:
    newest, older = parcel("A", 1, NOON), parcel("A", 2, NOON - timedelta(hours=1))
    assert send_on(newest, older) == 1
    assert send_on(parcel("B", 3, NOON - timedelta(hours=1)), parcel("B", 4, NOON)) == 1
    assert weights() == [1, 4]


@pytest.mark.usefixtures("parcels")
def test_a_row_keeps_its_own_primary_key() -> None:
    send_on(parcel("A", 1, NOON))
    own = Parcel.objects.get().pk
    send_on(parcel("A", 2, NOON))
    assert Parcel.objects.get().pk == own


def test_a_digest_does_not_mind_the_order_of_keys_but_all_else() -> None:
    assert digest({"a": 1, "b": {"c": [1, 2], "d": None}}) == digest({"b": {"d": None, "c": [1, 2]}, "a": 1})
    others: list[dict[str, Any]] = [
        {"a": 1},
        {"a": "1"},
        {"a": None},
        {},
        {"a": [1]},
        {"a": [1, 2]},
        {"a": [2, 1]},
    ]
    assert len({digest(other) for other in others}) == len(others)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers() | st.lists(st.none())))
def test_a_digest_is_short_and_stable(document: dict[str, Any]) -> None:
    assert len(digest(document)) == 32
    assert digest(document) == digest(dict(reversed(document.items())))
