"""Rebuild the lists of communes in `geo/data/` from npm packages of Etalab's and the Base Adresse Nationale's.

    npm pack @etalab/decoupage-administratif@6.0.0 @etalab/decoupage-administratif@0.8.0 codes-postaux@4.1.2
    npm pack @etalab/decoupage-administratif@2.2.1 @etalab/decoupage-administratif@4.0.0
    python scripts/build_communes.py etalab-decoupage-administratif-6.0.0.tgz \\
        --history etalab-decoupage-administratif-0.8.0.tgz --deliveries codes-postaux-4.1.2.tgz \\
        --earlier etalab-decoupage-administratif-2.2.1.tgz etalab-decoupage-administratif-4.0.0.tgz

The same packages give the same bytes. After a new edition, update `geo/data/README.md`.
"""

import argparse
import csv
import gzip
import io
import json
import re
import sys
import tarfile
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "geo" / "data"
SOURCE = "package/data/communes.json"
HISTORY = "package/data/historique-communes.json"
DELIVERIES = "package/codes-postaux.json"
# Paris, Lyon and Marseille: their arrondissements list the same postcodes.
DIVIDED_CITIES = {"75056", "69123", "13055"}
CURRENT = {"commune-actuelle", "arrondissement-municipal"}
PART_OF_ANOTHER = {"commune-deleguee", "commune-associee"}

CsvRow = tuple[str, str, str]


def main() -> None:
    """Read the packages named on the command line and write the four files."""
    parser = argparse.ArgumentParser(description="Rebuild the lists of communes from npm packages.")
    parser.add_argument("package", type=Path, help="the newest package as `npm pack` downloads it (.tgz)")
    parser.add_argument(
        "--history", type=Path, required=True, help="the last one with the communes since 1943"
    )
    parser.add_argument("--earlier", type=Path, nargs="*", default=[], help="some between these two")
    parser.add_argument("--deliveries", type=Path, required=True, help="the package codes-postaux")
    parser.add_argument("--into", type=Path, default=DATA, help="the folder to write to")
    arguments = parser.parse_args()
    entries = entries_of(arguments.package)
    earlier = entries_of(arguments.history, HISTORY)
    for package in arguments.earlier:
        earlier += [entry for entry in entries_of(package) if entry["type"] == "commune-actuelle"]
    write(arguments.into / "communes.csv.gz", commune_rows(entries))
    write(arguments.into / "delegated.csv.gz", delegated_rows(entries))
    write(arguments.into / "former.csv.gz", former_rows(entries, earlier))
    write(
        arguments.into / "deliveries.csv.gz",
        delivery_rows(entries, entries_of(arguments.deliveries, DELIVERIES)),
    )


def entries_of(package: Path, source: str = SOURCE) -> list[dict[str, Any]]:
    """Return the package's entries of every kind, as they are. Exits when the package lacks them."""
    with tarfile.open(package) as archive:
        member = archive.extractfile(source)
        if member is None:
            sys.exit(f"{source} is not a file in {package}. Nothing was written.")
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


def former_rows(entries: list[dict[str, Any]], earlier: list[dict[str, Any]]) -> Iterator[CsvRow]:
    """Yield each name that is no commune's or part's now, the INSEE code it had, and today's INSEE code."""
    current = {entry["code"]: entry for entry in entries if entry["type"] in CURRENT}
    successors = {former: code for code, entry in current.items() for former in entry.get("anciensCodes", ())}
    parts = {
        (plain(entry["nom"]), entry["chefLieu"]) for entry in entries if entry["type"] in PART_OF_ANOTHER
    }
    for name, code in {(entry["nom"], entry["code"]) for entry in earlier}:
        today = code if code in current else successors.get(code)
        if today and plain(name) != plain(current[today]["nom"]) and (plain(name), today) not in parts:
            yield name, code, today


def delivery_rows(entries: list[dict[str, Any]], deliveries: list[dict[str, Any]]) -> Iterator[CsvRow]:
    """Yield the name by which post is delivered, INSEE code and postcode, where the other lists lack either."""
    current = {entry["code"]: entry for entry in entries if entry["type"] in CURRENT}
    for each in deliveries:
        commune = current.get(each["codeCommune"])
        if commune is None or each["codeCommune"] in DIVIDED_CITIES:
            continue
        name, postcode = " ".join(each["libelleAcheminement"].split()), each["codePostal"]
        words = sorted(plain(name).split()) != sorted(plain(commune["nom"]).split())
        if postcode not in commune.get("codesPostaux", ()) or (
            words and commune["type"] != "arrondissement-municipal"
        ):
            yield name, commune["code"], postcode


def plain(name: str) -> str:
    """Return a name without case, accents and punctuation."""
    text = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", name).casefold().replace("œ", "oe"))
    return " ".join(re.findall("[a-z0-9]+", text))


def write(path: Path, rows: Iterable[CsvRow]) -> None:
    """Write the rows as a gzipped CSV, sorted by name, without a heading, file name or date inside."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(sorted(set(rows)))
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.getvalue().encode())
    print(f"{path.name}: {text.getvalue().count(chr(10))} rows, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
