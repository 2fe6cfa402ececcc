"""The addresses of a desk: its page, files in, builds, decisions, and files out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kg.errors import KgError, UsageError
from kg.export.rdf import SUFFIXES, export_store
from kg.review.writing import make_spreadsheet
from kg.serve.desk.building import DeskBuilds
from kg.serve.desk.folder import LARGEST_FILE, DeskFolder
from kg.serve.desk.guard import make_form_token
from kg.serve.desk.names import is_hidden
from kg.serve.desk.pages import make_desk_page, make_review_page
from kg.serve.desk.review import DeskReview
from kg.serve.errors import RequestProblem, get_status
from kg.serve.site.render import SAFE_HEADERS, find_language, render_problem
from kg.serve.site.routes import Site
from kg.serve.site.texts import SiteTexts
from kg.serve.sparql.protocol import parse_json, read_body

_LARGEST_CHANGE = 1_000_000
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NO_STORE = {"Cache-Control": "no-store"}
Answer = Callable[[Request], Awaitable[Response]]


class Desk:
    """The desk of one server."""

    def __init__(self, folder: DeskFolder, site: Site, lang: str, secret: str) -> None:
        self._folder, self._site, self._lang, self._secret = folder, site, lang, secret
        self._builds, self._review = DeskBuilds(folder), DeskReview(folder)

    def close(self) -> None:
        """Stop a build that runs."""
        self._builds.stop()

    def list_routes(self) -> list[Route]:
        """Return the routes of the desk."""
        pages: dict[str, Answer] = {"/desk": self.show_desk, "/desk/review": self.show_review}
        files: dict[str, Answer] = {
            "/desk/status": self.show_status, "/desk/review.xlsx": self.give_doubts, "/desk/export": self.give_store,
        }  # fmt: skip
        changes: dict[str, Answer] = {
            "/desk/change": self.begin_change, "/desk/remove": self.remove_files, "/desk/undo": self.undo_change,
            "/desk/build": self.start_build, "/desk/stop": self.stop_build, "/desk/decide": self.decide,
            "/desk/retract": self.retract, "/desk/decisions": self.take_decisions,
        }  # fmt: skip
        return [
            *(Route(path, self._guard(answer, page=True), methods=["GET"]) for path, answer in pages.items()),
            *(Route(path, self._guard(answer), methods=["GET"]) for path, answer in files.items()),
            *(Route(path, self._guard(answer), methods=["POST"]) for path, answer in changes.items()),
            Route("/desk/files", self._guard(self.take_file), methods=["PUT"]),
        ]

    def _guard(self, answer: Answer, *, page: bool = False) -> Answer:
        async def guarded(request: Request) -> Response:
            try:
                return await answer(request)
            except KgError as error:
                lang = find_language(request, self._lang)
                if page:
                    return render_problem(request, error, lang)
                return JSONResponse({"error": error.message(lang)}, get_status(error), _NO_STORE)

        return guarded

    # pages

    async def show_desk(self, request: Request) -> Response:
        await run_sync(self._site.states.get_newest)  # a build that has just ended sends the person here
        page = await run_sync(self._site.make_page, request)
        return await run_sync(make_desk_page, page, self._folder, make_form_token(self._secret))

    async def show_review(self, request: Request) -> Response:
        page = await run_sync(self._site.make_page, request)
        return await run_sync(make_review_page, page, self._review, make_form_token(self._secret))

    async def show_status(self, request: Request) -> Response:
        state = self._builds.state
        error = state.error[0 if find_language(request, self._lang) == "zh" else 1] if state.error else ""
        found = {"running": state.running, "done": state.done, "total": state.total, "source": state.source,
                 "stopped": state.stopped, "error": error}  # fmt: skip
        return JSONResponse(found, headers=_NO_STORE)

    # files

    async def begin_change(self, request: Request) -> Response:
        return _reply(change=await run_sync(self._folder.begin_change))

    async def take_file(self, request: Request) -> Response:
        """Take the body of the request as a file. Nothing is kept of a file that does not arrive whole."""
        name = request.query_params.get("name", "")
        change = request.query_params.get("change", "")
        if not change.isdecimal() or len(change) > 9:
            raise UsageError("change 应为数字", "change must be a number")
        if is_hidden(name):
            return _reply(name=name, happened="hidden")
        upload = self._folder.open_upload()
        try:
            await _write_body(request, upload)
            safe, happened = await run_sync(self._folder.keep_upload, upload, name, int(change))
        finally:
            upload.unlink(missing_ok=True)
        return _reply(name=safe, happened=happened)

    async def remove_files(self, request: Request) -> Response:
        names = (await _read_json(request)).get("names")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise UsageError("names 应为文件名的列表", "names must be a list of names")
        await run_sync(self._folder.remove_files, names)
        return self._start()

    async def undo_change(self, request: Request) -> Response:
        if self._builds.state.running:
            raise _make_busy_problem()
        await run_sync(self._folder.undo_change)
        return self._start()

    # builds

    async def start_build(self, request: Request) -> Response:
        return self._start()

    async def stop_build(self, request: Request) -> Response:
        await run_sync(self._builds.stop)
        return _reply()

    def _start(self) -> Response:
        if not self._builds.start():
            raise _make_busy_problem()
        return _reply()

    # decisions

    async def decide(self, request: Request) -> Response:
        given = {name: str(value)[:2000] for name, value in (await _read_json(request)).items()}
        page = await run_sync(self._site.make_page, request)
        cells = {name: given.get(name, "") for name in ("decision", "slot", "value", "note")}
        await run_sync(self._review.decide, page.state, page.texts.lang, given.get("id", ""), cells)
        return _reply(waiting=self._review.waiting)

    async def retract(self, request: Request) -> Response:
        await run_sync(self._review.take_back, str((await _read_json(request)).get("id", "")))
        return _reply(waiting=self._review.waiting)

    async def take_decisions(self, request: Request) -> Response:
        """Take the body of the request as a spreadsheet of decisions."""
        upload = self._folder.open_upload(".xlsx")
        try:
            await _write_body(request, upload)
            number = await run_sync(self._read_decisions, upload, find_language(request, self._lang))
        finally:
            upload.unlink(missing_ok=True)
        return _reply(number=number)

    def _read_decisions(self, upload: Path, lang: str) -> int:
        """Take the decisions of a spreadsheet, and return their number. Errors name it as the person knows it."""
        try:
            return self._review.read_file(upload)
        except KgError as error:
            shown = SiteTexts(lang)("desk.review_file") + upload.suffix
            raise UsageError(error.zh.replace(str(upload), shown), error.en.replace(str(upload), shown)) from error

    # files out

    async def give_doubts(self, request: Request) -> Response:
        page = await run_sync(self._site.make_page, request)
        doubts = await run_sync(self._review.list_doubts, page.state, page.texts.lang)
        data = await run_sync(make_spreadsheet, doubts, page.texts.lang)
        return _give_file(data, f"{page.texts('desk.review_file')}.xlsx", _SHEET)

    async def give_store(self, request: Request) -> Response:
        form = request.query_params.get("format", "turtle")
        page = await run_sync(self._site.make_page, request)
        suffix = next((suffix for suffix, known in SUFFIXES.items() if known == form), "")
        data = await run_sync(_export, page.state.store, form)
        return _give_file(data, page.texts("desk.graph_file") + (".zip" if form == "csv" else suffix))


def _export(store: Any, form: str) -> bytes:
    """Return a store in a format as the bytes of one file; tables are put into an archive."""
    if form != "csv":
        return str(export_store(store, form, None)).encode("utf-8")
    out = io.BytesIO()
    with TemporaryDirectory() as folder, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        export_store(store, form, Path(folder) / "graph.csv")
        for path in sorted(Path(folder).iterdir()):
            archive.write(path, path.name)
    return out.getvalue()


async def _write_body(request: Request, path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        async for data in request.stream():
            size += len(data)
            if size > LARGEST_FILE:
                raise RequestProblem(
                    413, f"文件超过 {LARGEST_FILE} 字节", f"the file has more than {LARGEST_FILE} bytes"
                )
            await run_sync(file.write, data)


async def _read_json(request: Request) -> dict[str, Any]:
    found = parse_json(await read_body(request, _LARGEST_CHANGE) or b"{}")
    if not isinstance(found, dict):
        raise UsageError("请求应为 JSON 对象", "the request must be a JSON object")
    return found


def _reply(**values: object) -> Response:
    return JSONResponse({"ok": True, **values}, headers=_NO_STORE)


def _give_file(data: bytes, name: str, media_type: str = "application/octet-stream") -> Response:
    headers = {
        **SAFE_HEADERS, **_NO_STORE,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
    }  # fmt: skip
    return Response(data, media_type=media_type, headers=headers)


def _make_busy_problem() -> RequestProblem:
    return RequestProblem(409, "正在读取；请等它结束，或先停止", "files are being read; wait for the end, or stop it")
