"""Arrows run one way: portal → {sessions_app ← tracking, extranet} → {desk, drafting} → mirror → covage.

`demo` imports what it likes of Carnet, and nothing imports `demo`.
"""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from portal import settings as production

ROOT = Path(__file__).resolve().parent.parent
GROUND = {"accounts", "catalogue"}
MAY_IMPORT = {
    "covage": set(),
    "sandbox": set(),
    "accounts": set(),
    "catalogue": set(),
    "mirror": {"covage"} | GROUND,
    "desk": {"mirror"} | GROUND,
    "drafting": {"mirror"} | GROUND,
    "sessions_app": {"desk", "drafting", "mirror", "covage"} | GROUND,
    "tracking": {"sessions_app", "desk", "drafting", "mirror", "covage"} | GROUND,
    "extranet": {"desk", "drafting", "mirror", "covage"} | GROUND,
    "portal": {"sessions_app", "tracking", "extranet", "desk", "drafting", "mirror", "covage"} | GROUND,
    "demo": {"portal", "sessions_app", "tracking", "extranet", "desk", "drafting", "mirror", "covage"}
    | GROUND,
}
WITHOUT_CIRCLES = ("sessions_app", "extranet", "tracking", "drafting", "mirror")
WITHOUT_DJANGO = {"covage": (), "sandbox": ("apps.py", "management/")}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_stands_below_it(package: str) -> None:
    allowed = MAY_IMPORT[package] | {package}
    wrong = [
        f"{module} imports {name}"
        for module, name in _imports(package)
        if name in MAY_IMPORT and name not in allowed
    ]
    assert not wrong


@pytest.mark.parametrize("package", WITHOUT_DJANGO)
def test_the_client_and_the_stand_in_do_without_django(package: str) -> None:
    glue = tuple(f"{package}/{path}" for path in WITHOUT_DJANGO[package])
    wrong = [
        module
        for module, name in _imports(package)
        if name.startswith("django") and not module.startswith(glue)
    ]
    assert not wrong


@pytest.mark.parametrize("app", ["demo", "sandbox"])
def test_a_production_installation_has_neither_the_demo_nor_the_stand_in(app: str) -> None:
    assert (app in production.INSTALLED_APPS, app in settings.INSTALLED_APPS) == (False, True)


def test_the_models_of_an_app_stand_in_its_models() -> None:
    ours = [model for model in apps.get_models() if model._meta.app_label in MAY_IMPORT]
    assert len(ours) > 20
    elsewhere = [
        model for model in ours if not f"{model.__module__}.".startswith(f"{model._meta.app_label}.models.")
    ]
    assert not elsewhere


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_module_is_longer_than_400_lines(package: str) -> None:
    modules = (ROOT / package).rglob("*.py")
    assert [str(module) for module in modules if len(module.read_text().splitlines()) > 400] == []


@pytest.mark.parametrize("package", WITHOUT_CIRCLES)
def test_no_two_modules_need_each_other(package: str) -> None:
    """But for types: what stands under TYPE_CHECKING is not imported. Raises CycleError with the circle."""
    modules = {_name_of(path): path for path in (ROOT / package).rglob("*.py")}
    needed = {name: _needed(path) & modules.keys() for name, path in modules.items()}
    assert list(TopologicalSorter(needed).static_order())


@pytest.mark.parametrize("package", WITHOUT_CIRCLES)
def test_only_an_apps_ready_imports_when_it_is_called(package: str) -> None:
    late = [
        f"{path.relative_to(ROOT).as_posix()}: {function.name}"
        for path in (ROOT / package).rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef) and any(_names(node) for node in ast.walk(function))
    ]
    assert [one for one in late if not one.endswith("apps.py: ready")] == []


def _name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _needed(path: Path) -> set[str]:
    """All that a module imports as it is loaded or run, as names of modules or of what is in them."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body.clear()
    found = set()
    for node in ast.walk(tree):
        found.update(_names(node))
        if isinstance(node, ast.ImportFrom):
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def _imports(package: str) -> Iterator[tuple[str, str]]:
    """Every module of the package with each top-level package that it imports, wherever in the module."""
    modules = list((ROOT / package).rglob("*.py"))
    assert modules, f"There is no package {package}."
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text())):
            for name in _names(node):
                yield module.relative_to(ROOT).as_posix(), name.partition(".")[0]


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []
