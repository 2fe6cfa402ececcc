"""The documents: two languages of each, links that lead somewhere, names of modules that exist."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.paths import ROOT

DOCS = ROOT / "docs"
PACKAGES = ("ontology", "extract", "kg", "viz")
CHINESE = sorted(
    path for path in (*DOCS.glob("*.md"), *DOCS.glob("*/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md")
    if not path.name.endswith(".en.md")
)  # fmt: skip
ENGLISH = [path.with_name(f"{path.stem}.en.md") for path in CHINESE]
ALL = [*CHINESE, *ENGLISH, ROOT / "CHANGELOG.md"]
ARCHITECTURE = [DOCS / "architecture.md", DOCS / "architecture.en.md"]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(path: Path) -> set[str]:
    """Return the anchors of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"(?m)^#+ (.+)$", re.sub(r"(?s)```.*?```", "", path.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def packages() -> Iterator[str]:
    """Yield the dotted name of every package."""
    for top in PACKAGES:
        for path in sorted((ROOT / top).rglob("__init__.py")):
            yield ".".join(path.parent.relative_to(ROOT).parts)


def is_module(dotted: str) -> bool:
    try:
        return find_spec(dotted) is not None
    except ModuleNotFoundError:
        return False


def exists(dotted: str) -> bool:
    """Return whether a dotted name is a module, or a name in one."""
    module, _, name = dotted.rpartition(".")
    return is_module(dotted) or (is_module(module) and hasattr(import_module(module), name))


@pytest.mark.parametrize("chinese", CHINESE, ids=name_of)
def test_every_page_is_there_in_two_languages_that_link_to_each_other(chinese: Path) -> None:
    english = chinese.with_name(f"{chinese.stem}.en.md")
    for page, other, word in ((chinese, english, "English"), (english, chinese, "中文")):
        head = page.read_text(encoding="utf-8").splitlines()[:3]
        assert f"[{word}]({other.name})" in (
            head[2] if page.name.startswith("README") and page.parent == ROOT else head[0]
        )


@pytest.mark.parametrize("english", ENGLISH, ids=name_of)
def test_both_languages_have_the_same_sections_tables_and_code(english: Path) -> None:
    chinese = english.with_name(english.name.replace(".en.md", ".md"))
    shapes = []
    for page in (chinese, english):
        lines = page.read_text(encoding="utf-8").splitlines()
        shapes.append([re.match(r"#+|\| ?-|```|<!-- \w+:begin", line) for line in lines])
    zh, en = ([m[0] for m in shape if m] for shape in shapes)
    assert zh == en


@pytest.mark.parametrize("page", ALL, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith("http"):
            path, _, anchor = target.partition("#")
            place = (page.parent / path).resolve() if path else page
            assert place.exists(), target
            assert not anchor or anchor in anchors(place), target


@pytest.mark.parametrize("english", ENGLISH, ids=name_of)
def test_english_pages_link_english_pages(english: Path) -> None:
    body = english.read_text(encoding="utf-8").split("\n", 3)[3]
    for target in re.findall(r"\]\(([^)#\s]+)\.md[^)]*\)", body):
        assert target.endswith(".en") or not (english.parent / f"{target}.en.md").exists(), target


@pytest.mark.parametrize("page", ALL, ids=name_of)
def test_modules_and_paths_in_backticks_exist(page: Path) -> None:
    text = re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8"))
    tops = "|".join((*PACKAGES, "benchmarks", "tests", "scripts", "docs", "examples"))
    for quoted in re.findall(r"`([^`\n]+)`", text):
        if re.fullmatch(rf"(?:{'|'.join((*PACKAGES, 'benchmarks'))})(?:\.\w+)+", quoted) and not quoted.endswith(
            (".py", ".md")
        ):
            assert exists(quoted), quoted
        elif re.fullmatch(rf"(?:{tops})/[\w./*-]*", quoted):
            assert any(True for _ in ROOT.glob(quoted.rstrip("/"))), quoted


@pytest.mark.parametrize("page", ALL, ids=name_of)
def test_python_examples_use_what_there_is(page: Path) -> None:
    for code in re.findall(r"(?s)```python\n(.*?)```", page.read_text(encoding="utf-8")):
        tree = ast.parse(code)
        modules = {"kg": "kg"}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
                for name in (alias.name for alias in node.names):
                    assert exists(f"{node.module}.{name}"), ast.unparse(node)
                    if is_module(f"{node.module}.{name}"):
                        modules[name] = f"{node.module}.{name}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
                assert exists(f"{modules[node.value.id]}.{node.attr}"), ast.unparse(node)


@pytest.mark.parametrize("page", ARCHITECTURE, ids=name_of)
def test_the_architecture_names_every_package_and_the_layers_as_they_are_checked(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [name for name in packages() if f"\n| `{name}` | " not in text] == []
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = (c["layers"] for c in config["tool"]["importlinter"]["contracts"] if c["id"] == "layers")
    table = re.search(r"(?s)\n\| (?:layer|层) \|.*?\n\n", text)
    assert table
    rows = [row.split(" | ")[0] for row in table[0].strip().splitlines()[2:]]
    assert [re.findall(r"`([\w.]+)`", row) for row in rows] == [layer.split(" | ") for layer in layers]


@pytest.mark.parametrize("page", ARCHITECTURE, ids=name_of)
def test_the_places_to_register_at_exist(page: Path) -> None:
    """``Kind`` or ``_FINDERS`` of the table that says where new code goes is in a Python file that its row names."""
    table = re.search(r"(?s)\n\| (?:new …|要加……) \|.*?\n\n", page.read_text(encoding="utf-8"))
    assert table
    for row in table[0].strip().splitlines()[2:]:
        code = "".join((ROOT / path).read_text(encoding="utf-8") for path in re.findall(r"`([\w/]+\.py)`", row))
        for name in re.findall(r"`(_?[A-Z]\w+)`", row):
            assert re.search(rf"\b{name}\b", code), name
