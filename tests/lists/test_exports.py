"""Lists as files: what they hold, in which order and spelling, that nothing in them runs, and how they end."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import translation
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from lists import exports
from lists.columns import Column, day_column, number_column, text_column
from lists.exports import csv_export, harmless, xlsx_export
from sessions_app.models import Cart

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NAMESPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
COLUMNS = (
    text_column("reference", "Reference", "external_id"),
    number_column("missing", "Missing", "missing_count"),
    day_column("ordered", "Ordered", "order_date"),
    Column("state", "State", lambda cart: mark_safe(f'<span class="state">{cart.state} &amp; more</span>')),
)


@dataclass(frozen=True)
class Sheet:
    """A sheet's cells as (type, value), by row."""

    rows: list[list[tuple[str, str]]]


def carts(count: int = 1, **columns: Any) -> Any:
    Cart.objects.bulk_create(
        Cart(**({"external_id": f"C{number:03}", "created_at": NOON - timedelta(hours=number)} | columns))
        for number in range(count)
    )
    return Cart.objects.order_by("external_id")


def as_they_are(rows: Sequence[Any]) -> Sequence[Any]:
    return rows


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def read_csv(data: bytes, delimiter: str = ",") -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def read_xlsx(data: bytes) -> list[Sheet]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/sheet"))
        return [Sheet(list(_rows(ElementTree.fromstring(book.read(name))))) for name in names]


def _rows(sheet: ElementTree.Element) -> Iterator[list[tuple[str, str]]]:
    for row in sheet.iterfind(".//x:row", NAMESPACE):
        assert row.find(".//x:f", NAMESPACE) is None
        yield [
            (
                cell.get("t", "n"),
                "".join(part.text or "" for part in cell.iter() if part.tag.endswith(("}t", "}v"))),
            )
            for cell in row.iterfind("x:c", NAMESPACE)
        ]


def test_a_csv_holds_a_head_and_a_line_for_each_row_of_what_a_reader_needs() -> None:
    rows = carts(missing_count=3, order_date=NOON, state="created")
    assert read_csv(content(csv_export("carts", COLUMNS, rows, as_they_are))) == [
        ["Reference", "Missing", "Ordered", "State"],
        ["C000", "3", "2026-03-10 13:00", "created & more"],
    ]


def test_a_workbook_holds_texts_numbers_and_days_as_such() -> None:
    rows = carts(missing_count=3, order_date=NOON, state="created")
    (sheet,) = read_xlsx(content(xlsx_export("carts", COLUMNS, rows, as_they_are)))
    texts = [("inlineStr", name) for name in ("Reference", "Missing", "Ordered", "State")]
    # A spreadsheet counts days from 1900; 13:00 in Paris.
    moment = (datetime(2026, 3, 10, 13) - datetime(1899, 12, 30)) / timedelta(days=1)
    head, (reference, missing, ordered, state) = sheet.rows
    assert head == texts
    assert (reference, missing, state) == (("inlineStr", "C000"), ("n", "3"), ("inlineStr", "created & more"))
    assert ordered[0] == "n"
    assert float(ordered[1]) == pytest.approx(moment)


def one(value: Any) -> tuple[Column, ...]:
    return (Column("value", "Value", str, value=lambda row: value),)


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (None, "", ""),
        (True, "yes", "oui"),
        (False, "no", "non"),
        (-7, "-7", "-7"),
        (Decimal("1234.50"), "1234.50", "1234,50"),
        (-0.5, "-0.5", "-0,5"),
        (date(2026, 3, 10), "2026-03-10", "2026-03-10"),
        (datetime(2026, 3, 9, 23, 30, tzinfo=UTC), "2026-03-10 00:30", "2026-03-10 00:30"),
        ("a;b,c\n“é”", "a;b,c\n“é”", "a;b,c\n“é”"),
        ("\ud800", "?", "?"),
    ],
)
def test_a_csv_is_written_for_the_reader(value: Any, english: str, french: str) -> None:
    rows = carts()
    for language, delimiter, text in (("en", ",", english), ("fr", ";", french)):
        with translation.override(language):
            response = csv_export("carts", one(value), rows, as_they_are)
        # It is sent after the view, when nobody's language is in force any more.
        (_head, *lines) = read_csv(content(response), delimiter)
        assert lines == [[text]] or (text == "" and lines == [[]])


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, None, ""),
        (True, "inlineStr", "yes"),
        (-7, "n", "-7"),
        (Decimal("1234.50"), "n", "1234.50"),
        (10**16, "inlineStr", "10000000000000000"),
        (float("nan"), "inlineStr", "nan"),
        (Decimal("Infinity"), "inlineStr", "Infinity"),
        (date(1, 1, 1), "inlineStr", "0001-01-01"),
        (date(9999, 12, 31), "n", "2958465"),
        ("=1+1", "inlineStr", "=1+1"),
        ("+33123456789", "inlineStr", "+33123456789"),
        ("https://example.test/", "inlineStr", "https://example.test/"),
        ("01000", "inlineStr", "01000"),
        ("\ud800", "inlineStr", "?"),
    ],
)
def test_a_workbook_takes_every_value(value: Any, kind: str | None, text: str) -> None:
    (sheet,) = read_xlsx(content(xlsx_export("carts", one(value), carts(), as_they_are)))
    assert sheet.rows[1:] == ([[(kind, text)]] if kind else [])


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+33123456789",
        "-5",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\nx",
        "  =1+1",
        " \t @x",
        "\u00a0=1",
        "\ufeff=1",
        "\u200b+1",
        "＝1",
    ],
)
def test_what_would_run_as_a_formula_begins_with_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "Lyon", "a=b", "3-5", "0123456789", "'=1", "é+"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@given(st.text(st.sampled_from("=+-@\t\r\n \"';,\0\x01\ufffe\uffff\ud800aé𝄞") | st.characters(), max_size=12))
def test_with_any_text_both_files_can_be_read_and_nothing_runs(text: str) -> None:
    Cart.objects.all().delete()
    rows = carts()
    (_head, line) = read_csv(content(csv_export("carts", (*one(text), *one("end")), rows, as_they_are)))
    assert not line[0].lstrip().startswith(tuple("=+-@"))
    assert line[1] == "end"
    (sheet,) = read_xlsx(content(xlsx_export("carts", (*one("begin"), *one(text)), rows, as_they_are)))
    assert sheet.rows[1][0] == ("inlineStr", "begin")
    assert all(kind == "inlineStr" for kind, _text in sheet.rows[1])


def test_more_rows_than_a_sheet_can_hold_go_on_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "ROWS_PER_SHEET", 3)
    sheets = read_xlsx(content(xlsx_export("carts", COLUMNS[:1], carts(7), as_they_are)))
    assert [len(sheet.rows) for sheet in sheets] == [4, 4, 2]
    assert {sheet.rows[0][0] for sheet in sheets} == {("inlineStr", "Reference")}
    assert sheets[2].rows[1] == [("inlineStr", "C006")]


def test_without_rows_both_files_hold_their_head() -> None:
    rows = Cart.objects.none()
    assert read_csv(content(csv_export("carts", COLUMNS[:1], rows, as_they_are))) == [["Reference"]]
    (sheet,) = read_xlsx(content(xlsx_export("carts", COLUMNS[:1], rows, as_they_are)))
    assert sheet.rows == [[("inlineStr", "Reference")]]


def test_rows_are_prefetched_in_batches_and_all_of_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "BATCH", 3)
    batches: list[int] = []

    def prefetch(rows: Sequence[Any]) -> Sequence[Any]:
        batches.append(len(rows))
        return rows

    lines = read_csv(content(csv_export("carts", COLUMNS[:1], carts(7), prefetch)))
    assert [line for (line,) in lines[1:]] == [f"C{number:03}" for number in range(7)]
    assert batches == [3, 3, 1]


def test_a_csv_that_the_database_fails_says_so_in_its_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "BATCH", 3)

    def prefetch(rows: Sequence[Any]) -> Sequence[Any]:
        if rows[0].external_id == "C003":
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM no_such_table")
        return rows

    with pytest.MonkeyPatch.context() as quiet:
        quiet.setattr(exports.logger, "disabled", True)
        data = content(csv_export("carts", COLUMNS[:1], carts(7), prefetch))
    lines = read_csv(data)
    assert lines[1:4] == [["C000"], ["C001"], ["C002"]]
    assert lines[4:] == [["The export was cut short: rows are missing from here on. Please try again."]]


def test_a_workbook_that_the_database_fails_is_not_sent_at_all() -> None:
    def prefetch(rows: Sequence[Any]) -> Sequence[Any]:
        raise DatabaseError("gone")

    with pytest.raises(DatabaseError):
        xlsx_export("carts", COLUMNS, carts(), prefetch)


# The export of a list page


def download(client: Client, query: str) -> tuple[Any, bytes]:
    response = client.get(f"/carts/{query}")
    return response, content(response)


@pytest.fixture
def sixty(people: Any) -> User:
    """More carts than a page shows."""
    user: User = people.sales
    carts(60, owner=user)
    Cart.objects.filter(external_id="C007").update(state="completed")
    return user


def test_an_export_has_every_row_that_matches_the_filters_in_the_lists_sort(
    sixty: User, sales_client: Client
) -> None:
    _response, data = download(sales_client, "?export=csv&sort=-reference&state=created")
    found = [line[0] for line in read_csv(data)[1:]]
    assert found == [f"C{number:03}" for number in reversed(range(60)) if number != 7]


def test_an_export_ignores_the_position_in_the_list(sixty: User, sales_client: Client) -> None:
    page = sales_client.get("/carts/?sort=reference").content.decode()
    link = page.partition('rel="next" href="?')[2].partition('"')[0].replace("&amp;", "&")
    _response, data = download(sales_client, f"?export=csv&{link}")
    assert len(read_csv(data)) == 61


def test_an_export_has_the_chosen_columns(sixty: User, sales_client: Client) -> None:
    sales_client.post("/columns/carts/", {"column": ["state", "reference"]})
    _response, data = download(sales_client, "?export=csv")
    assert read_csv(data)[0] == ["Reference", "State"]


def test_the_page_leads_to_both_files_with_its_query(sixty: User, sales_client: Client) -> None:
    page = sales_client.get("/carts/?sort=reference&state=created&after=x").content.decode()
    assert 'href="?sort=reference&amp;state=created&amp;export=csv"' in page
    assert 'href="?sort=reference&amp;state=created&amp;export=xlsx"' in page


def test_a_file_is_named_after_the_list_and_the_day(
    sixty: User, sales_client: Client, time_machine: Any
) -> None:
    time_machine.move_to(NOON)
    response, _data = download(sales_client, "?export=csv")
    assert response["Content-Disposition"] == 'attachment; filename="carts-2026-03-10.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    response, data = download(sales_client, "?export=xlsx")
    assert response["Content-Disposition"] == 'attachment; filename="carts-2026-03-10.xlsx"'
    assert "spreadsheetml" in response["Content-Type"]
    assert len(read_xlsx(data)[0].rows) == 61


def test_nobody_exports_what_they_may_not_see(sixty: User, other_sales_client: Client) -> None:
    _response, data = download(other_sales_client, "?export=csv")
    assert len(read_csv(data)) == 1


def test_an_export_of_no_known_kind_is_the_page(sixty: User, sales_client: Client) -> None:
    assert "<table" in sales_client.get("/carts/?export=pdf").content.decode()
