"""The version of the software that made a graph: it covers what can change one, and no more."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.version import compute_graph_digest
from tests.support.paths import ROOT

pytestmark = pytest.mark.usefixtures("made_by_hand")

# what is skipped, what is not


def test_only_code_and_data_that_can_change_a_graph_count_as_the_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("kg", "extract", "ontology"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))

    def digests() -> tuple[str, str]:
        code = (
            "from kg.version import compute_graph_digest, compute_links_digest\n"
            "print(compute_graph_digest(), compute_links_digest())"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
        graph, links = done.stdout.split()
        return graph, links

    before = digests()
    assert before[0] == compute_graph_digest()  # what Python compiled beside it is no part of it
    for name in (
        "kg/rdf/graph.py", "kg/rdf/documents.toml", "kg/read/formats.toml", "kg/read/web/html.py",
        "kg/rdf/labels.py", "kg/ingest/worker.py", "extract/pipeline.py", "ontology/lexicon/units.tsv",
    ):  # fmt: skip
        path = tmp_path / name
        kept = path.read_bytes()
        path.write_bytes(kept + b"\n")
        assert digests()[0] != before[0], name
        path.write_bytes(kept)
    for name in (
        "kg/graph/show.py", "kg/cli/messages.toml", "kg/export/rdf.py", "kg/review/gaps.py",
        "ontology/labels.py", "ontology/labels.toml", "extract/train/fit.py",
    ):  # fmt: skip
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b"\n")
        assert digests() == before, name
    (tmp_path / "kg/join/match.py").write_bytes((tmp_path / "kg/join/match.py").read_bytes() + b"\n")
    assert digests()[0] == before[0] and digests()[1] != before[1]


def test_no_graph_depends_on_code_that_the_version_leaves_out() -> None:
    """Reading, extracting and making quads import only the packages that the digest covers."""
    code = (
        "import sys, extract.pipeline, extract.proposer.component, extract.llm.session, extract.corrections.apply\n"
        "import kg.rdf.graph, kg.read.web.html, kg.read.office.docx, kg.read.pdf.pdf, kg.read.office.sheets\n"
        "import kg.read.office.convert, kg.read.pdf.ocr\n"
        "covered = ('kg.read', 'kg.rdf', 'kg.errors', 'kg.version')\n"
        "print([m for m in sys.modules if m.startswith('kg.') and not m.startswith(covered)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


# the commands


def test_the_version_of_the_software_is_the_same_in_every_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from kg.version import compute_graph_digest; print(compute_graph_digest())"],
        capture_output=True, encoding="utf-8", cwd=ROOT, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == compute_graph_digest()
