"""The pages over a real port: what they say, their languages, their links, and that nothing in them can run."""

from __future__ import annotations

import io
import re
import tomllib
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urljoin

import httpx
import openpyxl
import pytest
import rdflib
from selectolax.lexbor import LexborHTMLParser as HTMLParser

import kg
from kg.graph.query import list_named_queries
from kg.report.catalog import REPORTS, list_filters
from kg.report.facts import QUERIES
from kg.report.texts import FILE_FILTERS
from kg.serve.site import questions
from kg.serve.site.tools import list_ready_reports, list_report_filters, list_shown_reports
from tests.kg.serve.conftest import HOSTILE
from tests.support.invented_page import PAGE, span
from tests.support.paths import EXAMPLES
from tests.support.servers import make_settings, serve

AGENCY = f"/id/agency/{quote('澄溪市工业和信息化局')}"
TIER = f"/id/enterprise-tier/{quote('国家级专精特新小巨人企业')}"
SOURCE = "2024/20240015.txt"
DOCUMENT = f"/document?source={quote(SOURCE, safe='')}"
PAGES = ["/", "/search", "/search?q=%E5%A5%96%E5%8A%B1", AGENCY, TIER, "/documents", DOCUMENT, "/reports",
         "/reports/coverage", "/reports/money", "/queries", "/queries/missing-opinions", "/editor"]  # fmt: skip


def read(client: httpx.Client, address: str, status: int = 200, **headers: str) -> HTMLParser:
    response = client.get(address, headers={"Accept": "text/html", **headers})
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return HTMLParser(response.text)


def text_of(page: HTMLParser) -> str:
    main = page.css_first("main")
    assert main is not None
    return " ".join(main.text(separator=" ").split())


def links_of(page: HTMLParser) -> list[str]:
    return [unescape(link.attributes["href"] or "") for link in page.css("a[href]")]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_has_both_languages_a_title_one_heading_and_a_policy(
    site: httpx.Client, address: str, lang: str
) -> None:
    joint = "&" if "?" in address else "?"
    response = site.get(f"{address}{joint}lang={lang}")
    page = HTMLParser(response.text)
    html, title = page.css_first("html"), page.css_first("title")
    assert html is not None and title is not None
    assert html.attributes["lang"] == {"zh": "zh-CN", "en": "en"}[lang]
    assert len(page.css("h1")) == 1 and title.text()
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert not page.css("[style], [onclick], script:not([src]), style")
    assert all(field.attributes.get("id") != "q" or page.css("label[for=q]") for field in page.css("input"))
    site.cookies.clear()


def test_all_links_of_the_site_lead_somewhere(site: httpx.Client) -> None:
    seen, waiting = {"/"}, ["/"]
    while waiting:
        address = waiting.pop()
        response = site.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
        assert response.status_code == 200, (address, response.text[-300:])
        if not response.headers["content-type"].startswith("text/html") or address.startswith("/graph"):
            continue
        page = HTMLParser(response.text)
        ids = {node.attributes["id"] for node in page.css("[id]")}
        for link in links_of(page):
            target = urljoin(address, link)
            assert target.startswith("/"), link
            path, _, anchor = target.partition("#")
            if path == address and anchor:
                assert anchor in ids, target
            if path not in seen and not _is_variant(path):
                seen.add(path)
                waiting.append(path)
    assert len(seen) > 60


def _is_variant(path: str) -> bool:
    """Return whether an address is one of many like it: another language, file or condition."""
    return bool(re.search(r"[?&](lang|at|all|format=(?!ttl|csv))", path)) or "&" in path or path.count("/graph?") > 0


def test_home_says_what_there_is(site: httpx.Client) -> None:
    page = read(site, "/")
    assert "澄溪市工业和信息化局" in text_of(page)
    assert "/search?class=EnterpriseTier" in links_of(page)


@pytest.mark.parametrize("words", ["工信", "gongyehexinxihuaju", "gyhxxhj", "工业和信息化局", "市工业和信息化局"])
def test_an_agency_is_found_by_its_name_short_name_and_sound(site: httpx.Client, words: str) -> None:
    found = [unescape(node.text()) for node in read(site, f"/search?q={quote(words)}").css(".hits li > div > a")]
    assert "澄溪市工业和信息化局" in found[:3]
    assert any(hit["name"] == "澄溪市工业和信息化局" for hit in site.get("/suggest", params={"q": words}).json())


def test_words_of_a_text_are_found_and_marked(site: httpx.Client) -> None:
    page = read(site, f"/search?q={quote('风险补偿资金')}")
    assert "风险补偿资金" in [node.text() for node in page.css(".hits mark")] or "设立风险补偿资金" in text_of(page)


def test_facets_narrow_a_search_and_can_be_taken_back(site: httpx.Client) -> None:
    everything = read(site, "/search")
    narrow = next(link for link in links_of(everything) if link == "/search?class=Agency")
    page = read(site, narrow)
    kinds = {node.text() for node in page.css(".hits small")}
    assert all("机关部门" in kind for kind in kinds)
    assert "/search" in links_of(page)
    years = read(site, "/search?year=2024")
    assert "澄溪市" in text_of(years)
    assert "没有找到" in text_of(read(site, f"/search?q={quote('不存在的词')}"))


def test_a_thing_has_facts_figures_and_statements_with_their_sentences(site: httpx.Client) -> None:
    text = text_of(read(site, TIER))
    assert "最高50万元" in text and "奖励" in text and "国家级" in text
    page = read(site, AGENCY)
    assert "登高计划" in text_of(page) and "我局实施“登高计划”" in text_of(page).replace(" ", "")
    assert "市工业和信息化局" in text_of(page)


def test_a_quote_leads_to_its_words_and_the_words_to_what_was_read(site: httpx.Client) -> None:
    link = next(link for link in links_of(read(site, TIER)) if link.startswith("/document") and "at=" in link)
    page = read(site, link.partition("#")[0])
    chosen = "".join(node.text() for node in page.css(".chosen"))
    said = page.css_first(".said")
    assert said is not None and chosen
    assert chosen in PAGE
    anchor = link.partition("#")[2]
    assert page.css_first(f"#{anchor}") is not None
    assert any(link.startswith("/id/enterprise-tier/") for link in links_of(HTMLParser(said.html or "")))


def test_the_text_of_a_document_is_whole(site: httpx.Client) -> None:
    page = read(site, DOCUMENT)
    shown = "\n".join(line.text() for line in page.css(".reading p"))
    assert shown.strip() == PAGE.strip()
    assert page.css(".reading .part.k-Suggestion") and page.css(".reading a.name.k-Agency")


def test_words_say_all_that_was_read_from_them(site: httpx.Client) -> None:
    place = span("给予最高50万元奖励")
    said = text_of(read(site, f"{DOCUMENT}&at={place.begin},{place.end}"))
    assert "最高50万元" in said and "国家级专精特新“小巨人”企业" in said


@pytest.mark.parametrize("at", ["", "1", "9,3", "a,b", "-1,5", "1,99999999"])
def test_strange_places_are_survived(site: httpx.Client, at: str) -> None:
    read(site, f"{DOCUMENT}&at={quote(at)}")


@pytest.mark.parametrize(
    ("accept", "form"),
    [("text/turtle", "turtle"), ("application/ld+json", "json-ld"), ("application/rdf+xml", "xml"),
     ("application/n-triples", "nt"), ("text/turtle;q=0.9, text/html;q=0.1", "turtle")],
)  # fmt: skip
def test_an_iri_leads_to_rdf_for_programs(site: httpx.Client, accept: str, form: str) -> None:
    response = site.get(TIER, headers={"Accept": accept})
    assert response.headers["vary"] == "Accept"
    graph = rdflib.Graph().parse(data=response.text, format=form)
    thing = rdflib.URIRef("https://w3id.org/proposal-kg/id/enterprise-tier/国家级专精特新小巨人企业")
    assert (thing, rdflib.RDFS.label, None) in graph
    assert any(str(value) == "500000" for value in graph.objects(None, None))


def test_an_address_can_ask_for_rdf_and_an_unknown_type_is_refused(site: httpx.Client) -> None:
    assert site.get(f"{TIER}?format=ttl").headers["content-type"].startswith("text/turtle")
    assert site.get(TIER, headers={"Accept": "image/png"}).status_code == 406
    assert site.get(TIER, headers={"Accept": "*/*"}).headers["content-type"].startswith("text/html")


def test_the_iri_of_a_source_leads_to_its_text(site: httpx.Client) -> None:
    response = site.get(f"/id/source/{quote(SOURCE)}")
    assert response.status_code == 303 and response.headers["location"] == DOCUMENT


def test_a_thing_that_is_not_there_is_said(site: httpx.Client) -> None:
    for address in ("/id/nothing", "/thing?iri=https://x.invalid/", "/thing", "/document?source=x", "/reports/none",
                    "/queries/none", "/graph?about=none", "/graph?about=http://%5B"):  # fmt: skip
        assert "没有" in text_of(read(site, address, 404)), address
    for address in ("/none", "/static/%00", "/thing?iri=none"):
        response = site.get(address, headers={"Accept": "text/html", "Accept-Language": "zh"})
        assert response.status_code == 404 and 'hreflang="en"' in response.text, address
    wanted = site.get(f"{AGENCY}?format=zzz")
    assert wanted.status_code == 400 and "jsonld" in wanted.text, "not the page instead"


def test_what_a_search_lists_is_what_its_query_gives(site: httpx.Client) -> None:
    for address in (f"/search?q={quote('小巨人')}", "/search?q=xjr", f"/search?agency={quote('澄溪市财政局')}"):
        page = read(site, address)
        [sparql] = read_editor_queries(page)
        rows = site.post("/sparql", data={"query": sparql}).json()["results"]["bindings"]
        listed = {link for link in links_of(page) if link.startswith(("/id/", "/thing?"))}
        assert rows and len({row["thing"]["value"] for row in rows}) >= len(listed) > 0, address
    assert read_editor_queries(read(site, "/search?q=zzzzqq")) == []


def test_a_rule_of_stacking_has_a_page(tmp_path: Path) -> None:
    kg.build([EXAMPLES / "霁川市支持优质中小企业梯度培育若干措施.txt"], store=tmp_path / "store")
    with serve(make_settings(tmp_path / "store")) as address:
        client = httpx.Client(base_url=address, timeout=30, trust_env=False, headers={"Accept-Language": "zh"})
        query = "SELECT ?r ?p { ?r a pk:StackingRule ; dcterms:isPartOf ?p }"
        [row] = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
        for name in ("r", "p"):
            page = client.get("/thing", params={"iri": row[name]["value"]}, headers={"Accept": "text/html"})
            assert page.status_code == 200 and "叠加规则" in page.text and "就高不重复" in page.text


def test_a_report_has_filters_links_and_files(site: httpx.Client) -> None:
    page = read(site, "/reports/money")
    assert "50万元" in text_of(page)
    assert any(link.startswith("/document?") and "at=" in link for link in links_of(page))
    assert "50万元" not in text_of(read(site, f"/reports/money?agency={quote('没有这个局')}"))
    data = site.get("/reports/money?format=xlsx")
    assert "attachment" in data.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(data.content))
    assert any("50万元" in str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    for form in ("docx", "csv", "md", "json", "html"):
        assert site.get(f"/reports/money?format={form}").status_code == 200


def read_editor_queries(page: HTMLParser) -> list[str]:
    """The queries that links of a page open in the editor."""
    return [unquote(link.partition("#query=")[2]) for link in links_of(page) if link.startswith("/editor#query=")]


@pytest.mark.parametrize("name", [name for name, _, _ in list_ready_reports("zh")])
def test_a_report_can_be_opened_in_the_editor_as_queries_that_run(site: httpx.Client, name: str) -> None:
    queries = read_editor_queries(read(site, f"/reports/{name}"))
    assert len(queries) > 3 and queries[0] == queries[1]  # the button opens the first of the list
    for sparql in queries:
        response = site.post("/sparql", data={"query": sparql})
        assert response.status_code == 200, (sparql, response.text)


def test_a_wrong_filter_is_called_as_the_address_has_it(site: httpx.Client) -> None:
    for address in ("/reports/commitments?as_of=xx", "/api/reports/commitments?as_of=xx"):
        response = site.get(address)
        assert response.status_code == 400 and "as_of" in response.text and "--as-of" not in response.text


def test_the_query_of_a_report_has_its_filters(site: httpx.Client) -> None:
    page = read(site, f"/reports/coverage?proposal=20240015&year=2024&agency={quote('工信局')}")
    first = read_editor_queries(page)[0]
    assert '"20240015"' in first and '"工信局"' in first
    assert "没有这些筛选：年份。" in text_of(page)
    rows = site.get("/sparql", params={"query": read_editor_queries(read(site, "/reports/money"))[0]}).json()
    assert any(row["value"]["value"] == "500000" for row in rows["results"]["bindings"])


def test_every_report_and_its_steps_have_queries_with_titles(site: httpx.Client) -> None:
    known = tomllib.loads((Path(questions.__file__).parent / "questions.toml").read_text(encoding="utf-8"))
    assert set(known["reports"]) == {name for name, _, _ in list_shown_reports("zh")}
    assert set(known["steps"]) == {path.stem for path in QUERIES.glob("*.rq")}
    for name, entries in known["reports"].items():
        for entry in entries:
            named = list_named_queries()[entry["query"]]
            for option, param in entry.items():
                if option != "query":
                    assert option in list_filters(name) and param in [p.name for p in named.params], (name, entry)


def test_no_address_can_name_a_file_of_the_server(site: httpx.Client) -> None:
    plain = text_of(read(site, "/reports/clock"))
    assert text_of(read(site, "/reports/clock?limits=/etc/passwd")) == plain
    assert site.get("/reports/session?session=/etc/passwd").status_code == 404
    asked = text_of(read(site, "/reports/match?tier=x"))
    assert text_of(read(site, "/reports/match?tier=x&profile=/etc/passwd")) == asked
    for address in ("/static/..%2fpages.py", "/static/%2e%2e/pages.py", "/static/site.css%00", "/static/texts.toml",
                    "/document?source=../../etc/passwd", "/id/..%2f..%2fetc/passwd"):  # fmt: skip
        response = site.get(address)
        assert response.status_code == 404 and "root:" not in response.text, address


def test_every_filter_of_a_report_is_offered_or_is_a_file() -> None:
    for name in REPORTS:
        assert set(list_filters(name)) - FILE_FILTERS == set(list_report_filters(name)), name
    assert {"limits", "session", "profile"} <= FILE_FILTERS


def test_a_report_about_a_firm_asks_for_it(site: httpx.Client) -> None:
    assert "先填写" in text_of(read(site, "/reports/match"))
    assert "先填写" not in text_of(read(site, f"/reports/match?tier={quote('高新技术企业')}"))


def test_a_named_query_shows_titles_words_and_the_editor(site: httpx.Client) -> None:
    page = read(site, "/queries/missing-opinions")
    assert "澄溪市财政局" in text_of(page) and "会办" in text_of(page)
    assert any(link.startswith("/editor#query=") for link in links_of(page))


def test_a_named_query_writes_amounts_as_people_do(site: httpx.Client) -> None:
    words = text_of(read(site, "/queries/subsidies"))
    assert "万元" in words and "CNY" not in words and "0000" not in words


def test_the_language_is_that_of_the_address_then_of_the_reader_then_of_the_browser(pages_address: str) -> None:
    with httpx.Client(base_url=pages_address, trust_env=False) as client:
        assert 'lang="en"' in client.get("/", headers={"Accept-Language": "en"}).text
        assert 'lang="zh-CN"' in client.get("/", headers={"Accept-Language": "fr"}).text
        assert 'lang="en"' in client.get("/?lang=en").text
        assert 'lang="en"' in client.get("/", headers={"Accept-Language": "zh"}).text
        cookie = client.get("/?lang=zh").headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie


def test_a_script_in_a_name_is_shown_and_does_not_run(site: httpx.Client) -> None:
    for address in ("/id/agency/hostile", "/search?class=Agency"):
        response = site.get(address, headers={"Accept": "text/html"})
        assert "<script>alert" not in response.text and "<img src=x" not in response.text
        assert HOSTILE in unescape(response.text)
    graph = site.get(f"/graph?about={quote('https://w3id.org/proposal-kg/id/agency/hostile')}")
    assert graph.status_code == 200 and "<script>alert" not in graph.text and "<img src=x" not in graph.text


REFLECTED = quote(HOSTILE)


@pytest.mark.parametrize(
    "address",
    [f"/search?q={REFLECTED}", f"/search?class={REFLECTED}&agency={REFLECTED}", f"/thing?iri={REFLECTED}",
     f"/reports/money?agency={REFLECTED}", f"/queries/missing-opinions?agency={REFLECTED}", f"/reports/{REFLECTED}",
     f"/document?source={REFLECTED}", f"/?lang={REFLECTED}", f"/id/{REFLECTED}", f"/graph?about={REFLECTED}",
     f"/sparql?query={REFLECTED}"],
)  # fmt: skip
def test_a_script_in_an_address_does_not_run(site: httpx.Client, address: str) -> None:
    response = site.get(address, headers={"Accept": "text/html, */*;q=0.1"})
    assert response.status_code < 500
    if response.headers["content-type"].startswith("text/html"):
        assert "<script>alert" not in response.text and "<img src=x" not in response.text


def test_no_header_can_be_put_in_by_an_address(site: httpx.Client) -> None:
    for address in ("/?lang=en%0d%0aX-Injected:%201", "/search?q=%0d%0aX-Injected:%201", "/id/%0d%0aX-Injected:%201",
                    "/reports/money?agency=%0d%0aX-Injected:1&format=xlsx"):  # fmt: skip
        response = site.get(address)
        assert "x-injected" not in response.headers, address


def test_pages_ask_nothing_of_other_servers(site: httpx.Client) -> None:
    for address in PAGES:
        page = read(site, address)
        for node in page.css("[src], link[href]"):
            target = node.attributes.get("src") or node.attributes.get("href") or ""
            assert target.startswith(("/", "data:")), (address, target)
    for name in ("site.css", "report.css", "site.js", "scheme.js", "editor.js", "results.js", "editor.css"):
        text = site.get(f"/static/{name}").text
        known = text.replace("https:\\/\\/w3id", "")
        assert not re.search(r"url\(|@import|https?://(?!w3id|www\.w3\.org/)", known), name


def test_the_other_language_is_at_the_same_address_of_this_server(site: httpx.Client) -> None:
    page = read(site, f"{AGENCY}?all=1&lang=zh")
    [link] = [one for one in links_of(page) if "lang=en" in one]
    assert link == f"{AGENCY}?all=1&lang=en"
    for path in ("//elsewhere.invalid/x", "///elsewhere.invalid", "/id//elsewhere.invalid/"):
        response = site.get(str(site.base_url).rstrip("/") + path, headers={"Accept": "text/html"})
        assert 'href="//' not in response.text, path


def test_a_page_is_the_same_whether_it_is_small_or_large(site: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    small = site.get(f"{AGENCY}?x=1", headers={"Accept": "text/html"}).text
    monkeypatch.setattr("kg.serve.site.pages._SMALL", 0)
    large = site.get(f"{AGENCY}?x=2", headers={"Accept": "text/html"}).text
    assert small.replace("x=1", "") == large.replace("x=2", "")
