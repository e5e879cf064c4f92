"""Names that say nothing to a stranger: found as identifiers or file names, they fail the lint.

docs/writing.md has the words that are used instead. A word of PARTS is refused in any part of a name (`told_at`,
`AlsoTold`), one of WHOLE as a name by itself.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PARTS = frozenset(
    """catalogue desk dossier drafting gather gathered haste hasty heeded hurry intake matter matters owe owed owes
    owing paper papers parted reckon reckoned reckoning story tallies tally told topic topics twosided verdict
    whoever""".split()  # noqa: SIM905
)
WHOLE = frozenset(
    """age aged answers asked asks badges calling endings figures held in_step look look_after looking meet meeting
    mirror news reach take those way ways writes""".split()  # noqa: SIM905
)
EXEMPT = frozenset({"scripts/check_words.py"})
# A status of the vendor's, by which people filter: the name is in the URL.
KEPT = frozenset({"extranet/orders/filters.py: held"})


def main() -> int:
    found = {f"{path}: {name}" for path in _files() for name in _names(path) if _is_wrong(name)}
    wrong = sorted(found - KEPT)
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


def _files() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return (Path(path) for path in listed if "vendor" not in Path(path).parts and path not in EXEMPT)


def _is_wrong(name: str) -> bool:
    parts = {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
    return name.strip("_").lower() in WHOLE or not parts.isdisjoint(PARTS)


def _names(path: Path) -> Iterator[str]:
    """What a file and what stands in it are called."""
    yield from (part.partition(".")[0] for part in path.parts)
    if path.suffix != ".py" or not path.exists():
        return
    for node in ast.walk(ast.parse(path.read_text())):
        for attribute in ("id", "attr", "arg", "name", "asname"):
            if isinstance(name := getattr(node, attribute, None), str):
                yield from name.split(".")


if __name__ == "__main__":
    sys.exit(main())
