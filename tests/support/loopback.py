"""An OpenAI-compatible server on loopback, over real HTTP, that plays scripted answers and faults.

    with Loopback(answer({"takeaways": [], "partnerships": []})) as server: …

The plays are taken in order and the last one is repeated; `server.requests` holds what was asked.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

EMPTY: dict[str, Any] = {"takeaways": [], "partnerships": []}


@dataclass(frozen=True)
class Request:
    """What was asked."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def words(self) -> str:
        """All messages in one text."""
        return "\n".join(message["content"] for message in self.body.get("messages", []))

    @property
    def mode(self) -> str:
        """Which form of structured answer was asked for."""
        kind = self.body.get("response_format", {}).get("type")
        if kind is not None:
            return "json_schema" if kind == "json_schema" else "json"
        return "tools" if "tools" in self.body else "fenced"


@dataclass(frozen=True)
class Play:
    """One reply."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    reset: bool = False
    """Close the connection without a word."""
    cut: int | None = None
    """Send only so many bytes of the body that was announced."""
    delay: float = 0.0
    """Seconds of silence before the reply; cut short when the server stops."""


Script = Play | Callable[[Request], Play]


def answer(
    content: Any,
    *,
    finish: str = "stop",
    usage: tuple[int, int] | None = (1000, 100),
    headers: Mapping[str, str] | None = None,
    **message: Any,
) -> Script:
    """A chat completion: `content` as JSON (a string as it is), in a tool call where one is asked for."""
    text = content if isinstance(content, str | None) else json.dumps(content, ensure_ascii=False)

    def play(request: Request) -> Play:
        said: dict[str, Any] = {"role": "assistant", "content": text}
        reason = finish
        if request.mode == "tools" and not isinstance(content, str | None):
            function = {"name": request.body["tools"][0]["function"]["name"], "arguments": text}
            said = {"role": "assistant", "content": None, "tool_calls": [_call(function)]}
            reason = "tool_calls" if finish == "stop" else finish
        choice = {"index": 0, "finish_reason": reason, "message": {**said, **message}}
        return completion({"choices": [choice]}, usage=usage, headers=headers)

    return play


def _call(function: dict[str, Any]) -> dict[str, Any]:
    return {"id": "call_1", "type": "function", "function": function}


def completion(
    what: Mapping[str, Any],
    *,
    usage: tuple[int, int] | None = (1000, 100),
    headers: Mapping[str, str] | None = None,
) -> Play:
    """A 200 with whatever stands in it."""
    told = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "toy", **what}
    if usage is not None:
        told["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    return Play(body=json.dumps(told, ensure_ascii=False).encode(), headers=headers or {})


def error(status: int, message: str = "no", headers: Mapping[str, str] | None = None, **more: Any) -> Play:
    """An error as OpenAI words it."""
    told = {"message": message, "type": "invalid_request_error", "param": None, "code": None, **more}
    return Play(status, json.dumps({"error": told}).encode(), headers or {})


def raw(body: str | bytes, status: int = 200, content_type: str = "application/json") -> Play:
    """Any body at all."""
    return Play(status, body.encode() if isinstance(body, str) else body, {"Content-Type": content_type})


class Loopback:
    """The server: a context manager, with its address in `url`."""

    def __init__(self, *plays: Script) -> None:
        self._plays = list(plays)
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.requests: list[Request] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def count(self) -> int:
        """How many requests came."""
        return len(self.requests)

    @property
    def modes(self) -> list[str]:
        """The forms that were asked for, in order."""
        return [request.mode for request in self.requests]

    def play(self, *plays: Script) -> None:
        """Another script from here on."""
        with self._lock:
            self._plays = list(plays)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def _next(self, request: Request) -> Play:
        with self._lock:
            self.requests.append(request)
            script = self._plays.pop(0) if len(self._plays) > 1 else self._plays[0]
        return script if isinstance(script, Play) else script(request)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length", 0))
                body = json.loads(self.rfile.read(size) or b"{}")
                headers = {key.lower(): value for key, value in self.headers.items()}
                self._reply(server._next(Request(self.path, headers, body)))

            def _reply(self, play: Play) -> None:
                if play.delay:
                    server._stopped.wait(play.delay)
                self.close_connection = play.reset or play.cut is not None
                if play.reset:
                    return
                self.send_response(play.status)
                for name, value in {"Content-Type": "application/json", **play.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(play.body)))
                self.end_headers()
                self.wfile.write(play.body[: play.cut])

            def handle(self) -> None:
                try:
                    super().handle()
                except ConnectionError:
                    return  # the client has had enough

            def log_message(self, format: str, *args: Any) -> None:
                """Keep quiet."""

        return Handler
