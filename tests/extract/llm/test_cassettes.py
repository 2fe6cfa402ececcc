"""Recorded answers of a strong model in the additive mode, replayed by a local server where they are at hand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from extract.llm import LlmSettings
from extract.llm.session import LlmSession
from kg.evaluate.evidence import check_evidence
from kg.evaluate.reading import SourceGraph
from kg.rdf.graph import build_quads
from kg.read import read_source
from tests.support.llm_answers import LEX, answer
from tests.support.llm_server import Asked, Say, serving
from tests.support.paths import ROOT
from tests.support.reading import read

SHARED = ROOT.parent / "shared"
FOLDERS = sorted(folder for folder in (SHARED / "cassettes").glob("*") if folder.is_dir())


@pytest.fixture(autouse=True)
def straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy between a test and its server."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def read_recorded(folder: Path) -> dict[str, str]:
    """The answers of a recording, by the piece of text that was sent."""
    found = {}
    for path in sorted(folder.glob("*.request.json")):
        asked = Asked("", {}, json.loads(path.read_text(encoding="utf-8"))["body"], 0)
        found[asked.text] = path.with_name(path.name.replace("request", "answer")).read_text(encoding="utf-8")
    return found


def share_words(one: str, other: str) -> int:
    """How many clauses two texts have in common."""
    return len(
        set(re.split("[，。；,;\n]", one)) & {clause for clause in re.split("[，。；,;\n]", other) if len(clause) > 6}
    )


@pytest.mark.gold
@pytest.mark.skipif(not FOLDERS, reason="no recorded answers at hand")
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_recorded_answers_add_facts_with_right_quotes(folder: Path) -> None:
    (path,) = (SHARED / "corpus").glob(f"*/{folder.name}.txt")
    recorded, extraction = read_recorded(folder), read(read_source(path).text, path.name)
    hits: list[str] = []

    def script(asked: Asked) -> Say:
        # the rules may cut the letter in another way than when it was recorded: quotes of other pieces are refused
        best = max(recorded, key=lambda text: share_words(text, asked.text))
        if not share_words(best, asked.text):
            return Say(answer())
        hits.append(best)
        return Say(recorded[best])

    with serving(script) as server:
        found, report = LlmSession(LlmSettings(server.url, "m", mode="add")).enrich(extraction, LEX)
    assert hits and report.complete and report.accepted
    assert set(extraction.relations) <= set(found.relations)
    assert {entity.id for entity in extraction.entities} <= {entity.id for entity in found.entities}
    assert not check_evidence(SourceGraph(build_quads(found))).wrong
