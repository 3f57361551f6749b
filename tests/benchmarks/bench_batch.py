"""The batch service at full size: many requests, a service that fails at every call, a process that is killed.

    python tests/benchmarks/bench_batch.py [COUNT] [KILLS]       120,000 articles, ten kills

Says how often each request was worked on, what the process that submits and fetches grows to, and how long it takes.
"""

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from batch_service import BatchService, completion, empty

WORK = """
import sys, time
from pathlib import Path
sys.path[:0] = [sys.argv[1], f"{sys.argv[1]}/support"]
from test_provider_batch import Desk, texts

def articles(count):
    for number in range(count):
        yield f"Airbus and Thales signed a partnership on day {number}. " + "It is worth a million euros. " * 20

desk = Desk(Path(sys.argv[2]), sys.argv[3])
began, cpu = time.perf_counter(), time.process_time()
done = desk.submit(articles(int(sys.argv[4])))
submitted = time.perf_counter() - began
fetched = desk.finish()
spent = time.process_time() - cpu
told = Path("/proc/self/status").read_text().split()
peak = int(told[told.index("VmHWM:") + 1]) / 1000  # since exec: what getrusage says begins with the parent's
seconds = (submitted, time.perf_counter() - began, spent)
print(done.requests, fetched.answered, fetched.failed, *map(round, seconds), round(peak))
"""


class Faulty:
    """Answers; one in a hundred is an error, and one in a hundred is no JSON."""

    def __init__(self) -> None:
        self.useful: Counter[int] = Counter()
        """How often each article got an answer of use."""

    def __call__(self, body: dict[str, Any]) -> dict[str, Any]:
        """Answer one request."""
        chance = random.random()
        if chance < 0.01:
            return {"status": 500, "error": {"message": "no"}}
        if chance < 0.02:
            return completion("I am sorry")
        self.useful[hash(body["messages"][-1]["content"])] += 1
        return empty(body)


def run(asked: list[str]) -> str:
    """What a whole run prints."""
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def main(count: int, kills: int) -> None:
    """Kill it, then let it finish, and say what the service did."""
    ends = ("completed", "expired", "completed")
    answer = Faulty()
    with (
        TemporaryDirectory() as name,
        BatchService(Path(name) / "service", ends=ends, flaky=True, answer=answer) as server,
    ):
        folder = Path(name) / "desk"
        folder.mkdir()
        asked = [sys.executable, "-c", WORK, str(Path(__file__).parent.parent), str(folder), server.url, str(count)]
        for number in range(kills):
            process = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(1.0 + random.random() * count / 600)
            process.send_signal(signal.SIGKILL)
            process.wait()
            print(f"killed {number + 1}; {len(server.jobs)} jobs so far", flush=True)
        print("requests, answered, failed; seconds to submit, seconds in all, CPU; MB at the most")
        for _ in range(8):
            told = run(asked)
            print(told, flush=True)
            if told.split()[:1] == ["0"] or told.split()[2:3] == ["0"]:
                break
        worked = Counter(answer.useful.values())
        print(json.dumps({"articles": count, "jobs": len(server.jobs), "useful answers to one article": worked}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 120_000, int(sys.argv[2]) if len(sys.argv) > 2 else 10)
