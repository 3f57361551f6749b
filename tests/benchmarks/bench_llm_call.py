"""CPU and time of a call, prompt to validated draft: ours against bare instructor and the bare client, in one run.

    python tests/benchmarks/bench_llm_call.py [CALLS]

The server is a process of its own, so that only the client's CPU is counted. Milliseconds depend on the machine;
the ratios hold.
"""

import asyncio
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from summarizer.engines.llm import open_llm
from summarizer.schema import Article, Draft, Passage

AT_ONCE = 64
ROUNDS = 3
LATENCY = 0.05
SENTENCE = "La société Alphaville a signé un partenariat avec Bêtacorp pour ses 1 250 magasins en Suisse. "
ARTICLE = Article(text=SENTENCE * 40, language="fr")  # some 600 words
PASSAGE = Passage(article=ARTICLE, start=0, end=len(ARTICLE.text), output_language="fr")
DRAFT = {
    "takeaways": [{"text": f"Alphaville a signé un partenariat ({n}).", "quotes": [SENTENCE]} for n in range(4)],
    "partnerships": [
        {
            "parties": ["Alphaville", "Bêtacorp"],
            "status": "established",
            "purpose": "équiper les magasins",
            "region": "Suisse",
            "date": None,
            "attribution": None,
            "quotes": [SENTENCE],
        }
    ],
}
MESSAGE = {"role": "assistant", "content": json.dumps(DRAFT, ensure_ascii=False)}
ANSWER = json.dumps(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "toy",
        "choices": [{"index": 0, "finish_reason": "stop", "message": MESSAGE}],
        "usage": {"prompt_tokens": 2000, "completion_tokens": 400, "total_tokens": 2400},
    }
).encode()
REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(ANSWER) + ANSWER

Call = Callable[[], Awaitable[object]]


def serve(told: Connection) -> None:
    """Answer every request with the same draft."""

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):  # the client hung up
            await answers(reader, writer)

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not reader.at_eof():
            head = await reader.readuntil(b"\r\n\r\n")
            size = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if b"content-length" in line)
            await reader.readexactly(size)
            await asyncio.sleep(LATENCY)
            writer.write(REPLY)

    async def run() -> None:
        server = await asyncio.start_server(client, "127.0.0.1", 0, backlog=256)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def server() -> Iterator[str]:
    """The server in a process of its own; its address."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    yield f"http://127.0.0.1:{ours.recv()}/v1"
    process.terminate()
    process.join()


async def many(call: Call, calls: int) -> tuple[float, float]:
    """CPU and wall seconds of so many calls, `AT_ONCE` at a time."""
    left = iter(range(calls))

    async def worker() -> None:
        for _ in left:
            await call()

    cpu, wall = time.process_time(), time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return time.process_time() - cpu, time.perf_counter() - wall


async def measured(url: str, folder: Path, calls: int) -> dict[str, list[tuple[float, float]]]:
    """Every contender in turn, several rounds."""
    import instructor
    import openai

    engine = open_llm("openai/toy", base_url=url, environ={}, concurrency=AT_ONCE, memory=folder / "request_modes.json")
    messages = engine.messages(PASSAGE)
    bare = openai.AsyncOpenAI(api_key="x", base_url=url)
    instructed = instructor.from_openai(bare, mode=instructor.Mode.JSON_SCHEMA)

    async def ours() -> object:
        return await engine.draft(PASSAGE)

    async def theirs() -> object:
        return await instructed.chat.completions.create(  # type: ignore[call-overload]
            model="toy", messages=messages, response_model=Draft
        )

    async def client() -> object:
        return await bare.chat.completions.create(model="toy", messages=messages)  # type: ignore[arg-type]

    contenders: dict[str, Call] = {"ours": ours, "bare instructor": theirs, "bare openai client": client}
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    for call in contenders.values():
        await many(call, AT_ONCE)  # imports, connections, caches
    for _ in range(ROUNDS):
        for name, call in contenders.items():
            results[name].append(await many(call, calls))
    await engine.aclose()
    await bare.close()
    return results


def main() -> None:
    """Print a table."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with server() as url, TemporaryDirectory() as folder:
        results = asyncio.run(measured(url, Path(folder), calls))
    reference = statistics.median(cpu for cpu, _ in results["bare instructor"])
    print(f"{calls} calls, {AT_ONCE} at once, medians of {ROUNDS} rounds")
    for name, runs in results.items():
        cpu = statistics.median(cpu for cpu, _ in runs)
        wall = statistics.median(wall for _, wall in runs)
        print(
            f"{name:20} CPU {cpu / calls * 1000:5.2f} s per 1,000 ({cpu / reference:4.2f} of instructor)"
            f"   {calls / wall:6.0f} calls/s"
        )


if __name__ == "__main__":
    main()
