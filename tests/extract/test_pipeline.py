"""The spaCy pipeline: parts that a user can add, replace or drop."""

from __future__ import annotations

from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from extract.model import Kind, Mention, Source, Span
from extract.pipeline import STEPS, extract, pipeline
from tests.support.reading import labels, reply

TEXT = reply("我局会同市财政局实施“青苗”计划，对高企给予5万元奖励，全市高企达300家。")


def test_steps_are_registered_factories_in_order() -> None:
    assert tuple(pipeline().pipe_names) == STEPS


def test_results_stand_on_the_doc() -> None:
    doc = pipeline()(TEXT)
    assert doc.text == TEXT
    assert {s.label_ for s in doc.spans["mentions"]} >= {"Agency", "EnterpriseTier", "Program"}
    assert all(s.kb_id_ for s in doc.spans["mentions"])
    assert len(doc.spans["figures"]) == len(doc._.figures) > 0


def test_a_component_can_be_dropped() -> None:
    nlp = pipeline()
    for finder in ("pk_programs", "pk_classes", "pk_tagger"):  # all of them find programs
        nlp.remove_pipe(finder)
    assert labels(extract(Source("t", TEXT), nlp=nlp), Kind.PROGRAM) == set()
    assert labels(extract(Source("t", TEXT)), Kind.PROGRAM) != set()


def test_a_component_can_be_added() -> None:
    @Language.component("test_heroes")
    def heroes(doc: Doc) -> Doc:
        at = doc.text.index("全市")
        doc._.mentions = [*doc._.mentions, Mention(Span(at, at + 2), Kind.PLACE, "全市", "test.heroes")]
        return doc

    nlp = pipeline()
    nlp.add_pipe("test_heroes", before="pk_link")
    assert "全市" in labels(extract(Source("t", TEXT), nlp=nlp), Kind.PLACE)


def test_a_users_lexicon_lies_over_ours(tmp_path: Path) -> None:
    (tmp_path / "agencies.tsv").write_text("低空经济发展\t低空\n", encoding="utf-8")
    text = reply("会同市低空办推进工作。")
    assert "霁川市低空经济发展办公室" not in labels(extract(Source("t", text)), Kind.AGENCY)
    assert "霁川市低空经济发展办公室" in labels(extract(Source("t", text), str(tmp_path)), Kind.AGENCY)


def test_the_same_text_gives_the_same_values_whatever_came_before() -> None:
    nlp = pipeline()
    first = extract(Source("t", TEXT), nlp=nlp)
    extract(Source("u", reply("推出“霁企贷”，对民营企业给予贴息。")), nlp=nlp)
    assert extract(Source("t", TEXT), nlp=nlp) == first


def test_empty_and_odd_texts_are_read() -> None:
    for text in ("\n", "　　", "abc", "《《《", "“”“”", "第条。。。", "1" * 500, "省市区县镇" * 50):
        assert extract(Source("t", text)).source.text == text


def test_a_users_pattern_states_a_relation(tmp_path: Path) -> None:
    (tmp_path / "relations.toml").write_text(
        '[[relation]]\nname = "hasTier"\nrule = "mine.honoured"\npattern = \'(?P<s><E>)荣膺(?P<o><K>)\'\n',
        encoding="utf-8",
    )
    text = reply("霁川微澜传感科技股份有限公司荣膺瞪羚企业。")
    assert "mine.honoured" in {r.rule for r in extract(Source("t", text), str(tmp_path)).relations}
    assert "mine.honoured" not in {r.rule for r in extract(Source("t", text)).relations}


def test_a_page_of_fields_alone_is_read() -> None:
    """A row of a list gives such a page: it has no sentence."""
    text = "案由：关于整治飞线充电的提案\n提案者：林知夏\n主办单位：霁川市住房和城乡建设局\n是否公开：否\n"
    assert "霁川市住房和城乡建设局" in labels(extract(Source("t", text)), Kind.AGENCY)
