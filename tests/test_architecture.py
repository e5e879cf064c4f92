"""Arrows run one way.

portal → {sessions_app ← tracking, extranet} → notifications → lists → drafts → outbox → sync → covage.
"""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from portal import settings as production

ROOT = Path(__file__).resolve().parent.parent
GROUND = {"accounts", "geo", "web"}
SHARED = {"covage", "sync", "outbox", "drafts", "lists", "notifications"} | GROUND
MAY_IMPORT: dict[str, set[str]] = {
    "covage": set(),
    "sandbox": set(),
    "web": set(),
    "geo": set(),
    "accounts": {"web"},
    "sync": {"covage"} | GROUND,
    "outbox": {"sync", "covage"} | GROUND,
    "drafts": {"outbox", "sync", "covage"} | GROUND,
    "lists": {"drafts", "outbox", "sync"} | GROUND,
    "notifications": {"lists", "drafts", "outbox", "sync"} | GROUND,
    "sessions_app": SHARED,
    "tracking": {"sessions_app"} | SHARED,
    "extranet": SHARED,
    "portal": {"sessions_app", "tracking", "extranet"} | SHARED,
    "demo": {"portal", "sessions_app", "tracking", "extranet"} | SHARED,
}
# Called once the apps are loaded, of modules that are imported before that.
LATE_IMPORTS = {"accounts/roles.py: create_groups", "portal/operations/schedules.py: ensure_schedules"}
DJANGOS_OWN = {"_meta", "_default_manager", "_messages"}  # names that Django documents
WITHOUT_DJANGO = {"covage": (), "sandbox": ("apps.py", "management/")}
LONGEST_MODULE = 400
MOST_MODULES = 16


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_is_below_it(package: str) -> None:
    allowed = MAY_IMPORT[package] | {package}
    wrong = [
        f"{module} imports {name}"
        for module in _modules(package)
        for name in _imported(module)
        if (top := name.partition(".")[0]) in MAY_IMPORT and top not in allowed
    ]
    assert not wrong


@pytest.mark.parametrize("package", WITHOUT_DJANGO)
def test_the_client_and_the_stand_in_do_without_django(package: str) -> None:
    glue = tuple(f"{package}/{path}" for path in WITHOUT_DJANGO[package])
    wrong = [
        str(module)
        for module in _modules(package)
        for name in _imported(module)
        if name.startswith("django") and not str(module).startswith(glue)
    ]
    assert not wrong


@pytest.mark.parametrize("app", ["demo", "sandbox"])
def test_a_production_installation_has_neither_the_demo_nor_the_stand_in(app: str) -> None:
    assert (app in production.INSTALLED_APPS, app in settings.INSTALLED_APPS) == (False, True)


def test_the_models_of_an_app_are_in_its_models() -> None:
    ours = [model for model in apps.get_models() if model._meta.app_label in MAY_IMPORT]
    assert len(ours) > 20
    elsewhere = [
        model for model in ours if not f"{model.__module__}.".startswith(f"{model._meta.app_label}.models.")
    ]
    assert not elsewhere


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_only_an_apps_ready_imports_when_it_is_called(package: str) -> None:
    late = [
        f"{path}: {function.name}"
        for path in _modules(package)
        for function in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(function, ast.FunctionDef) and any(_names(node) for node in ast.walk(function))
    ]
    assert {one for one in late if not one.endswith("apps.py: ready")} <= LATE_IMPORTS


def test_no_two_modules_need_each_other() -> None:
    """Not even through others, within a package as between packages. What only types need doesn't count."""
    modules = {_name(path): path for package in MAY_IMPORT for path in _modules(package)}
    graph = {
        name: {needed for needed in _imported(path, for_types=False) if needed in modules} - {name}
        for name, path in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_module_is_longer_than_400_lines(package: str) -> None:
    assert not _too_long(package)


def test_no_module_of_tests_is_longer_than_400_lines_either() -> None:
    assert not _too_long("tests")


@pytest.mark.parametrize("package", sorted(MAY_IMPORT.keys() - {"covage"}))
def test_no_folder_holds_more_modules_than_a_reader_takes_in(package: str) -> None:
    folders: dict[Path, int] = {}
    for path in _modules(package):
        folders[path.parent] = folders.get(path.parent, 0) + (path.name not in ("__init__.py", "apps.py"))
    assert [str(folder) for folder, count in folders.items() if count > MOST_MODULES] == []


def test_tests_use_no_private_names() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        for name in _names_of_others(node)
        if name.startswith("_") and not name.startswith("__") and name not in DJANGOS_OWN
    ]
    assert not wrong


def _names_of_others(node: ast.AST) -> list[str]:
    """The names that a node uses of other modules or objects: imported, an attribute of these, or patched."""
    match node:
        case ast.ImportFrom(names=names):
            return [alias.name for alias in names]
        case ast.Attribute(value=owner, attr=name) if ast.unparse(owner) not in ("self", "cls"):
            return [name]
        case ast.Call(func=ast.Attribute(attr="setattr"), args=args):
            return [str(arg.value).rpartition(".")[2] for arg in args[:2] if isinstance(arg, ast.Constant)]
    return []


def _modules(package: str) -> list[Path]:
    """The package's modules, as paths from the root."""
    modules = [path.relative_to(ROOT) for path in sorted((ROOT / package).rglob("*.py"))]
    assert modules, f"There is no package {package}."
    return [path for path in modules if "migrations" not in path.parts]


def _too_long(package: str) -> list[str]:
    return [
        str(path)
        for path in _modules(package)
        if len((ROOT / path).read_text().splitlines()) > LONGEST_MODULE
    ]


def _name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@cache
def _imported(path: Path, *, for_types: bool = True) -> frozenset[str]:
    """The modules that a module imports, wherever in it; what is no module counts as its module."""
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(name for node in _nodes(tree, for_types) for name in _names(node, path))


def _nodes(tree: ast.AST, for_types: bool) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if for_types or not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield node
            yield from _nodes(node, for_types)


def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def _names(node: ast.AST, path: Path = Path()) -> list[str]:
    """What a node imports; `path` is the module's, which relative imports begin at."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        within = path.parts[: -node.level] if node.level else ()
        module = ".".join([*within, *filter(None, [node.module])])
        return [name if _is_module(name := f"{module}.{alias.name}") else module for alias in node.names]
    return []
