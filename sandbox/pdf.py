"""Small PDF documents of plain text, French accents included."""

from collections.abc import Sequence

_PAGE = (
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {contents} 0 R /Resources << /Font << \
/F1 3 0 R /F2 4 0 R >> >> >>"
)
_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
_FIRST_PAGE = 6


def pdf(title: str, pages: Sequence[Sequence[str]]) -> bytes:
    """Return a document with this title on every page, and a line of text for each string. Pages are A4."""
    numbers = range(_FIRST_PAGE, _FIRST_PAGE + 2 * len(pages), 2)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] >>".encode(),
        _FONT.format(name="Helvetica").encode(),
        _FONT.format(name="Helvetica-Bold").encode(),
        b"<< /Title <feff" + title.encode("utf-16-be").hex().encode() + b"> >>",
    ]
    for number, lines in zip(numbers, pages, strict=True):
        drawn = _drawn(title, lines, f"{1 + (number - _FIRST_PAGE) // 2} / {len(pages)}")
        objects.append(_PAGE.format(contents=number + 1).encode())
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    return _assembled(objects)


def _drawn(title: str, lines: Sequence[str], footer: str) -> bytes:
    text = [b"BT /F2 18 Tf 56 770 Td %s Tj ET" % _literal(title), b"BT /F1 10 Tf 15 TL 56 735 Td"]
    text += [b"%s Tj T*" % _literal(line) for line in lines]
    text += [b"ET", b"BT /F1 8 Tf 280 40 Td %s Tj ET" % _literal(footer)]
    return b"\n".join(text)


def _literal(text: str) -> bytes:
    """A string as PDF writes it; what Windows-1252 does not have becomes a question mark."""
    raw = text.encode("cp1252", errors="replace")
    return b"(" + raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


def _assembled(objects: Sequence[bytes]) -> bytes:
    """The objects numbered from 1, with the table of where each begins."""
    document = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\n" % (len(objects) + 1)
    return document + head + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(document)
