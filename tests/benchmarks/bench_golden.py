"""How long the golden cases take to play back, and to be scored: cold, in a process of its own, and once more warm.

python tests/benchmarks/bench_golden.py
"""

import asyncio
import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time

ROOT = Path(__file__).parent.parent.parent
FIXTURES = ROOT / "fixtures"
BOUND = 2.0
"""Seconds that 24 cases may take."""


def main() -> None:
    """Print a line for each, and the share of the bound."""
    from summarizer.evaluation import check, evaluate, find_cases, read_case

    folders = find_cases(FIXTURES)
    began, used = perf_counter(), process_time()
    command = [sys.executable, "-m", "summarizer", "golden", "run", str(FIXTURES)]
    said = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout.splitlines()[-1]
    print(f"the command, start included: {perf_counter() - began:.2f} s; it says: {said}")
    for word in ("cold", "warm"):
        began, used = perf_counter(), process_time()
        asyncio.run(check(folders))
        wall, cpu = perf_counter() - began, process_time() - used
        of_24 = 24 * cpu / len(folders)
        print(
            f"{len(folders)} replays, {word}: {wall:.2f} s, {cpu:.2f} s of CPU; 24 of them {of_24:.2f} s of {BOUND} s"
        )
    cases = [read_case(folder) for folder in folders]
    began = process_time()
    asyncio.run(evaluate(cases, None))
    print(f"{len(cases)} replays scored: {process_time() - began:.2f} s of CPU")


if __name__ == "__main__":
    main()
