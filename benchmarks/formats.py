"""The same page in each format: ``python -m benchmarks.formats [FILE …]``.

A text is put into a portal's page with all its furniture, into .docx, PDF, .doc, .mht and GB18030, read back, and its
graph compared with that of the text itself, up to offsets: F1 over the triples. Exits with 1 if one is below its floor.
The page is the real one of the shared corpus where that is at hand, else all examples.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.__main__ import REAL_PAGE, ROOT
from extract.model import Source
from extract.pipeline import extract
from kg import read
from kg.rdf.graph import build_quads
from ontology.terms import DCTERMS, NIF, PK, RDF

FLOORS = {"html": 0.97, "mht": 0.97, "docx": 0.97, "pdf (LibreOffice)": 0.97, "pdf (browser)": 0.97, "doc": 0.95,
          "gb18030": 1.0, "utf-16": 1.0}  # fmt: skip
"""The least F1 of each format."""
_OF_TEXT = frozenset(
    {
        NIF + "isString",
        NIF + "beginIndex",
        NIF + "endIndex",
        PK + "sha256",
        PK + "locator",
        PK + "sourcePath",
        DCTERMS + "format",
    }
)
_WORDS = NIF + "anchorOf"
_STATEMENT = frozenset({RDF + "subject", RDF + "predicate", RDF + "object"})
_PLACE = re.compile(r"~[0-9a-f]{8,}")
"""What tells things of one name apart: where they stand."""
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


@dataclass(frozen=True, slots=True)
class Score:
    """How near the graph of a format comes to that of the text."""

    name: str
    f1: float | None
    """None: it could not be made here."""
    missing: int = 0
    surplus: int = 0

    @property
    def good(self) -> bool:
        return self.f1 is None or self.f1 >= FLOORS[self.name]


def graph(source: Source) -> set[tuple[str, str, str]]:
    """The triples of *source*: spans named by their words, evidence by its statement, nothing by where it stands."""
    made = list(build_quads(extract(source)))
    names = {_value(q.subject): "quote:" + _squeezed(_value(q.object)) for q in made if q.predicate.value == _WORDS}

    def named(term: object) -> str:
        value = _value(term)
        if value in names:
            return names[value]
        return _PLACE.sub("~", value) if value.startswith("http") else _squeezed(value)

    stated: dict[str, list[str]] = {}
    for q in made:
        if q.predicate.value in _STATEMENT:
            stated.setdefault(_value(q.subject), []).append(named(q.object))
    names |= {node: " ".join(sorted(parts)) for node, parts in stated.items()}

    return {(named(q.subject), q.predicate.value, named(q.object)) for q in made if q.predicate.value not in _OF_TEXT}


def _value(term: object) -> str:
    return str(getattr(term, "value", term))


def f1(gold: set[tuple[str, str, str]], made: set[tuple[str, str, str]]) -> float:
    """Of two sets of triples; 1.0 if both are empty."""
    return 2 * len(gold & made) / (len(gold) + len(made)) if gold or made else 1.0


def portal_page(text: str) -> str:
    """*text* as a portal would show it: navigation, a header table, share bars, votes, related links, a foot."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    body = "\n".join(f"<p style='text-indent:2em'>　　{html.escape(line)}</p>" for line in lines)
    page = (Path(__file__).parent / "portal.html").read_text(encoding="utf-8")
    return page.replace("@TITLE@", html.escape(lines[0])).replace("@BODY@", body)


def _as_html(text: str, folder: Path) -> Path:
    return _write(folder / "页面.html", portal_page(text).encode())


def _as_mht(text: str, folder: Path) -> Path:
    from email.mime.multipart import MIMEMultipart
    from email.mime.text import MIMEText

    message = MIMEMultipart("related", type="text/html")
    message.attach(MIMEText(portal_page(text), "html", "utf-8"))
    return _write(folder / "页面.mht", message.as_bytes())


def _as_docx(text: str, folder: Path) -> Path:
    import docx

    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.save(str(folder / "页面.docx"))
    return folder / "页面.docx"


def _as_doc(text: str, folder: Path) -> Path | None:
    return _converted(_as_docx(text, folder), "doc")


def _as_pdf(text: str, folder: Path) -> Path | None:
    return _converted(_as_docx(text, folder), "pdf")


def _as_browser_pdf(text: str, folder: Path) -> Path | None:
    program = next((p for name in _CHROMIUM if (p := shutil.which(name))), None)
    if program is None:
        return None
    body = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line.strip())
    page = _write(folder / "打印.html", f'<meta charset="utf-8"><body style="font-size:12pt">{body}'.encode())
    target = folder / "打印.pdf"
    call = [program, "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={target}", page.as_uri()]
    subprocess.run(call, capture_output=True, timeout=120, check=False)
    return target if target.exists() else None


def _as_gb18030(text: str, folder: Path) -> Path:
    return _write(folder / "国标.txt", text.encode("gb18030"))


def _as_utf16(text: str, folder: Path) -> Path:
    return _write(folder / "双字节.txt", text.encode("utf-16"))


MAKERS: dict[str, Callable[[str, Path], Path | None]] = {
    "html": _as_html, "mht": _as_mht, "docx": _as_docx, "pdf (LibreOffice)": _as_pdf, "pdf (browser)": _as_browser_pdf,
    "doc": _as_doc, "gb18030": _as_gb18030, "utf-16": _as_utf16,
}  # fmt: skip


def measure(path: Path) -> Iterator[Score]:
    """The scores of the text in *path*, format by format."""
    source = replace(read.read_source(path), id="text")
    gold = graph(source)
    for name, make in MAKERS.items():
        with tempfile.TemporaryDirectory() as folder:
            made = make(source.text, Path(folder))
            if made is None:
                yield Score(name, None)
                continue
            got = graph(replace(read.read_source(made), id="text"))
            yield Score(name, f1(gold, got), len(gold - got), len(got - gold))


def _converted(path: Path, target: str) -> Path | None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return None
    profile = (path.parent / "profile").as_uri()
    call = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", target, "--outdir",
            str(path.parent), str(path)]  # fmt: skip
    subprocess.run(call, capture_output=True, timeout=180, check=False)
    made = path.with_suffix(f".{target}")
    return made if made.exists() else None


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def main() -> int:
    """Print the scores; 1 if one is below its floor."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    here = [REAL_PAGE] if REAL_PAGE.exists() else sorted((ROOT / "examples").glob("*.txt"))
    files = parser.parse_args().files or here
    failed = False
    for path in files:
        print(path.name)
        for score in measure(path):
            failed = failed or not score.good
            shown = "–" if score.f1 is None else f"{score.f1:.4f}"
            note = "" if score.good else f"  < {FLOORS[score.name]}"
            print(f"  {score.name:18} {shown}  -{score.missing} +{score.surplus}{note}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
