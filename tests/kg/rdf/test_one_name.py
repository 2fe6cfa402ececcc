"""A name that two files print with other punctuation is one thing in the store, as it is within one file."""

from __future__ import annotations

from pathlib import Path

import kg
from extract.model import Source
from extract.pipeline import extract
from kg.rdf.graph import build_quads
from ontology.terms import PK, RDF

TEXT = """市工业和信息化局：
　　《关于促进企业创新的提案》（第20240001号）收悉。经研究，提出会办意见如下：
　　我局实施{name}，支持民营企业发展。
　　特此回复。

　　　　　　霁川市科学技术局
　　　　　　2024年5月9日
"""


def programs(name: str) -> set[str]:
    extraction = extract(Source(f"{name}.txt", TEXT.format(name=name)))
    return {
        quad.subject.value
        for quad in build_quads(extraction)
        if quad.predicate.value == RDF + "type" and getattr(quad.object, "value", "") == PK + "Program"
    }


def test_two_spellings_in_two_files_have_one_iri() -> None:
    one, other = programs("“强链、补链”行动"), programs("“强链补链”行动")
    assert one and one == other


def test_a_store_holds_one_program_for_two_spellings(tmp_path: Path) -> None:
    for number, name in enumerate(("“强链、补链”行动", "“强链补链”行动")):
        (tmp_path / f"{number}.txt").write_text(TEXT.format(name=name), encoding="utf-8")
    kg.build(tmp_path, tmp_path / "store")
    with kg.open(tmp_path / "store") as graph:
        found = graph.query("SELECT DISTINCT ?p WHERE { ?p a pk:Program }")
        assert len(found) == 1


REPLY = """程望舒委员：
　　您提出的《关于增设公交站的提案》（第20240001号）收悉。现答复如下：
{body}　　霁川市科学技术局
　　2024年5月9日
"""


def test_one_letter_that_two_files_have_with_other_numbers_is_a_sound_graph(tmp_path: Path) -> None:
    done, plan = "　　一、工作情况。2023年新建公交站26个。\n", "下一步打算。\n我局将于2025年底前新建公交站40个。\n"
    bodies = {"甲.txt": f"{done}　　二、{plan}", "乙.txt": f"{done}　　二、存在问题。\n场地不足。\n　　三、{plan}"}
    for name, body in bodies.items():
        (tmp_path / name).write_text(REPLY.format(body=body), encoding="utf-8")
    kg.build(tmp_path, tmp_path / "store")
    with kg.open(tmp_path / "store") as graph:
        assert [finding.en for finding in graph.validate()] == []
