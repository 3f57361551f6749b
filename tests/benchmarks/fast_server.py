"""An OpenAI-compatible server in a process of its own, fast enough not to be what is measured: a bare protocol."""

import asyncio
import json
import multiprocessing
import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any


def reply(draft: dict[str, Any]) -> bytes:
    """The bytes of a chat completion with a draft as its content."""
    message = {"role": "assistant", "content": json.dumps(draft, ensure_ascii=False)}
    body = json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "toy",
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": {"prompt_tokens": 2000, "completion_tokens": 400, "total_tokens": 2400},
        },
        ensure_ascii=False,
    ).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


class Answering(asyncio.Protocol):
    """Answers each request of a connection after the latency."""

    def __init__(self, answer: bytes, mark: bytes, latency: float) -> None:
        self._answer = answer
        self._mark = mark
        self._own = re.compile(b"Br\xc3\xa9vane([a-z]{%d})|Br..00e9vane([a-z]{%d})" % (len(mark), len(mark)))
        self._latency = latency
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer once a request is whole."""
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if head < 0:
            return
        lower = self._received[:head].lower()
        start = lower.find(b"content-length:") + 15
        size = int(lower[start : lower.find(b"\r\n", start) if b"\r\n" in lower[start:] else None])
        if len(self._received) >= head + 4 + size:
            own = self._own.search(self._received)
            answer = self._answer.replace(self._mark, (own[1] or own[2]) if own else self._mark)
            self._received = self._received[head + 4 + size :]
            asyncio.get_running_loop().call_later(self._latency, self._write, answer)

    def _write(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


def _serve(told: Connection, draft: dict[str, Any], mark: str, latency: float) -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        answer = reply(draft)
        server = await loop.create_server(
            lambda: Answering(answer, mark.encode(), latency), "127.0.0.1", 0, backlog=1024
        )
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192) if soft < 8192 else soft, hard))
    asyncio.run(run())


@contextmanager
def server(draft: dict[str, Any], mark: str, latency: float) -> Iterator[str]:
    """The server in a process of its own, its address; `mark` in the draft becomes the article's own word."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(theirs, draft, mark, latency), daemon=True
    )
    process.start()
    yield f"http://127.0.0.1:{ours.recv()}/v1"
    process.terminate()
    process.join()
