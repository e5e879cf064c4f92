"""Rebuild the lists of communes in `geo/data/` from Etalab's npm package.

    npm pack @etalab/decoupage-administratif@6.0.0
    python scripts/build_communes.py etalab-decoupage-administratif-6.0.0.tgz

The same package gives the same bytes. After a new edition, update `geo/data/README.md`.
"""

import argparse
import csv
import gzip
import io
import json
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "geo" / "data"
SOURCE = "package/data/communes.json"
# Paris, Lyon and Marseille: their arrondissements list the same postcodes.
DIVIDED_CITIES = {"75056", "69123", "13055"}
CURRENT = {"commune-actuelle", "arrondissement-municipal"}
PART_OF_ANOTHER = {"commune-deleguee", "commune-associee"}

CsvRow = tuple[str, str, str]


def main() -> None:
    """Read the package named on the command line and write both files."""
    parser = argparse.ArgumentParser(description="Rebuild the lists of communes from Etalab's npm package.")
    parser.add_argument("package", type=Path, help="the package as `npm pack` downloads it (.tgz)")
    parser.add_argument("--into", type=Path, default=DATA, help="the folder to write to")
    arguments = parser.parse_args()
    entries = entries_of(arguments.package)
    write(arguments.into / "communes.csv.gz", commune_rows(entries))
    write(arguments.into / "delegated.csv.gz", delegated_rows(entries))


def entries_of(package: Path) -> list[dict[str, Any]]:
    """Return the package's entries of every kind, as they are. Exits when the package lacks them."""
    with tarfile.open(package) as archive:
        member = archive.extractfile(SOURCE)
        if member is None:
            sys.exit(f"{SOURCE} is not a file in {package}. Nothing was written.")
        entries: list[dict[str, Any]] = json.load(member)
    return entries


def commune_rows(entries: list[dict[str, Any]]) -> Iterator[CsvRow]:
    """Yield each commune's name, INSEE code and postcodes (separated by spaces; a few have none)."""
    for entry in entries:
        if entry["type"] in CURRENT and entry["code"] not in DIVIDED_CITIES:
            yield entry["nom"], entry["code"], " ".join(entry.get("codesPostaux", []))


def delegated_rows(entries: list[dict[str, Any]]) -> Iterator[CsvRow]:
    """Yield each delegated or associated commune's name and INSEE code, and its commune's INSEE code."""
    for entry in entries:
        if entry["type"] in PART_OF_ANOTHER:
            yield entry["nom"], entry["code"], entry["chefLieu"]


def write(path: Path, rows: Iterable[CsvRow]) -> None:
    """Write the rows as a gzipped CSV, sorted by name, without a heading, file name or date inside."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(sorted(rows))
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.getvalue().encode())
    print(f"{path.name}: {text.getvalue().count(chr(10))} rows, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
