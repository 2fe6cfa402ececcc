"""The graphs of one page in different formats: ``python -m benchmarks.formats [FILE …]``.

A text is written as a page of a portal with all its boilerplate, as .docx, PDF, .doc, .mht, GB18030 and UTF-16, and
read again. The graph of each is compared with that of the text, without the offsets, by the F1 of their triples. The
exit code is 1 if one is below its floor. The page is the real one of the shared corpus if it is available, else all
examples.
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
"""The lowest F1 of each format."""
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
"""The position in an IRI that distinguishes things of one name."""
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


@dataclass(frozen=True, slots=True)
class FormatScore:
    """The similarity of the graph of a format with the graph of the text."""

    name: str
    f1: float | None
    """None if the format cannot be written here."""
    missing: int = 0
    surplus: int = 0

    @property
    def is_good(self) -> bool:
        return self.f1 is None or self.f1 >= FLOORS[self.name]


def build_triples(source: Source) -> set[tuple[str, str, str]]:
    """Return the triples of *source* without positions: a span is named by its words, evidence by its statement."""
    quads = list(build_quads(extract(source)))
    words = [quad for quad in quads if quad.predicate.value == _WORDS]
    names = {_get_value(quad.subject): "quote:" + _remove_space(_get_value(quad.object)) for quad in words}

    def name_term(term: object) -> str:
        value = _get_value(term)
        if value in names:
            return names[value]
        return _PLACE.sub("~", value) if value.startswith("http") else _remove_space(value)

    statements: dict[str, list[str]] = {}
    for quad in quads:
        if quad.predicate.value in _STATEMENT:
            statements.setdefault(_get_value(quad.subject), []).append(name_term(quad.object))
    names |= {node: " ".join(sorted(ends)) for node, ends in statements.items()}
    compared = (quad for quad in quads if quad.predicate.value not in _OF_TEXT)
    return {(name_term(quad.subject), quad.predicate.value, name_term(quad.object)) for quad in compared}


def _get_value(term: object) -> str:
    return str(getattr(term, "value", term))


def measure_f1(gold: set[tuple[str, str, str]], found: set[tuple[str, str, str]]) -> float:
    """Return the F1 of two sets of triples; 1.0 if both are empty."""
    return 2 * len(gold & found) / (len(gold) + len(found)) if gold or found else 1.0


def make_portal_page(text: str) -> str:
    """Return *text* as a page of a portal: with navigation, header table, share bars, votes, related links, foot."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    body = "\n".join(f"<p style='text-indent:2em'>　　{html.escape(line)}</p>" for line in lines)
    page = (Path(__file__).parent / "portal.html").read_text(encoding="utf-8")
    return page.replace("@TITLE@", html.escape(lines[0])).replace("@BODY@", body)


def _write_html(text: str, folder: Path) -> Path:
    return _write_bytes(folder / "页面.html", make_portal_page(text).encode())


def _write_mht(text: str, folder: Path) -> Path:
    from email.mime.multipart import MIMEMultipart
    from email.mime.text import MIMEText

    message = MIMEMultipart("related", type="text/html")
    message.attach(MIMEText(make_portal_page(text), "html", "utf-8"))
    return _write_bytes(folder / "页面.mht", message.as_bytes())


def _write_docx(text: str, folder: Path) -> Path:
    import docx

    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.save(str(folder / "页面.docx"))
    return folder / "页面.docx"


def _write_doc(text: str, folder: Path) -> Path | None:
    return _convert(_write_docx(text, folder), "doc")


def _write_pdf(text: str, folder: Path) -> Path | None:
    return _convert(_write_docx(text, folder), "pdf")


def _print_pdf(text: str, folder: Path) -> Path | None:
    program = next((path for name in _CHROMIUM if (path := shutil.which(name))), None)
    if program is None:
        return None
    body = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line.strip())
    page = _write_bytes(folder / "打印.html", f'<meta charset="utf-8"><body style="font-size:12pt">{body}'.encode())
    target = folder / "打印.pdf"
    call = [program, "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={target}", page.as_uri()]
    subprocess.run(call, capture_output=True, timeout=120, check=False)
    return target if target.exists() else None


def _write_gb18030(text: str, folder: Path) -> Path:
    return _write_bytes(folder / "国标.txt", text.encode("gb18030"))


def _write_utf16(text: str, folder: Path) -> Path:
    return _write_bytes(folder / "双字节.txt", text.encode("utf-16"))


WRITERS: dict[str, Callable[[str, Path], Path | None]] = {
    "html": _write_html, "mht": _write_mht, "docx": _write_docx, "pdf (LibreOffice)": _write_pdf,
    "pdf (browser)": _print_pdf, "doc": _write_doc, "gb18030": _write_gb18030, "utf-16": _write_utf16,
}  # fmt: skip


def measure_formats(path: Path) -> Iterator[FormatScore]:
    """Yield the score of the text in *path* in each format."""
    source = replace(read.read_source(path), id="text")
    gold = build_triples(source)
    for name, write in WRITERS.items():
        with tempfile.TemporaryDirectory() as folder:
            written = write(source.text, Path(folder))
            if written is None:
                yield FormatScore(name, None)
                continue
            found = build_triples(replace(read.read_source(written), id="text"))
            yield FormatScore(name, measure_f1(gold, found), len(gold - found), len(found - gold))


def _convert(path: Path, target: str) -> Path | None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return None
    profile = (path.parent / "profile").as_uri()
    call = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", target, "--outdir",
            str(path.parent), str(path)]  # fmt: skip
    subprocess.run(call, capture_output=True, timeout=180, check=False)
    made = path.with_suffix(f".{target}")
    return made if made.exists() else None


def _write_bytes(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _remove_space(text: str) -> str:
    return re.sub(r"\s+", "", text)


def main() -> int:
    """Print the scores. Return 1 if one is below its floor."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    default = [REAL_PAGE] if REAL_PAGE.exists() else sorted((ROOT / "examples").glob("*.txt"))
    files = parser.parse_args().files or default
    failed = False
    for path in files:
        print(path.name)
        for score in measure_formats(path):
            failed = failed or not score.is_good
            shown = "–" if score.f1 is None else f"{score.f1:.4f}"
            note = "" if score.is_good else f"  < {FLOORS[score.name]}"
            print(f"  {score.name:18} {shown}  -{score.missing} +{score.surplus}{note}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
