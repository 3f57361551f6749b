"""From which size Ray pays: one asynchronous process against a local cluster, over the same articles, in one run.

    python tests/benchmarks/bench_ray.py [COUNT] [LATENCY]       articles of 600 words; seconds of latency (0.05)

Both ask the same loopback model, 64 calls at once, and write their summaries to files; the start of the cluster is said
apart.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))

from bench_throughput import MARK, articles, sample
from fast_server import server

AT_ONCE = 64


def alone(url: str, count: int, folder: Path) -> int:
    """`summarize_many` in this process, to a file of JSON Lines."""
    from summarizer import Summary, summarize_many

    good = 0
    with (folder / "out.jsonl").open("w", encoding="utf-8") as file:
        for outcome in summarize_many(articles(count, "work"), model="toy", base_url=url, concurrency=AT_ONCE):
            good += isinstance(outcome, Summary)
            file.write(outcome.model_dump_json() + "\n")
    return good


def on_ray(url: str, count: int, folder: Path) -> int:
    """`summarize_dataset`, from Parquet to Parquet."""
    import ray

    from summarizer.ray import summarize_dataset

    rows = ray.data.from_items([{"text": text} for text in articles(count, "work")])
    rows.write_parquet(str(folder / "in"))
    dataset = ray.data.read_parquet(str(folder / "in"))
    done = summarize_dataset(dataset, model="toy", base_url=url, concurrency=AT_ONCE, actors=os.cpu_count())
    done.write_parquet(str(folder / "out"))
    return sum(row["summary"] is not None for row in ray.data.read_parquet(str(folder / "out")).iter_rows())


def timed(name: str, work: Callable[[str, int, Path], int], url: str, count: int) -> float:
    """Say how many articles a second it does."""
    with TemporaryDirectory() as folder:
        began = time.perf_counter()
        good = work(url, count, Path(folder))
        seconds = time.perf_counter() - began
    print(f"{name:12} {count / seconds:6.0f} articles/s, {seconds:6.1f} s, {good} of {count} summarized")
    return seconds


def main(count: int, latency: float) -> None:
    """Print both, and their ratio."""
    os.environ |= {"SUMMARIZER_CACHE": "off"}
    with server(sample()[1], MARK, latency) as url:
        single = timed("one process", alone, url, count)
        began = time.perf_counter()
        import ray

        ray.init(include_dashboard=False, log_to_driver=False, logging_level="ERROR")
        print(f"{'the cluster':12} {time.perf_counter() - began:.1f} s to start, {os.cpu_count()} CPUs")
        ray.data.DataContext.get_current().enable_progress_bars = False
        cluster = timed("Ray", on_ray, url, count)
        ray.shutdown()
    print(f"Ray takes {cluster / single:.2f} times as long, its start not counted")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, float(sys.argv[2]) if len(sys.argv) > 2 else 0.05)
