"""How long the command takes to start, whole process, as multiples of `python -c pass` in the same run.

    python tests/benchmarks/bench_start.py [ROUNDS]

Goals: `--help` at most 8, a cached hit at most 14; neither imports openai, instructor or, in a pipe, rich.

All of it is compiled before the clock starts, as pip does when it installs: a checkout that may not keep its bytecode
(PYTHONDONTWRITEBYTECODE) would compile itself anew at each start.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_throughput import MARK, articles, sample
from fast_server import server

GOALS = {"--help": 8.0, "a cached hit": 14.0}
HEAVY = ("openai", "instructor", "rich", "aiohttp", "httpx2", "tenacity", "lingua", "jinja2", "babel", "asyncio")


def main() -> None:
    """Print a table; exit 1 where a goal is missed or something heavy is imported."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    with TemporaryDirectory() as name, server(sample()[1], MARK, 0.0) as url:
        article = Path(name) / "article.txt"
        article.write_text(next(articles(1, "work")), encoding="utf-8")
        environ = {**os.environ, "XDG_CACHE_HOME": name, "SUMMARIZER_CACHE": f"{name}/cache.sqlite"}
        environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": f"{name}/bytecode"}
        ours = [sys.executable, "-m", "summarizer"]
        hit = [*ours, "-m", "toy", "--base-url", url, "-f", "json", str(article)]
        subprocess.run(hit, check=True, capture_output=True, env=environ)
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "--help": [*ours, "--help"],
            "a cached hit": hit,
            "a cached hit as text": [word for word in hit if word not in ("-f", "json")],
            "the embedded model": [*ours, "-q", "-m", "extractive", str(article)],
        }
        for words in commands.values():
            subprocess.run(words, check=True, capture_output=True, env=environ)
        times: dict[str, list[float]] = {command: [] for command in commands}
        for _ in range(rounds):
            for command, words in commands.items():
                began = time.perf_counter()
                subprocess.run(words, check=True, capture_output=True, env=environ)
                times[command].append(time.perf_counter() - began)
        heavy = {command: imported(commands[command], environ) for command in GOALS}
    report(times, heavy)


def imported(words: list[str], environ: dict[str, str]) -> list[str]:
    """The heavy packages that a command imports."""
    told = [words[0], "-X", "importtime", *words[1:]]
    lines = subprocess.run(told, check=True, capture_output=True, text=True, env=environ).stderr.splitlines()
    found = {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}
    return [package for package in HEAVY if package in found]


def report(times: dict[str, list[float]], heavy: dict[str, list[str]]) -> None:
    """Print the best of each, which noise of the machine only makes worse, and exit 1 for a goal that is missed."""
    base = min(times["python -c pass"])
    missed = False
    for command, taken in times.items():
        multiple = min(taken) / base
        goal = GOALS.get(command)
        said = "" if goal is None else f"   goal {goal:.0f}: {'met' if multiple <= goal else 'MISSED'}"
        weight = f"   imports {', '.join(heavy[command])}" if heavy.get(command) else ""
        print(f"{command:22} {1000 * min(taken):7.1f} ms   x{multiple:5.1f}{said}{weight}")
        missed |= bool(weight) or (goal is not None and multiple > goal)
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
