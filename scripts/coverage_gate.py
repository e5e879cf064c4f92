"""Fail when fewer branches than agreed are covered: python scripts/coverage_gate.py PERCENT PACKAGE…

Reads the report that `coverage json -o var/coverage/report.json` wrote.
"""

import json
import sys
from pathlib import Path

REPORT = Path("var/coverage/report.json")


def main() -> int:
    least, *packages = sys.argv[1:]
    files = json.loads(REPORT.read_text())["files"]
    shares = {package: _share(files, package) for package in packages}
    for package, share in shares.items():
        print(f"{package}: {share:.1f} % of branches covered (at least {least} % agreed)")
    return int(any(share < float(least) for share in shares.values()))


def _share(files: dict[str, dict[str, dict[str, int]]], package: str) -> float:
    summaries = [file["summary"] for path, file in files.items() if path.startswith(f"{package}/")]
    branches = sum(summary["num_branches"] for summary in summaries)
    covered = sum(summary["covered_branches"] for summary in summaries)
    return 100 * covered / branches if branches else 100.0


if __name__ == "__main__":
    sys.exit(main())
