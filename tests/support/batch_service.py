"""A batch service on loopback, over real HTTP, that does what such services do, and what they should not.

    with BatchService(folder, ends=("completed", "expired")) as service: …

Jobs end in turn as `ends` says; `service.done` counts how often each request was really worked on, and so paid for.
"""

import itertools
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

Answer = Callable[[dict[str, Any]], dict[str, Any]]


def completion(draft: Any, finish: str = "stop") -> dict[str, Any]:
    """The body of a chat completion with a draft, or any text, as its content."""
    content = draft if isinstance(draft, str) else json.dumps(draft, ensure_ascii=False)
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "toy",
        "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    }


def empty(_: dict[str, Any]) -> dict[str, Any]:
    """An answer without claims."""
    return completion({"takeaways": [], "partnerships": []})


@dataclass
class Job:
    """One batch, and how it will end."""

    id: str
    file: str
    metadata: dict[str, str]
    end: str
    looks: int = 0
    output: str | None = None
    errors: str | None = None
    counts: dict[str, int] = field(default_factory=lambda: {"total": 0, "completed": 0, "failed": 0})


class BatchService:
    """The server: a context manager, with its address in `url`."""

    def __init__(
        self,
        folder: Path,
        *,
        ends: tuple[str, ...] = ("completed",),
        answer: Answer = empty,
        flaky: bool = False,
        looks: int = 1,
        state: Callable[[str], str] = str,
        unlisted: int | None = None,
    ) -> None:
        """`flaky`: every call answers 503 at first, and a creation that was done may answer 500 all the same.

        `state` is how it calls a state; `unlisted` is what it answers where files or jobs are to be listed.
        """
        self._state = state
        self._unlisted = unlisted
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self._answer = answer
        self._flaky = flaky
        self._looks = looks
        self._ends = itertools.cycle(ends)
        self._lock = threading.RLock()
        self._calls: Counter[str] = Counter()
        self._numbers = itertools.count(1)
        self._files: dict[str, dict[str, Any]] = {}
        self.jobs: dict[str, Job] = {}
        self.done: Counter[str] = Counter()
        """How often each `custom_id` was worked on."""
        self.requests = 0
        self._server = make_server("127.0.0.1", 0, self._respond, threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    # --- over HTTP -------------------------------------------------------------------------------------------------

    def _respond(self, environ: Any, start: Any) -> Any:
        with Request(environ) as request, self._lock:
            self.requests += 1
            response = self._answered(request)
        return response(environ, start)

    def _answered(self, request: Request) -> Response:
        path = request.path.removeprefix("/v1")
        self._calls[f"{request.method} {path}"] += 1
        number = self._calls[f"{request.method} {path}"]
        if self._flaky and number % 3 == 1:
            request.get_data() if request.content_length and request.content_length < 10_000 else request.files
            return _json({"error": {"message": "overloaded"}}, 503)
        response = self._route(request, path)
        if self._flaky and request.method == "POST" and number % 3 == 2:
            return _json({"error": {"message": "done, but never heard of"}}, 500)
        return response

    def _route(self, request: Request, path: str) -> Response:
        parts = path.strip("/").split("/")
        if self._unlisted and request.method == "GET" and parts in (["files"], ["batches"]):
            return _json({"error": {"message": "no such list"}}, self._unlisted)
        match (request.method, parts):
            case ("POST", ["files"]):
                return _json(self._upload(request))
            case ("GET", ["files"]):
                return _json({"object": "list", "data": list(self._files.values())[::-1], "has_more": False})
            case ("GET", ["files", id, "content"]) if id in self._files:
                return Response((self._folder / id).open("rb"), direct_passthrough=True)
            case ("POST", ["batches"]):
                return _json(self._create(json.loads(request.get_data())))
            case ("GET", ["batches"]):
                return _json({"object": "list", "data": [self._told(job) for job in self.jobs.values()][::-1]})
            case ("GET", ["batches", id]) if id in self.jobs:
                return _json(self._told(self._looked_at(self.jobs[id])))
        return _json({"error": {"message": f"no {path}"}}, 404)

    def _upload(self, request: Request) -> dict[str, Any]:
        sent = request.files["file"]
        return self._keep(str(sent.filename), sent.stream.read(), request.form["purpose"])

    def _keep(self, name: str, content: bytes, purpose: str) -> dict[str, Any]:
        id = f"file-{next(self._numbers)}"
        (self._folder / id).write_bytes(content)
        told = {"id": id, "object": "file", "bytes": len(content), "created_at": 4_000_000_000}
        self._files[id] = {**told, "filename": name, "purpose": purpose, "status": "processed"}
        return self._files[id]

    # --- the jobs --------------------------------------------------------------------------------------------------

    def _create(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert (asked["endpoint"], asked["completion_window"]) == ("/v1/chat/completions", "24h")
        id = f"batch-{next(self._numbers)}"
        self.jobs[id] = Job(id, asked["input_file_id"], asked["metadata"], next(self._ends))
        return self._told(self.jobs[id])

    def _looked_at(self, job: Job) -> Job:
        job.looks += 1
        if job.looks == self._looks + 1:
            self._work(job)
        return job

    def _work(self, job: Job) -> None:
        """Do what is to be done before the job ends as it will: all, half, or nothing."""
        requests = list(self._lines(job.file))
        share = {"completed": 1.0, "failed": 0.0}.get(job.end, 0.5)
        worked = requests[: round(share * len(requests))]
        random.Random(job.id).shuffle(worked)
        good, bad = [], []
        for request in worked:
            self.done[request["custom_id"]] += 1
            line = self._line(request)
            (good if line["response"]["status_code"] == 200 else bad).append(line)
        job.counts = {"total": len(requests), "completed": len(good), "failed": len(bad)}
        job.output = self._keep("out.jsonl", _lines(good), "batch_output")["id"] if good else None
        job.errors = self._keep("errors.jsonl", _lines(bad), "batch_output")["id"] if bad else None

    def _lines(self, file: str) -> Iterator[dict[str, Any]]:
        with (self._folder / file).open("rb") as lines:
            for line in lines:
                yield json.loads(line)

    def _line(self, request: dict[str, Any]) -> dict[str, Any]:
        body = self._answer(request["body"])
        status = body.pop("status", 200)
        if "line" in body:  # the whole line as it stands, around the identifier
            return {"line": body["line"].replace("CUSTOM_ID", request["custom_id"]), "response": {"status_code": 200}}
        response = {"status_code": status, "request_id": "r", "body": body}
        return {"id": "l", "custom_id": request["custom_id"], "response": response, "error": None}

    def _told(self, job: Job) -> dict[str, Any]:
        over = job.looks > self._looks
        told = {
            "id": job.id,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "completion_window": "24h",
            "created_at": 4_000_000_000,
            "input_file_id": job.file,
            "metadata": job.metadata,
            "request_counts": job.counts,
            "status": self._state(job.end if over else "in_progress"),
        }
        if over and job.end == "failed":
            told["errors"] = {"object": "list", "data": [{"code": "x", "message": "the file is not right"}]}
        return {**told, "output_file_id": job.output, "error_file_id": job.errors} if over else told


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


def _json(told: Any, status: int = 200) -> Response:
    return Response(json.dumps(told), status, content_type="application/json")


def _lines(rows: list[dict[str, Any]]) -> bytes:
    return b"".join((row.get("line") or json.dumps(row)).encode() + b"\n" for row in rows)
