"""Whether the tests notice when the product is made wrong: `make mutations` makes it wrong, one place at a time.

Each view's `@requires` is widened by one role, each `visible_to` and `editable_by` is dropped once, and conditions of
the outbox, the drafts and readiness are turned round. Each mutant is a copy of the tree, in which the tests of
`make test` that are nearest to it run until one fails, then those of all packages. What survives is printed, and
fails the command. Words on the command line choose the mutants whose description contains one of them.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parent.parent
VIEWS = ("accounts", "extranet", "lists", "notifications", "portal", "sessions_app", "tracking")
AT_ONCE = os.cpu_count() or 1
ACCESS = "tests/portal/test_access.py"
TABLE = f"{ACCESS}::test_every_page_requires_what_the_table_says"

WIDER = {
    "@requires(SALES)": '@requires(SALES, "back-office")',
    "@requires(BACK_OFFICE)": '@requires("sales", BACK_OFFICE)',
    "@requires(SALES, BACK_OFFICE)": "@requires()",
    "@requires()": "",
}
CALL = re.compile(r"(\w+)?\.(?:visible_to|editable_by)\((?:request\.)?user\)")

# A file, a condition that is in it once, and the same turned round.
CONDITIONS = (
    ("outbox/transitions.py", "if head.state == State.SENDING:", "if head.state != State.SENDING:"),
    ("outbox/transitions.py", "head.due_at > now or head.held_until > now", "head.due_at > now"),
    ("outbox/transitions.py", "if not as_read.update(**changes):", "if as_read.update(**changes):"),
    ("outbox/lost_answers.py", "if looked_up_at < settled_at:", "if looked_up_at > settled_at:"),
    (
        "outbox/delivery.py",
        "isinstance(error, Invalid) and operation.state != State.UNKNOWN",
        "isinstance(error, Invalid)",
    ),
    (
        "outbox/delivery.py",
        "and not isinstance(error, NOT_PROCESSED)",
        "and isinstance(error, NOT_PROCESSED)",
    ),
    ("outbox/queue.py", "        sent__isnull=True,\n", ""),
    (
        "drafts/merge.py",
        "if same(draft.get(path), base.get(path)):",
        "if not same(draft.get(path), base.get(path)):",
    ),
    ("drafts/merge.py", "and theirs.get(path) is False:", "and theirs.get(path) is not False:"),
    (
        "drafts/ingest.py",
        "if upstream_id and is_made_since(documents[upstream_id], row.created_at):",
        "if upstream_id:",
    ),
    ("drafts/readiness.py", 'if refusal["path"] and same(', 'if refusal["path"] and not same('),
    (
        "sessions_app/lines/readiness.py",
        "if expires_on and expires_on <= today:",
        "if expires_on and expires_on < today:",
    ),
    (
        "sessions_app/lines/readiness.py",
        "if chosen and is_blank(draft.get(name)):",
        "if chosen and not is_blank(draft.get(name)):",
    ),
    (
        "sessions_app/lines/readiness.py",
        "if is_blank(value) and _contact_needs(",
        "if is_blank(value) and not _contact_needs(",
    ),
)


@dataclass(frozen=True)
class Mutant:
    """The tree with one place of a file replaced; `tests` are those nearest to it."""

    path: str
    start: int
    old: str
    new: str
    tests: tuple[str, ...]

    @property
    def text(self) -> str:
        return (ROOT / self.path).read_text(encoding="utf-8")

    def __str__(self) -> str:
        line = self.text.count("\n", 0, self.start) + 1
        return f"{self.path}:{line}: {' '.join(self.old.split())} → {' '.join(self.new.split()) or 'nothing'}"

    def write(self, tree: Path) -> None:
        text = self.text
        (tree / self.path).write_text(
            text[: self.start] + self.new + text[self.start + len(self.old) :], encoding="utf-8"
        )


def mutants() -> Iterator[Mutant]:
    for path in sorted(str(file.relative_to(ROOT)) for top in VIEWS for file in (ROOT / top).rglob("*.py")):
        text = (ROOT / path).read_text(encoding="utf-8")
        for found in re.finditer(r"^@requires\(.*\)$", text, re.MULTILINE):
            yield Mutant(
                path,
                found.start(),
                found[0],
                WIDER[found[0]],
                (TABLE, ACCESS),
            )
        for found in CALL.finditer(text):
            # `pages.visible_to` is a function that starts from all operations; the rest are methods of a query set.
            everything = "pages.Operation.objects.all()" if found[1] == "pages" else found[1] or ""
            yield Mutant(path, found.start(), found[0], everything, _nearest(path))
    for path, old, new in CONDITIONS:
        text = (ROOT / path).read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise SystemExit(f"{path} has {old!r} {text.count(old)} times, not once.")
        yield Mutant(path, text.index(old), old, new, _nearest(path))


def _nearest(path: str) -> tuple[str, ...]:
    """The folder of tests of a module's feature, then that of its app."""
    folders = (Path("tests", path).parent, Path("tests", Path(path).parts[0]))
    return tuple(dict.fromkeys(str(folder) for folder in folders if (ROOT / folder).is_dir()))


def survives(mutant: Mutant, tree: Path) -> bool:
    original = (tree / mutant.path).read_bytes()
    mutant.write(tree)
    try:
        return all(_passes(tree, tests) for tests in (*mutant.tests, "tests"))
    finally:
        (tree / mutant.path).write_bytes(original)


def _passes(tree: Path, tests: str) -> bool:
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:playwright", "-p", "no:cacheprovider"),
        *("--hypothesis-profile=quick", "-m", "not slow", tests),
        *("--ignore=tests/browser", "--ignore=tests/campaign"),
    ]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return (
        subprocess.run(command, cwd=tree, env=environment, capture_output=True, check=False).returncode == 0
    )


def main() -> int:
    words = sys.argv[1:]
    chosen = [mutant for mutant in mutants() if not words or any(word in str(mutant) for word in words)]
    trees: SimpleQueue[Path] = SimpleQueue()
    survivors = []

    def look_at(mutant: Mutant) -> None:
        tree = trees.get()
        survived = survives(mutant, tree)
        trees.put(tree)
        print(f"{'SURVIVES' if survived else 'caught  '}  {mutant}", flush=True)
        if survived:
            survivors.append(mutant)

    with tempfile.TemporaryDirectory(prefix="carnet-mutants.") as folder:
        for number in range(AT_ONCE):
            trees.put(_copy(Path(folder, str(number))))
        if not _passes(Path(folder, "0"), TABLE):
            print("The tests fail where nothing was made wrong: run `make test`.")
            return 2
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(look_at, chosen))
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} caught")
    return int(bool(survivors))


def _copy(tree: Path) -> Path:
    shutil.copytree(
        ROOT, tree, ignore=shutil.ignore_patterns(".git", ".venv", "var", ".*_cache", ".hypothesis")
    )
    return tree


if __name__ == "__main__":
    sys.exit(main())
