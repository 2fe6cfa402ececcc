"""A desk over a real port: who gets in, what is refused, and what files and decisions do."""

from __future__ import annotations

import io
import time
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import openpyxl
import pytest

from kg.review.decisions import read_decisions
from kg.serve.desk.guard import COOKIE, make_form_token
from kg.store.store import Store
from tests.kg.serve.conftest import fill_pages
from tests.support.paths import ROOT
from tests.support.servers import make_settings, serve

SECRET = "secret-of-the-tests"
CHANGES = ["/desk/change", "/desk/build", "/desk/undo", "/desk/remove", "/desk/stop", "/desk/decide", "/desk/retract",
           "/desk/decisions"]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("desk") / "desk"
    path.mkdir()
    fill_pages(path / "store")
    return path


@pytest.fixture(scope="module")
def desk_address(folder: Path) -> Iterator[str]:
    settings = replace(make_settings(folder / "store"), desk=folder, secret=SECRET)
    with serve(settings) as address:
        yield address


@pytest.fixture
def stranger(desk_address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=desk_address, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def clerk(desk_address: str) -> Iterator[httpx.Client]:
    """A browser that opened the address of the start."""
    headers = {"Origin": desk_address, "X-KG-Desk": make_form_token(SECRET), "Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=desk_address, timeout=60, trust_env=False, headers=headers) as client:
        assert client.get(f"/desk?token={SECRET}").status_code == 303
        yield client


def test_the_address_of_the_start_opens_the_desk_and_hides_its_secret(stranger: httpx.Client) -> None:
    response = stranger.get(f"/desk?token={SECRET}")
    assert response.status_code == 303 and response.headers["location"] == "/desk"
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert stranger.get("/desk").status_code == 200
    assert SECRET not in stranger.get("/desk").text


@pytest.mark.parametrize(
    "path",
    ["/", "/desk", "/desk/review", "/search", "/documents", "/sparql", "/graphs?default", "/desk/export",
     "/desk/review.xlsx", "/desk/status", "/metrics", "/desk?token=wrong"],
)  # fmt: skip
def test_without_the_secret_nothing_is_shown(stranger: httpx.Client, path: str) -> None:
    response = stranger.get(path)
    assert response.status_code == 403 and "澄溪" not in response.text


@pytest.mark.parametrize("path", CHANGES)
def test_a_page_of_another_site_changes_nothing(clerk: httpx.Client, path: str) -> None:
    for headers in (
        {"Origin": "https://evil.invalid"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"X-KG-Desk": "wrong"},
        {"X-KG-Desk": ""},
    ):
        assert clerk.post(path, headers=headers).status_code == 403, headers


def test_a_form_of_another_site_adds_no_file(clerk: httpx.Client) -> None:
    assert clerk.put("/desk/files?name=a.txt&change=1", headers={"X-KG-Desk": ""}).status_code == 403
    assert clerk.post("/desk/files?name=a.txt&change=1").status_code == 405


@pytest.mark.parametrize("host", ["evil.invalid", "evil.invalid:8642", "127.0.0.1.evil.invalid", "10.0.0.1", ""])
def test_another_name_for_this_computer_is_refused(clerk: httpx.Client, host: str) -> None:
    assert clerk.get("/desk", headers={"Host": host}).status_code == 403


def test_scripts_of_other_sites_read_nothing(clerk: httpx.Client) -> None:
    response = clerk.get("/sparql?query=ASK {}")
    assert response.status_code == 200 and "access-control-allow-origin" not in response.headers


def test_a_program_may_use_the_secret(stranger: httpx.Client) -> None:
    headers = {"Authorization": f"Bearer {SECRET}"}
    assert stranger.get("/desk/status", headers=headers).json()["running"] is False
    assert stranger.get("/desk/status", headers={"Authorization": "Bearer x"}).status_code == 403


def test_strange_cookies_are_survived(stranger: httpx.Client) -> None:
    for cookie in ("kg-desk", f'{COOKIE}="', "=;=", f"{COOKIE}={'x' * 3000}"):
        assert stranger.get("/desk", headers={"Cookie": cookie}).status_code == 403


def test_files_with_hostile_names_stay_in_the_folder_and_are_shown_as_they_are(
    clerk: httpx.Client, folder: Path
) -> None:
    change = clerk.post("/desk/change").json()["change"]
    for name in ("../../../up.txt", "<script>alert(1)<\\/script>.txt", "=1+1.txt", "a" * 400 + ".txt", ".hidden"):
        response = clerk.put("/desk/files", params={"name": name, "change": change}, content="提案".encode())
        assert response.status_code == 200, response.text
    files = {path.relative_to(folder).parts[0] for path in folder.rglob("*.txt")}
    assert files == {"files"}
    page = clerk.get("/desk").text
    assert "<script>alert" not in page and "script" in page
    assert clerk.put("/desk/files", params={"name": "..", "change": change}, content=b"x").status_code == 400
    assert clerk.put("/desk/files", params={"name": "a.txt", "change": "x"}, content=b"x").status_code == 400
    assert not list(folder.glob(".upload-*"))
    names = [path.relative_to(folder / "files").as_posix() for path in (folder / "files").rglob("*.txt")]
    assert clerk.post("/desk/remove", json={"names": ["../store/kg-store.json"]}).status_code == 404
    for name in names:
        (folder / "files" / name).unlink()


def test_requests_that_make_no_sense_are_refused(clerk: httpx.Client) -> None:
    assert clerk.post("/desk/decide", content=b"{").status_code == 400
    assert clerk.post("/desk/decide", content=b"[]").status_code == 400
    assert clerk.post("/desk/decide", json={"id": "none", "decision": "accept"}).status_code == 404
    assert clerk.post("/desk/remove", json={"names": "a"}).status_code == 400
    assert clerk.post("/desk/decide", content=b"x" * 2_000_000).status_code == 413
    assert clerk.get("/desk/export?format=none").status_code == 400


def test_a_decision_is_saved_changed_and_taken_back(clerk: httpx.Client, folder: Path) -> None:
    page = clerk.get("/desk/review").text
    ident = page.split('data-id="')[1].split('"')[0]
    file = folder / "kg-decisions.tsv"
    assert clerk.post("/desk/decide", json={"id": ident, "decision": "accept"}).json()["waiting"] == 1
    [decision] = read_decisions(file)
    assert decision.verdict == "accept"
    assert clerk.post("/desk/decide", json={"id": ident, "decision": "nonsense"}).status_code == 400
    assert clerk.post("/desk/decide", json={"id": ident, "decision": "accept"}).json()["waiting"] == 1
    assert len(read_decisions(file)) == 1
    assert 'class="card done"' in clerk.get("/desk/review").text
    assert clerk.post("/desk/retract", json={"id": ident}).json()["waiting"] == 0
    assert read_decisions(file) == ()


def test_the_spreadsheet_of_doubts_goes_out_and_comes_back(clerk: httpx.Client, folder: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(clerk.get("/desk/review.xlsx").content))
    sheet = next(s for s in book if s.max_row > 1 and str(s.cell(1, 1).value).startswith("编号"))
    column = next(c.column for c in sheet[1] if str(c.value).startswith("决定"))
    sheet.cell(2, column).value = "接受"
    out = io.BytesIO()
    book.save(out)
    assert clerk.post("/desk/decisions", content=out.getvalue()).json()["number"] == 1
    assert len(read_decisions(folder / "kg-decisions.tsv")) == 1
    assert clerk.post("/desk/decisions", content=b"no spreadsheet").status_code == 400
    (folder / "kg-decisions.tsv").unlink()


def test_the_graph_is_taken_away(clerk: httpx.Client) -> None:
    turtle = clerk.get("/desk/export?format=turtle")
    assert "澄溪市" in turtle.text and ".ttl" in turtle.headers["content-disposition"]
    tables = zipfile.ZipFile(io.BytesIO(clerk.get("/desk/export?format=csv").content))
    assert len(tables.namelist()) == 3


def test_without_files_a_build_leaves_an_empty_graph_and_undo_says_so(clerk: httpx.Client, folder: Path) -> None:
    assert clerk.post("/desk/build").status_code == 200
    for _ in range(400):
        state = clerk.get("/desk/status").json()
        if not state["running"]:
            break
        time.sleep(0.05)
    assert state["error"] == ""
    with Store(folder / "store") as store:
        assert store.list_sources() == {}
    assert "还没有文件" in clerk.get("/desk").text


def test_the_words_for_gaps_are_those_of_the_command_line() -> None:
    ours = tomllib.loads((ROOT / "kg/serve/site/texts.toml").read_text(encoding="utf-8"))["gaps"]
    theirs = tomllib.loads((ROOT / "kg/cli/messages.toml").read_text(encoding="utf-8"))["gap"]
    assert ours == theirs


def test_a_desk_is_for_this_computer_alone(tmp_path: Path) -> None:
    from kg.errors import UsageError
    from kg.serve.run import run_server

    settings = replace(make_settings(tmp_path / "store"), desk=tmp_path, secret=SECRET)
    with pytest.raises(UsageError):
        run_server(settings, "0.0.0.0", 0, print)
