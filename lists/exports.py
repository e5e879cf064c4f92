"""Lists as files: every row that is filtered, in the list's sort, with the chosen columns.

CSV is streamed, as UTF-8 with a byte order mark, by which Excel recognises it. For a reader in French the columns are
separated by `;` and decimals by a comma, in English by `,` and a point, so that a double click opens it in Excel's
French and English editions. XLSX is written to a temporary file first.

What somebody typed must never run as a formula in the reader's spreadsheet. In CSV such a text begins with an
apostrophe; in XLSX every text is stored as text. Numbers are numbers, days are days.
"""

import csv
import io
import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lists.paging import Rows

if TYPE_CHECKING:
    from lists.columns import Column

logger = logging.getLogger(__name__)

BATCH = 1000  # rows
ROWS_PER_SHEET = 1_048_575  # beside the heads
LARGEST_EXACT = 2**53  # the largest whole number that Excel holds exactly
FIRST_YEAR = 1900  # of Excel's calendar
FORMULA_SIGNS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"

Columns = Sequence["Column"]
Prefetch = Callable[[Sequence[Any]], Sequence[Any]]
Export = Callable[[str, Columns, Rows, Prefetch], HttpResponseBase]
Record = list[Any]
Formats = dict[type[date], Format]


def csv_export(name: str, columns: Columns, rows: Rows, prefetch: Prefetch) -> HttpResponseBase:
    """Returns the rows as a CSV file that is streamed. If the database fails meanwhile, its last line says so."""
    response = StreamingHttpResponse(
        _csv(columns, rows, prefetch, translation.get_language() or ""),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{_filename(name, "csv")}"'
    return response


def xlsx_export(name: str, columns: Columns, rows: Rows, prefetch: Prefetch) -> HttpResponseBase:
    """Returns the rows as an Excel workbook; on several sheets when there are more than one can hold."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as workbook:
        _fill(workbook, [str(column.label) for column in columns], _records(columns, rows, prefetch))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=_filename(name, "xlsx"))


KINDS: Mapping[str, Export] = {"csv": csv_export, "xlsx": xlsx_export}


def harmless(text: str) -> str:
    """Returns the text so that a spreadsheet doesn't run it: with an apostrophe before the beginning of a formula."""
    begins = text.lstrip().lstrip(INVISIBLE).lstrip()
    return f"'{text}" if begins.startswith(FORMULA_SIGNS) or text.startswith(("\t", "\r", "\n")) else text


def _records(columns: Columns, rows: Rows, prefetch: Prefetch) -> Iterator[Record]:
    remaining = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(remaining, BATCH)):
        for row in prefetch(batch):
            yield [_value(column, row) for column in columns]


def _value(column: "Column", row: Any) -> Any:
    """Returns a cell: a number, a day, a naive local moment, or a text that can be written to any file."""
    value = column.value(row) if column.value else _text_of(column.cell(row))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, int | float | Decimal | date):
        return value
    return "" if value is None else str(value).encode(errors="replace").decode()


def _text_of(cell: str) -> str:
    """Returns the text that is read in a cell of a page."""
    return unescape(strip_tags(cell)) if hasattr(cell, "__html__") else cell


def _csv(columns: Columns, rows: Rows, prefetch: Prefetch, language: str) -> Iterator[bytes]:
    french = language.startswith("fr")
    yield b"\xef\xbb\xbf" + _lines([[str(column.label) for column in columns]], french=french)
    records = _records(columns, rows, prefetch)
    while True:
        with translation.override(language):
            try:
                batch = list(islice(records, BATCH))
            except DatabaseError:
                logger.exception("An export was cut short.")
                batch = [[_("The export was cut short: rows are missing from here on. Please try again.")]]
        if batch:
            yield _lines(batch, french=french)
        if len(batch) < BATCH:
            return


def _lines(records: Sequence[Record], *, french: bool) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if french else ",")
    for record in records:
        writer.writerow([_written(value, french=french) for value in record])
    return text.getvalue().encode()


def _written(value: Any, *, french: bool) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, int | float | Decimal):
        return str(value).replace(".", ",") if french else str(value)
    return value.isoformat() if isinstance(value, date) else harmless(value)


def _fill(workbook: Workbook, heads: list[str], records: Iterator[Record]) -> None:
    formats: Formats = {
        date: workbook.add_format({"num_format": "dd/mm/yyyy"}),
        datetime: workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
    }
    bold = workbook.add_format({"bold": True})
    sheet, filled = _sheet(workbook, heads, bold), 0
    for record in records:
        if filled == ROWS_PER_SHEET:
            sheet, filled = _sheet(workbook, heads, bold), 0
        filled += 1
        for place, value in enumerate(record):
            _fill_cell(sheet, filled, place, value, formats)


def _sheet(workbook: Workbook, heads: list[str], bold: Format) -> Worksheet:
    sheet = workbook.add_worksheet()
    sheet.set_column(0, len(heads) - 1, 18)
    sheet.freeze_panes(1, 0)
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, bold)
    return sheet


def _fill_cell(sheet: Worksheet, row: int, place: int, value: Any, formats: Formats) -> None:
    if isinstance(value, date) and value.year >= FIRST_YEAR:
        sheet.write_datetime(row, place, value, formats[type(value)])
    elif isinstance(value, int | float | Decimal) and -LARGEST_EXACT <= value <= LARGEST_EXACT:
        sheet.write_number(row, place, value)
    elif value != "":
        sheet.write_string(row, place, str(value))


def _filename(name: str, kind: str) -> str:
    return f"{name}-{timezone.localdate():%Y-%m-%d}.{kind}"
