"""Calls made by two processes over the same articles: with a cache each, with one file, with one Redis server.

    python tests/benchmarks/bench_shared_cache.py [COUNT]

Each process stands for a machine. Calls are counted by the server that they ask; the times are ratios of one run.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from loopback import EMPTY, Loopback, answer
from test_cache_redis import Server

COMMAND = Path(sys.executable).with_name("summarizer")


def run(rows: Path, folder: Path, url: str, places: list[str]) -> tuple[float, int, list[int]]:
    """Let a process for each of the places summarize all; return seconds, failures and what each wrote."""
    began = time.perf_counter()
    outputs = [folder / f"out-{number}.jsonl" for number in range(len(places))]
    running = []
    for place, output in zip(places, outputs, strict=True):
        asked = [COMMAND, "-q", "-m", "toy", "--base-url", url, "-o", output, rows]
        environment = {**os.environ, "SUMMARIZER_CACHE": place, "XDG_CACHE_HOME": str(folder)}
        running.append(subprocess.Popen(asked, env=environment))
    failed = sum(process.wait() != 0 for process in running)
    return time.perf_counter() - began, failed, [len(path.read_text("utf-8").splitlines()) for path in outputs]


def main(count: int) -> None:
    """Print a line for each way to remember."""
    redis = Server()
    try:
        for name in ("a cache each", "one file", "one Redis"):
            with TemporaryDirectory() as temporary, Loopback(answer(EMPTY)) as server:
                folder = Path(temporary)
                rows = folder / "rows.jsonl"
                told = ({"id": str(i), "text": f"Article {i}: Airbus and Thales met on day {i}."} for i in range(count))
                rows.write_text("".join(json.dumps(row) + "\n" for row in told), encoding="utf-8")
                places = {
                    "a cache each": [str(folder / "a.sqlite"), str(folder / "b.sqlite")],
                    "one file": [str(folder / "c.sqlite")] * 2,
                    "one Redis": [redis.address] * 2,
                }[name]
                seconds, failed, written = run(rows, folder, server.url, places)
                calls = len(server.requests)
                print(
                    f"{name:14} {calls:6} calls for {count} articles, {written} lines, {failed} failed, {seconds:.1f} s"
                )
    finally:
        redis.stop()


if __name__ == "__main__":
    if shutil.which("redis-server") is None:
        print("redis-server is not installed (Debian: redis-server)")
        sys.exit()
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
