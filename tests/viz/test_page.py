"""The page as a file: whole, safe, the same every time. What it does in a browser: ``browser/test_page.py``."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest

from extract.model import Kind
from tests.support.paths import ROOT
from viz.choice import choose_nodes
from viz.data import Edge, FactLine, FigureDetails, Node, PageData, PageOptions, Quote
from viz.page import render_html, write_html
from viz.payload import encode_script_json
from viz.theme import LANGUAGES, read_texts, read_theme
from viz.views import VIEWS
from viz.views.answers import AnswerState

SENTENCE = Quote("我局牵头实施", "近年来，", "“扬帆计划”。", "市科技局答复", "澄溪市科学技术局", "2023-06-19", "a.txt")
FIGURES = {Kind.OBSERVATION, Kind.TARGET, Kind.CONDITION, Kind.PROVISION}


def data(size: int = 3) -> PageData:
    nodes = tuple(
        Node(
            f"n{i}",
            "Agency" if i % 2 else "Program",
            f"名称{i}",
            quotes=(SENTENCE,),
            facts=(FactLine("status", "InForce", (SENTENCE,)),),
        )
        for i in range(size)
    )
    edges = tuple(Edge(f"e{i}", "n0", f"n{i}", "involves", (SENTENCE,), 0.9) for i in range(1, size))
    return PageData("图谱", nodes, edges, subtitle="两份来源")


class Page(HTMLParser):
    """Elements, attributes, and the text of scripts and styles of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self.inline.append((tag, dict(attrs), ""))

    def handle_data(self, text: str) -> None:
        if self.elements[-1:] and self.elements[-1][0] in {"script", "style"} and self.inline:
            tag, attrs, before = self.inline[-1]
            self.inline[-1] = (tag, attrs, before + text)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self.elements.append(("/" + tag, {}))

    def json(self, ident: str) -> object:
        return json.loads(next(text for _, attrs, text in self.inline if attrs.get("id") == ident))


def test_page_names_nothing_outside_itself() -> None:
    page = Page(render_html(data()))
    for tag, attributes in page.elements:
        for name in ("src", "href", "action", "data", "srcset", "poster"):
            value = attributes.get(name)
            assert value is None or value.startswith("data:"), (tag, name, value)
    styles = "".join(text for tag, _, text in page.inline if tag == "style")
    assert "url(" not in styles
    assert "@import" not in styles


def test_policy_knows_exactly_the_scripts_of_the_page() -> None:
    page = Page(render_html(data()))
    policy = next(
        a["content"] for t, a in page.elements if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    for word in ("unsafe", "http", "*"):
        assert word not in policy
    run = [text for tag, attrs, text in page.inline if tag == "style" or attrs.get("type") != "application/json"]
    wanted = {f"'sha256-{base64.b64encode(hashlib.sha256(t.encode()).digest()).decode()}'" for t in run}
    assert set(re.findall(r"'sha256-[^']+'", policy)) == wanted
    assert len(wanted) == 3


def test_faults_of_pyvis_are_mended() -> None:
    html = render_html(replace(data(), title="只写一次的标题"))
    assert html.count("<h1>") == 1
    assert html.count("只写一次的标题") == 3  # <title>, <h1>, and the data for the picture
    for word in ("bootstrap", "cdnjs", "jsdelivr", "mynetwork"):
        assert word not in html
    assert Page(html).json("kg-options")["physics"] == {"enabled": False}  # type: ignore[index]


def test_the_library_keeps_its_licence_notice() -> None:
    assert "@version 9.1.2" in render_html(data())
    notice = (ROOT / "viz" / "assets" / "LICENSES.md").read_text(encoding="utf-8")
    assert "vis-network.min.js" in notice


@pytest.mark.parametrize(
    "evil", ["</script>", "</SCRIPT ", "<!--", "<script>", "]]>", "\u2028", '"', "\\", "&lt;", "\ud800"]
)
def test_nothing_in_a_text_ends_the_data(evil: str) -> None:
    quote = replace(SENTENCE, text=evil, before=evil, source_title=evil)
    node = Node(evil, evil, evil, (evil,), (FactLine(evil, evil, (quote,), evil, evil, evil),), (quote,))
    html = render_html(PageData(evil, (node,), (Edge(evil, evil, evil, evil, (quote,)),), evil, evil))
    html.encode("utf-8")
    page = Page(html)
    assert len(page.inline) == 9
    assert page.json("kg-nodes")[0]["label"] == evil  # type: ignore[index]
    assert page.json("kg-facts")["title"] == evil  # type: ignore[index,call-overload]


def test_script_json_is_json() -> None:
    value = {"a": ["</script><!-- & 中文 \u2028", 1, None, True]}
    assert json.loads(encode_script_json(value)) == value
    assert "中文" in encode_script_json(value)


def test_a_sentence_is_stored_once() -> None:
    html = render_html(data(40))
    assert html.count("近年来，我局牵头实施“扬帆计划”。") == 1
    facts = Page(html).json("kg-facts")
    assert len(facts["quotes"]) == len(facts["passages"]) == len(facts["sources"]) == 1  # type: ignore[index,call-overload]


def test_quotes_are_found_again_by_utf16_positions() -> None:
    quote = Quote("𠮷祥", "前𠮷", "后")
    facts = Page(render_html(PageData("t", (Node("a", "Agency", "甲", quotes=(quote,)),), ()))).json("kg-facts")
    passage, begin, end, _ = facts["quotes"][0]  # type: ignore[index,call-overload]
    units = facts["passages"][passage].encode("utf-16-le")  # type: ignore[index,call-overload]
    assert units[2 * begin : 2 * end].decode("utf-16-le") == "𠮷祥"


def test_same_data_same_bytes() -> None:
    assert render_html(data(80)) == render_html(data(80))


def test_everything_is_on_the_page_and_only_some_is_drawn_at_first() -> None:
    page = Page(render_html(data(90), PageOptions(limit=20)))
    assert len(page.json("kg-nodes")) == 90  # type: ignore[arg-type]
    assert len(page.json("kg-edges")) == 89  # type: ignore[arg-type]
    assert len(page.json("kg-facts")["first"]) == 20  # type: ignore[index,call-overload]


def test_a_page_holds_a_bounded_number_and_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viz.page.MAX_NODES", 50)
    page = Page(render_html(data(90)))
    assert len(page.json("kg-nodes")) == 50  # type: ignore[arg-type]
    assert page.json("kg-facts")["leftOut"] == 40  # type: ignore[index,call-overload]


def test_data_that_contradicts_itself_is_refused() -> None:
    good = data()
    for bad in (
        replace(good, nodes=(*good.nodes, good.nodes[0])),
        replace(good, edges=(*good.edges, good.edges[0])),
        replace(good, edges=(Edge("x", "n0", "nobody", "involves"),)),
        replace(good, focus="nobody"),
    ):
        with pytest.raises(ValueError, match="PageData"):
            render_html(bad)
    with pytest.raises(ValueError, match="lang"):
        render_html(good, PageOptions(lang="fr"))


def test_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = write_html(data(), tmp_path / "图谱.html", PageOptions(lang="en"))
    assert path.read_bytes().decode("utf-8") == render_html(data(), PageOptions(lang="en"))
    with pytest.raises(ValueError, match="PageData"):
        write_html(replace(data(), focus="nobody"), path)
    assert path.read_bytes().decode("utf-8") == render_html(data(), PageOptions(lang="en"))
    with pytest.raises(OSError):
        write_html(data(), tmp_path / "missing" / "p.html")
    assert [p.name for p in tmp_path.iterdir()] == ["图谱.html"]


def test_the_first_view_hangs_together_and_begins_at_the_focus() -> None:
    kinds = list(read_theme().kinds)
    chain = tuple(Node(f"n{i}", kinds[i % len(kinds)], f"名{i}") for i in range(30))
    lonely = tuple(Node(f"x{i}", "Place", f"地{i}", weight=1.5) for i in range(30))
    links = tuple(Edge(f"e{i}", f"n{i}", f"n{i + 1}", "involves") for i in range(29))
    found = choose_nodes(PageData("t", chain + lonely, links, focus="n7"), 10)
    assert found[0] == 7
    assert all(i < 30 for i in found)


def test_the_first_view_shows_more_than_one_class() -> None:
    many = tuple(Node(f"r{i}", "LeadReply", f"答复{i}", weight=3.0) for i in range(200))
    few = tuple(Node(f"p{i}", "Program", f"计划{i}", weight=1.0) for i in range(10))
    nodes = (*many, *few, Node("a", "Agency", "局", weight=2.0))
    edges = tuple(Edge(n.id, n.id, "a", "issuedBy") for n in many + few)
    found = choose_nodes(PageData("t", nodes, edges), 50)
    assert sum(nodes[i].kind == "Program" for i in found) >= 5


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_every_class_has_a_look_of_its_own() -> None:
    looks = read_theme().kinds
    for kind in Kind:
        assert kind in FIGURES or kind in looks, kind
    assert len({(look.shape, look.fill) for look in looks.values()}) == len(looks)


def test_classes_can_be_told_without_seeing_colour() -> None:
    kinds = list(read_theme().kinds.items())
    for i, (name, look) in enumerate(kinds):
        assert contrast(look.border, read_theme().page["paper"]) >= 3, name
        for other, its in kinds[:i]:
            assert look.shape != its.shape or contrast(look.fill, its.fill) >= 1.5, (name, other)


@pytest.mark.parametrize("scheme", ["page", "dark"])
def test_text_can_be_read_on_paper(scheme: str) -> None:
    page = getattr(read_theme(), scheme)
    for ground in ("paper", "card"):
        assert contrast(page["ink"], page[ground]) >= 7
        for words in ("soft", "faint", "accent", "warn", "good", "maybe"):
            assert contrast(page[words], page[ground]) >= 4.5, (words, ground)
    own = [(name, f"{name}_paper") for name in ("warn", "good", "maybe")]
    marks = [("mark_ink", "mark"), ("accent_ink", "accent"), ("ink", "tag"), ("soft", "tag"), ("ink", "quote")]
    for words, ground in own + marks:
        assert contrast(page[words], page[ground]) >= 4.5, (words, ground)


def test_light_and_dark_name_the_same_colours() -> None:
    assert set(read_theme().page) == set(read_theme().dark)


def test_classes_stand_out_from_dark_paper_too() -> None:
    for name, look in read_theme().kinds.items():
        assert contrast(look.dark_border or look.border, read_theme().dark["paper"]) >= 3, name


def test_colours_words_and_templates_can_be_ones_own(tmp_path: Path) -> None:
    (tmp_path / "theme.toml").write_text('[page]\naccent = "#123456"\n[kinds.Agency]\nfill = "#ff0000"\n', "utf-8")
    (tmp_path / "texts.toml").write_text('[kinds]\nAgency = { zh = "衙门", en = "Bureau" }\n', "utf-8")
    (tmp_path / "extra.css").write_text(".mine { color: var(--accent); }\n", "utf-8")
    html = render_html(data(), PageOptions(look=tmp_path))
    page = Page(html)
    assert page.json("kg-look")["kinds"]["Agency"]["fill"] == "#ff0000"  # type: ignore[index,call-overload]
    assert page.json("kg-look")["kinds"]["Agency"]["shape"] == read_theme().kinds["Agency"].shape  # type: ignore[index,call-overload]
    assert page.json("kg-texts")["kinds"]["Agency"]["zh"] == "衙门"  # type: ignore[index,call-overload]
    assert "--accent:#123456" in html
    assert ".mine" in html
    (tmp_path / "page.html").write_text("<html><body>{{ heading }}</body></html>", "utf-8")
    assert render_html(data(), PageOptions(look=tmp_path)) == "<html><body>图谱</body></html>"
    assert "衙门" not in render_html(data())  # ours is untouched


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("theme.toml", "[page", "theme.toml"),
        ("theme.toml", '[kinds.Agency]\nshape = "cube"\n', "cube"),
        ("theme.toml", "[kinds.Agency]\nheight = 3\n", "height"),
        ("theme.toml", '[page]\npaper = "red; } body { background: url(//x)"\n', "colour"),
        ("extra.css", "</style><script>", "extra.css"),
    ],
)
def test_a_wrong_file_of_ones_own_is_named(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(ValueError, match=re.escape(said)):
        render_html(data(), PageOptions(look=tmp_path))


def test_large_pages_hold_the_webgl_library_and_small_ones_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "graphology=" not in render_html(data(20))
    monkeypatch.setattr("viz.page.WEBGL_NODES", 10)
    page = Page(render_html(data(20)))
    plain = [text for tag, attrs, text in page.inline if tag == "script" and not attrs.get("id")]
    assert len(plain) == 2
    assert "graphology=" in plain[0]
    assert any(attrs.get("id") == "kg-vis" and attrs.get("type") == "text/plain" for _, attrs, _ in page.inline)
    policy = next(a["content"] for t, a in page.elements if t == "meta" and "Policy" in (a.get("http-equiv") or ""))
    assert policy is not None
    assert policy.count("sha256-") == 4  # vis waits for browsers without WebGL
    assert "sourceMappingURL" not in render_html(data(20))


def test_views_and_figures_are_in_the_page() -> None:
    parts = ("f1", "800000", "CNY", "AtMost", "80万元", "CNY 800,000", "奖励", "2024", "家")
    line = FactLine(
        "奖励", "最高80万元", (SENTENCE,), kind="Provision", figure=FigureDetails(*parts, ties=(("about", "n1"),))
    )
    node = replace(data().nodes[1], facts=(line,))
    changed = replace(data(), nodes=(data().nodes[0], node, data().nodes[2]))
    facts = Page(render_html(changed, PageOptions(view="tiers", embed=True))).json("kg-facts")
    assert facts["figures"] == [  # type: ignore[index,call-overload]
        [*parts, "", "", [["about", 1]]]
    ]
    assert (facts["view"], facts["embed"]) == ("tiers", True)  # type: ignore[index,call-overload]
    assert set(facts["views"]) == set(VIEWS) - {"graph", "about"}  # type: ignore[index,call-overload]
    with pytest.raises(ValueError, match="view"):
        render_html(data(), PageOptions(view="pie"))


def test_every_word_is_there_in_every_language() -> None:
    for table in ("ui", "figures", "bounds", "kinds", "predicates", "facts", "values"):
        for key, entry in read_texts()[table].items():
            for lang in LANGUAGES:
                assert entry.get(lang), (table, key, lang)
    for key, entry in read_texts()["predicates"].items():
        assert entry.get("inverse_zh"), key
        assert entry.get("inverse_en"), key
    assert set(read_texts()["kinds"]) | set(read_texts()["figures"]) == set(read_theme().kinds)
    assert set(read_texts()["figures"]) == {str(kind) for kind in FIGURES}


def test_scripts_use_only_words_that_are_there() -> None:
    home = ROOT / "viz" / "templates"
    code = "".join(p.read_text(encoding="utf-8") for p in sorted(home.glob("js/*.js")))
    html = (home / "page.html").read_text(encoding="utf-8")
    used = set(re.findall(r'KG\.t\("(\w+)"', code)) | set(re.findall(r'data-(?:label|placeholder|text)="(\w+)"', html))
    used |= set(re.findall(r'step\("\w+", "(\w+)"', code)) | set(re.findall(r'\? "(\w+)" : "(?:empty)"', code))
    assert used <= set(read_texts()["ui"])
    said = (
        used
        | set(re.findall(r'"(\w+)"', code))
        | set(re.findall(r"texts\.ui\.(\w+)", html))
        | set(re.findall(r"words\.ui\.(\w+)", code))
    )
    # KG.t(`view_name_${name}`): said for each of some names
    families = {
        "view_name_": VIEWS, "view_title_": VIEWS, "about_": VIEWS, "none_": VIEWS[2:],
        "state_": get_args(AnswerState),
    }  # fmt: skip
    assert set(re.findall(r"`(\w+_)\$\{", code)) - {"inverse_"} == set(families)
    for prefix, names in families.items():
        assert {prefix + name for name in names} <= set(read_texts()["ui"]), prefix
        said |= {prefix + name for name in names}
    assert set(read_texts()["ui"]) <= said, "words that nobody says"
