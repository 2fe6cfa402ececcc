"""The shape of the source tree: direction of imports, sizes, one meaning for each class name.

``test_docs.py`` holds the map of it, ``docs/architecture.md``, against the tree.
"""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from kg.cli.app import COMMANDS
from tests.support.paths import ROOT

PACKAGES = ("ontology", "extract", "kg", "viz")
MODULE_LINES = (40, 400)
FUNCTION_LINES = 60
PARAMETERS = 6
ENTRIES = 18

COMMAND_FILES = {Path(str(module.__file__)).relative_to(ROOT) for module in COMMANDS}
COMMAND_LINE = Path("kg/cli")

EXCEPTIONS: dict[str, str] = {
    "entries of kg/": "each is a layer of docs/architecture.md, and a layer inside of another would hide a contract.",
    "lines of kg/graph/memory.py": "it is one small container, and the module that uses it is at its own limit.",
    "parameters of extract.figures.about.subject.about()": "it takes all that a sentence says before the number; only "
    "one function calls it, so that a class for its arguments would be made and opened in two neighbouring lines.",
    "parameters of kg.api.Graph.render()": "it is the public face: each option is a keyword with a default, as on the "
    "command line.",
    "parameters of kg.ingest.build.build()": "it is the public face: each option is a keyword with a default, as on "
    "the command line.",
}
"""What may break a limit, as the message names it, and why."""


@cache
def modules() -> dict[Path, str]:
    """The text of each module of the product, by its path from the root."""
    files = (f for package in PACKAGES for f in sorted((ROOT / package).rglob("*.py")))
    return {f.relative_to(ROOT): f.read_text(encoding="utf-8") for f in files}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(modules()[path])


def functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Each function and method of a module with its dotted name."""

    def inside(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
        for child in ast.iter_child_nodes(node):
            named = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            name = f"{prefix}.{child.name}" if named else prefix
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield name, child
            yield from inside(child, name)

    yield from inside(tree(path), dotted(path))


def dotted(path: Path) -> str:
    """The name that imports the module at *path*."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The number of parameters, ``self`` and ``cls`` not counted."""
    given = function.args
    named = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    rest = [a for a in (given.vararg, given.kwarg) if a is not None]
    return len(named) + len(rest) - (named[:1] in (["self"], ["cls"]))


# what breaks a limit: its name, as the table of exceptions has it, and what was measured


def module_sizes() -> dict[str, str]:
    low, high = MODULE_LINES
    found = {}
    for path, text in modules().items():
        lines = len(text.splitlines())
        may_be_short = path.name in ("__init__.py", "__main__.py") or path in COMMAND_FILES
        if lines > high or (lines < low and not may_be_short):
            found[f"lines of {path.as_posix()}"] = f"{lines}, not {low} to {high}"
    return found


def function_sizes() -> dict[str, str]:
    return {
        f"lines of {name}()": f"{lines}, more than {FUNCTION_LINES}"
        for path in modules()
        for name, function in functions(path)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    }


def parameter_counts() -> dict[str, str]:
    return {
        f"parameters of {name}()": f"{count}, more than {PARAMETERS}"
        for path in modules()
        if not path.is_relative_to(COMMAND_LINE)
        for name, function in functions(path)
        if (count := parameters(function)) > PARAMETERS
    }


def folder_sizes() -> dict[str, str]:
    """Folders with too many modules and packages side by side; the commands are as many as they are."""
    entries: dict[Path, set[str]] = defaultdict(set)
    for path in modules():
        for parent in path.parents[:-1]:
            entries[parent].add(path.relative_to(parent).parts[0])
        if path in COMMAND_FILES or path.name == "__init__.py":
            entries[path.parent].discard(path.name)
    return {
        f"entries of {folder.as_posix()}/": f"{len(names)}, more than {ENTRIES}"
        for folder, names in entries.items()
        if len(names) > ENTRIES
    }


def class_names() -> dict[str, str]:
    """Public classes of the product that have the name of another one."""
    homes: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(dotted(path))
    return {f"class {name}": f"in {', '.join(where)}" for name, where in homes.items() if len(where) > 1}


CHECKS = (module_sizes, function_sizes, parameter_counts, folder_sizes, class_names)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_nothing_breaks_a_limit(check: Callable[[], dict[str, str]]) -> None:
    found = [f"{what}: {measured}" for what, measured in check().items() if what not in EXCEPTIONS]
    assert not found, "\n".join(found)


def test_every_exception_is_needed_and_has_a_reason() -> None:
    found = {what for check in CHECKS for what in check()}
    assert set(EXCEPTIONS) - found == set(), "these keep the limits by now: take them out of the table"
    assert all(len(reason) > 10 for reason in EXCEPTIONS.values())


# imports


def contracts() -> list[dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(settings["tool"]["importlinter"]["contracts"])


def test_imports_keep_to_the_contracts() -> None:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"], capture_output=True, encoding="utf-8", cwd=ROOT
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(contracts())} kept, 0 broken." in done.stdout


@pytest.mark.parametrize("package", ["kg", "extract"])
def test_every_module_stands_on_a_layer(package: str) -> None:
    [layers] = [c["layers"] for c in contracts() if c["id"] == "layers"]
    assert isinstance(layers, list)
    listed = Counter(name.strip() for layer in layers for name in layer.split("|"))
    there = {f"{package}.{module.name}" for module in pkgutil.iter_modules([str(ROOT / package)])}
    assert {name for name in listed if name.startswith(f"{package}.")} == there
    assert set(listed.values()) == {1}


def test_extraction_imports_neither_kg_nor_viz() -> None:
    """Imports inside functions and for type checking count, too."""
    found = {
        f"{path.as_posix()}:{node.lineno}"
        for path in modules()
        if path.parts[0] == "extract"
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
        if name.partition(".")[0] in ("kg", "viz")
    }
    assert found == set()
