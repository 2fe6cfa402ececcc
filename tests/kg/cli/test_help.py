"""Help, languages and documentation of the commands."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from kg.cli import texts
from kg.cli.app import COMMANDS
from tests.support.commands import run_kg
from tests.support.paths import ROOT

pytestmark = pytest.mark.usefixtures("chinese")

NAMES = [module.__name__.rpartition(".")[2] for module in COMMANDS]


def test_the_list_names_every_query(capsys: pytest.CaptureFixture[str]) -> None:
    from kg.graph.query import list_named_queries

    code, out, _ = run_kg(capsys, "query", "--list")
    assert code == 0
    for name in list_named_queries():
        assert name in out


def test_help_loads_nothing_heavy() -> None:
    heavy = ["spacy", "rdflib", "pyoxigraph", "networkx", "pyshacl", "numpy", "pyvis", "ahocorasick_rs"]
    code = (
        "import sys, kg.cli\n"
        "assert kg.cli.run_command(['--help']) == 0\n"
        "assert kg.cli.run_command(['build', '--help']) == 0\n"
        f"print([m for m in {heavy} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=ROOT, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str], name: str, lang: str) -> None:
    code, out, _ = run_kg(capsys, name, "--help", "--lang", lang)
    assert code == 0
    assert f"kg {name}" in out.split("Usage", 1)[1].split("\n", 1)[1]
    assert ("例" in out) == (lang == "zh")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    import kg

    assert run_kg(capsys, "--version")[:2] == (0, f"kg {kg.__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        (["--lang", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["show", "x", "--lang=zh"], {"LANG": "en_US.UTF-8"}, "zh"),
        ([], {"LANG": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LC_ALL": "C.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ([], {}, "zh"),
        ([], {"KG_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        (["show", "--", "--lang", "en"], {}, "zh"),
    ],
)
def test_the_language_is_chosen(arguments: list[str], environment: dict[str, str], language: str) -> None:
    assert texts.choose_language(arguments, environment) == language


def test_every_message_is_there_in_both_languages() -> None:
    for table in texts._load_messages().values():
        for name, entry in table.items():
            assert set(entry) == {"zh", "en"}, name
            assert set(re.findall(r"\{\w*\}", entry["zh"])) == set(re.findall(r"\{\w*\}", entry["en"])), name


@pytest.mark.parametrize("name", ["cli.md", "cli.en.md"])
def test_documentation_and_commands_agree(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert re.findall(r"^## kg (\S+)", page, re.MULTILINE) == NAMES
    for command in NAMES:
        section = page.split(f"## kg {command}\n", 1)[1].split("\n## ", 1)[0]
        _, out, _ = run_kg(capsys, command, "--help")
        options = set(re.findall(r"(--[a-z-]+)", out.split("Options", 1)[1])) - {"--help", "--lang"}
        documented = set(re.findall(r"`(--[a-z-]+)", section))
        assert options == documented, command


@pytest.mark.parametrize(("name", "lang"), [("cli.md", "zh"), ("cli.en.md", "en")])
def test_the_named_queries_are_all_in_the_documentation(name: str, lang: str) -> None:
    from kg.graph.query import list_named_queries

    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z][a-z-]+)` \| (.*?) \|", page, re.MULTILINE))
    assert {query: q.title(lang) for query, q in list_named_queries().items()} == rows
