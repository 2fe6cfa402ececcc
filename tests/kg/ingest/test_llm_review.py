"""``kg build --llm`` with a reviewing model, ``kg llm check``, and what a person sees and takes back of its changes."""

from __future__ import annotations

import importlib
import json
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pyoxigraph import NamedNode

import kg
from extract.llm import LlmSettings
from extract.llm.review.rules import compute_prompt_version
from extract.llm.review.trust import ChangeScore, CheckResult, make_trust, read_trust, render_checks
from extract.model import Extraction, Kind, Source
from kg.cli import run_command
from kg.errors import UsageError
from kg.graph.validate import validate_store
from kg.store.store import Store
from ontology.errors import LlmError
from ontology.terms import PK
from tests.kg.ingest.test_llm import nquads
from tests.support.llm_answers import first
from tests.support.llm_server import Say, serving
from tests.support.reviewing import LEX, TEXT, entity, figure, letter, say

FIRM, FAR = "霁川云端智造有限公司", "“远舟”专项"
ANSWER = say(
    drop=[figure("300万元").id],
    rename=[{"id": entity("“霁企小站”平台").id, "name": "霁企小站"}],
    edges=[{"s": [entity(FIRM).id], "p": "participatesIn", "o": [entity(FAR).id], "quotes": [f"{FIRM}入选{FAR}"]}],
    figures=[
        {"id": figure("5万元").id, "slot": "about", "value": entity(FAR).id, "quotes": []},
        {"id": figure("10万元").id, "slot": "period", "value": "1999年", "quotes": []},
    ],
)  # fmt: skip


def read_letter(source: Source, lexicon_dir: str = "", model: str = "") -> Extraction:
    """The letter with its facts, whatever the rules find in it."""
    return replace(letter(), source=source)


def read_untitled(source: Source, lexicon_dir: str = "", model: str = "") -> Extraction:
    """The same as a policy text that has no title."""
    base = replace(letter(), source=source)
    own = replace(base.outline.letters[0], kind=Kind.INSTRUMENT, fields=())
    relations = tuple(relation for relation in base.relations if relation.predicate != "addressedTo")
    outline = replace(base.outline, letters=(own, *base.outline.letters[1:]))
    return replace(base, outline=outline, relations=relations)


UNTITLED = say(
    edges=[{"s": ["d1"], "p": "establishes", "o": [entity("“青苗”计划").id], "quotes": ["我局实施“青苗”计划"]}]
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("kg.ingest.worker.extract_source", read_letter)
    importlib.import_module("kg.ingest.llm").get_review_session.cache_clear()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def write_checks(**scores: ChangeScore) -> None:
    named = {name.replace("_", "."): score for name, score in scores.items()}
    result = CheckResult("m", compute_prompt_version(LEX), named, 3)
    Path("kg-llm-checks.json").write_text(render_checks({("m", result.prompt): result}), encoding="utf-8")


def trust_all() -> None:
    right = ChangeScore(fixed=19, broken=1)
    write_checks(drop_figure=right, rename=right, slot_about=right, edge=right)


def build(server_url: str, store: str, *more: str) -> int:
    return run_command(["build", "pages", "--store", store, "--llm", server_url, "--llm-model", "m", *more])


def count(store: str, name: str) -> int:
    with Store(store) as opened:
        kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        return len({quad.subject for quad in opened.oxigraph.quads_for_pattern(None, kind, NamedNode(PK + name), None)})


def test_without_a_check_the_model_adds_and_the_report_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(first(Say(ANSWER))) as server:
        assert build(server.url, "s") == 0
    out, err = capsys.readouterr()
    assert err == "" and "没有检验过" in out and "edge 1" in out and "未经检验，不可改动 3" in out
    assert "a.txt slot.period" in out and "1999年" in out and "原文没有这个时间" in out  # each refusal by itself
    assert count("s", "Revision") == 1


def test_a_checked_model_changes_and_what_it_changes_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    trust_all()
    with serving(first(Say(ANSWER))) as server:
        assert build(server.url, "s") == 0
        first_graph = nquads("s")
        assert build(server.url, "t") == 0
    assert nquads("t") == first_graph
    assert "没有检验过" not in capsys.readouterr().out
    with Store("s") as store:
        assert validate_store(store) == []
        rows = {
            (q.subject.value, q.predicate.value.removeprefix(PK)): getattr(q.object, "value", "")  # type: ignore[union-attr]
            for q in store.oxigraph.quads_for_pattern(None, None, None, None)
            if "#r-" in getattr(q.subject, "value", "")
        }
    said = {(rows[node, "change"], rows.get((node, "before"), ""), rows.get((node, "after"), ""))
            for node, name in rows if name == "change"}  # fmt: skip
    assert ("slot.about", "高新技术企业", FAR) in said and ("rename", "“霁企小站”平台", "霁企小站") in said
    assert ("drop.figure", "Observation 兑现资金300万元", "") in said
    assert {value for (_, name), value in rows.items() if name == "extractor"} == {"llm:m"}
    assert {value for (_, name), value in rows.items() if name == "confidence"} == {"0.95"}
    assert any(name == "withdrawnExtractor" and value for (_, name), value in rows.items())
    assert '"llm:m"' in first_graph and "300万元" not in "".join(
        line for line in first_graph.splitlines() if "Observation>" in line
    )


def test_the_changes_are_taken_back_by_one_option_and_seen_by_diff(capsys: pytest.CaptureFixture[str]) -> None:
    trust_all()
    assert run_command(["build", "pages", "--store", "plain"]) == 0
    with serving(first(Say(ANSWER))) as server:
        assert build(server.url, "s") == 0
        assert run_command(["diff", "plain", "s"]) in (0, 1)
        out, _ = capsys.readouterr()
        assert FAR in out and "霁企小站" in out
        assert build(server.url, "s", "--llm-mode", "off") == 0
    assert nquads("s") == nquads("plain")


def test_a_policy_text_without_a_title_is_a_node_that_says_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.ingest.worker.extract_source", read_untitled)
    with serving(first(Say(UNTITLED))) as server:
        assert build(server.url, "s") == 0
    with Store("s") as store:
        assert validate_store(store) == []
        stated_by = {
            q.subject for q in store.oxigraph.quads_for_pattern(None, NamedNode(PK + "establishes"), None, None)
        }
        kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        (node,) = stated_by
        kinds = {q.object for q in store.oxigraph.quads_for_pattern(node, kind, None, None)}
        assert NamedNode(PK + "PolicyInstrument") in kinds


def test_a_person_sees_all_changes_and_rejects_one() -> None:
    trust_all()
    with serving(first(Say(ANSWER))) as server:
        assert build(server.url, "s") == 0
        assert run_command(["review", "--store", "s", "--output", "r.xlsx"]) == 0
        book = load_workbook("r.xlsx")
        sheet = book["大模型的更改"]
        heads = {str(cell.value).split("\n")[0]: cell.column for cell in sheet[1]}
        kinds = {row[heads["关系／属性"] - 1].value: row for row in sheet.iter_rows(min_row=2)}
        assert set(kinds) == {"edge", "rename", "slot.about", "slot.period", "drop.figure"}
        kinds["drop.figure"][heads["决定"] - 1].value = "拒绝 reject"
        kinds["edge"][heads["决定"] - 1].value = "接受 accept"
        book.save("r.xlsx")
        assert run_command(["review", "--store", "s", "--apply", "r.xlsx"]) == 0
        assert build(server.url, "s") == 0
    assert count("s", "Revision") == 3 and "300万元" in nquads("s")
    assert run_command(["review", "--store", "s", "--output", "again.xlsx"]) == 0
    left = {
        row[heads["关系／属性"] - 1].value for row in load_workbook("again.xlsx")["大模型的更改"].iter_rows(min_row=2)
    }
    assert left == {"rename", "slot.about"}


class TestCheck:
    @pytest.fixture(autouse=True)
    def facts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("extract.pipeline.extract", read_letter)

    def write_gold(self) -> None:
        gold = {
            "source": "pages/a.txt", "documents": [], "parts": [],
            "entities": [{"type": "Program", "label": FAR}, {"type": "Enterprise", "label": FIRM}],
            "edges": [{"s": FIRM, "p": "participatesIn", "o": FAR, "quote": f"{FIRM}入选{FAR}"}],
            "figures": [
                {"type": "Provision", "value": 50000, "unit": "CNY", "about": "高新技术企业", "quote": "5万元补助"},
                {"type": "Observation", "value": 3000000, "unit": "CNY", "quote": "300万元"},
            ],
        }  # fmt: skip
        Path("a.gold.json").write_text(json.dumps(gold, ensure_ascii=False), encoding="utf-8")

    def test_what_was_fixed_and_broken_is_counted_by_kind_and_kept(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.write_gold()
        with serving(first(Say(ANSWER))) as server:
            line = ["llm", "check", "--gold", "a.gold.json", "--llm", server.url, "--llm-model", "m"]
            assert run_command([*line, "--llm-prices", "10,20"]) == 0
        out, _ = capsys.readouterr()
        assert "改对" in out and "费用约" in out
        (kept,) = json.loads(Path("kg-llm-checks.json").read_text(encoding="utf-8"))["checks"]
        assert (kept["model"], kept["prompt"], kept["files"]) == ("m", compute_prompt_version(LEX), 1)
        assert kept["changes"]["edge"] == {"fixed": 1, "broken": 0, "neutral": 0}
        assert kept["changes"]["slot.about"]["broken"] == 1 and kept["changes"]["drop.figure"]["broken"] == 1

    def test_what_is_said_of_a_document_without_a_title_is_not_judged(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("extract.pipeline.extract", read_untitled)
        self.write_gold()
        with serving(first(Say(UNTITLED))) as server:
            line = ["llm", "check", "--gold", "a.gold.json", "--llm", server.url, "--llm-model", "m"]
            assert run_command(line) == 0
        (kept,) = json.loads(Path("kg-llm-checks.json").read_text(encoding="utf-8"))["checks"]
        assert kept["changes"] == {"document": {"fixed": 0, "broken": 0, "neutral": 1}}

    def test_above_the_limit_nothing_is_sent_without_a_yes(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.write_gold()
        with serving(first(Say(ANSWER))) as server:
            line = ["llm", "check", "--gold", "a.gold.json", "--llm", server.url, "--llm-model", "m"]
            assert run_command([*line, "--llm-limit", "10"]) == UsageError.exit_code
            assert server.asked == [] and not Path("kg-llm-checks.json").exists()
            assert "--llm-limit 10" in capsys.readouterr().err
            assert run_command([*line, "--llm-limit", "-1"]) == UsageError.exit_code and server.asked == []
            assert run_command([*line, "--llm-limit", "0"]) == 0
            assert run_command([*line, "--llm-limit", "10"]) == 0  # all answers are kept
            assert len(server.asked) == 1

    def test_kinds_below_the_threshold_or_judged_too_seldom_stay_additive(self) -> None:
        scores = {"rename": ChangeScore(9, 1), "retype": ChangeScore(8, 2), "same": ChangeScore(4, 0)}
        trust = make_trust(CheckResult("m", "1", scores), LEX)
        assert [trust.may_override(name) for name in ("rename", "retype", "same", "drop.entity")] == [
            True,
            *[False] * 3,
        ]

    def test_a_check_holds_for_its_model_and_prompt_only(self) -> None:
        trust_all()
        assert read_trust("kg-llm-checks.json", "m", LEX).may_override("rename")
        assert not read_trust("kg-llm-checks.json", "other", LEX).checked
        text = Path("kg-llm-checks.json").read_text(encoding="utf-8")
        Path("kg-llm-checks.json").write_text(text.replace(compute_prompt_version(LEX), "0-old"), encoding="utf-8")
        assert not read_trust("kg-llm-checks.json", "m", LEX).checked
        Path("kg-llm-checks.json").write_text("{}", encoding="utf-8")
        with pytest.raises(LlmError):
            read_trust("kg-llm-checks.json", "m", LEX)


class TestCosts:
    def test_an_estimate_sends_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run_command(["llm", "estimate", "pages", "--llm-prices", "2,8"]) == 0
        out, _ = capsys.readouterr()
        assert "请求 1 次" in out and "费用约" in out

    def test_above_the_limit_nothing_is_sent_without_a_yes(self, capsys: pytest.CaptureFixture[str]) -> None:
        with serving(first(Say(ANSWER))) as server:
            assert build(server.url, "s", "--llm-limit", "10") == UsageError.exit_code
            assert server.asked == [] and not Path("s").exists()
        assert "--llm-limit 10" in capsys.readouterr().err

    def test_many_small_files_are_above_the_limit_though_they_have_few_bytes(self) -> None:
        for number in range(5):
            Path(f"pages/{number}.txt").write_text(TEXT.replace("20万元", f"2{number}万元"), encoding="utf-8")
        with serving(first(Say(ANSWER))) as server:
            assert build(server.url, "s", "--llm-limit", "20000") == UsageError.exit_code and server.asked == []

    def test_what_is_kept_or_unchanged_does_not_count(self) -> None:
        with serving(first(Say(ANSWER))) as server:
            assert build(server.url, "s") == 0
            assert build(server.url, "s", "--llm-limit", "10") == 0  # nothing is read again
            cache = ["--llm-cache", "s.llm-cache"]
            assert build(server.url, "s2", "--llm-limit", "10", *cache) == 0  # all answers are kept
            assert len(server.asked) == 1
            Path("pages/a.txt").write_text(TEXT + "\n附件另发。", encoding="utf-8")
            shutil.rmtree("s.llm-cache")
            assert build(server.url, "s", "--llm-limit", "10") == UsageError.exit_code and len(server.asked) == 1

    def test_a_build_in_python_has_a_limit_too(self) -> None:
        with serving(first(Say(ANSWER))) as server:
            settings = LlmSettings(server.url, "m", cache_dir="answers")
            for limit in (10, -1):
                with pytest.raises(UsageError, match="llm_limit"):
                    kg.build("pages", "s", llm=settings, llm_limit=limit)
            assert server.asked == [] and not Path("s").exists()
            assert kg.build("pages", "s", llm=settings, llm_limit=0).built
            assert kg.build("pages", "s2", llm=settings, llm_limit=10).built  # all answers are kept
            assert len(server.asked) == 1

    def test_the_additive_mode_has_a_limit_too(self) -> None:
        with serving(first(Say(ANSWER))) as server:
            options = ["--llm-mode", "add", "--llm-limit", "10"]
            assert build(server.url, "s", *options) == UsageError.exit_code and server.asked == []

    def test_a_key_in_place_of_its_name_is_not_shown(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert build("http://127.0.0.1:1/v1", "s", "--llm-key-env", "sk-geheim") == UsageError.exit_code
        out, err = capsys.readouterr()
        assert "geheim" not in out + err and "--llm-key-env" in err

    @pytest.mark.parametrize(
        "options",
        [
            ["--llm-prices", "2"], ["--llm-prices", "2,x"], ["--llm-prices", "nan,1"], ["--llm-prices", "-1,2"],
            ["--llm-prices", "1,inf"], ["--llm-mode", "all"], ["--llm-redact"], ["--llm-jobs", "0"],
            ["--llm-timeout", "nan"], ["--llm-timeout", "0"], ["--llm-timeout", "-1"], ["--llm-limit", "-5"],
        ],
    )  # fmt: skip
    def test_options_that_do_not_fit(self, options: list[str]) -> None:
        url = [] if options == ["--llm-redact"] else ["--llm", "http://127.0.0.1:1/v1", "--llm-model", "m"]
        assert run_command(["build", "pages", "--store", "s", *url, *options]) == UsageError.exit_code

    def test_a_slow_endpoint_is_given_as_long_as_the_option_says(self) -> None:
        never = threading.Event()
        with serving(first(Say(wait=never), Say(ANSWER))) as server:
            assert build(server.url, "s", "--llm-timeout", "0.3", "--llm-jobs", "1") == 0
            never.set()
        assert len(server.asked) == 2 and count("s", "Revision") == 1

    def test_a_check_needs_annotated_files(self) -> None:
        assert run_command(["llm", "check", "--llm", "http://127.0.0.1:1/v1"]) == UsageError.exit_code


def test_a_prompt_of_ones_own_is_another_prompt() -> None:
    Path("own").mkdir()
    Path("own/llm_review.toml").write_text('[messages]\nhead = "（信头）"\n', encoding="utf-8")
    from ontology.lexicons import load_lexicon

    assert compute_prompt_version(load_lexicon("own")) != compute_prompt_version(LEX)
    with serving(first(Say(say()))) as server:
        assert build(server.url, "s", "--lexicon", "own") == 0
    assert "（信头）" in server.asked[0].body["messages"][-1]["content"]
