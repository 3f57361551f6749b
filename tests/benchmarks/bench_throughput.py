"""Articles a second and CPU, the whole path against bare clients, each in a process of its own, in one run.

    python tests/benchmarks/bench_throughput.py [COUNT]          peers, at 50 ms and 64 at once; all cached
    python tests/benchmarks/bench_throughput.py --slow           2 s and 256 at once, against the ideal
    python tests/benchmarks/bench_throughput.py --flat [MANY]    500 against 50,000 articles: cost and memory

Ours loads, prompts, calls, validates, grounds, caches and writes, as the command does; the peers prompt, call and
(instructor, langextract) validate. langextract is answered in its own form, and finds the same quotes in the text.
Milliseconds depend on the machine; the ratios hold. langextract takes part where LANGEXTRACT_PYTHON names the Python of
an environment that has it.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parent.parent.parent
ROUNDS = int(os.environ.get("ROUNDS", "3"))
WARM = 128
"""Articles before the clock starts: imports, connections, compiled patterns."""


NAMES = ("Brévane", "Kelmade", "Oréanne", "Tassigny", "Lysterre", "Renzetti", "Ouchyris", "Tessimar")
MARK = "Wxyz"
"""Stands in each sentence for what is an article's own: nothing that is remembered of one sentence serves another."""


def sample() -> tuple[str, dict[str, Any]]:
    """600 words of news, and a good answer about them: four takeaways, two partnerships."""
    main, rest = (ROOT / "fixtures" / slug for slug in ("brevane-semestre", "ouchyris-tessin"))
    words = next(rest.glob("article.*")).read_text(encoding="utf-8").split(" ")
    text = (main / "article.txt").read_text(encoding="utf-8") + "\n" + " ".join(words[:200])
    gold = json.loads((main / "expected.json").read_text(encoding="utf-8"))
    kept = {"takeaways": gold["takeaways"][:4], "partnerships": gold["partnerships"][:2]}
    drafted = {key: [_drafted(claim) for claim in claims] for key, claims in kept.items()}
    return _marked(text), json.loads(_marked(json.dumps(drafted, ensure_ascii=False)))


def _drafted(claim: dict[str, Any]) -> dict[str, Any]:
    said = {key: value for key, value in claim.items() if key != "evidence"}
    return {**said, "quotes": [evidence["quote"] for evidence in claim["evidence"]]}


def quoted(text: str, draft: dict[str, Any]) -> dict[str, Any]:
    """The quotes of a draft as an answer that langextract reads, and finds in the text most quickly: in its order."""
    quotes = {quote for claim in (*draft["takeaways"], *draft["partnerships"]) for quote in claim["quotes"]}
    ordered = sorted(quotes, key=text.index)
    return {"extractions": [{"takeaway": quote, "takeaway_attributes": {}} for quote in ordered]}


def _marked(text: str) -> str:
    """Give the names of an article a part that is its own, and so almost every sentence of it."""
    for name in NAMES:
        text = text.replace(name, f"{name}{MARK}")
    return text.replace("le groupe ", f"le groupe {NAMES[0]}{MARK} ").replace(
        "Le groupe ", f"Le groupe {NAMES[0]}{MARK} "
    )


def own(number: int) -> str:
    """Four letters for a number below 456,976."""
    letters = ""
    for _ in MARK:
        number, letter = divmod(number, 26)
        letters += chr(ord("a") + letter)
    return letters


def articles(count: int, tag: str) -> Iterator[str]:
    """Articles that differ in almost every sentence."""
    text, _ = sample()
    first = 0 if tag == "warm" else 1_000
    return (text.replace(MARK, own(first + number)) for number in range(count))


# --- contenders, each in a process of its own --------------------------------------------------------------------


def ours(url: str, count: int, at_once: int) -> dict[str, float]:
    """The command itself, from a file of JSON Lines to a file of JSON Lines; then once more, all cached."""
    from summarizer.cli import main

    with TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"SUMMARIZER_CACHE": str(folder / "cache.sqlite"), "XDG_CACHE_HOME": name}

        def run(tag: str, number: int, out: str) -> tuple[float, float]:
            path = folder / f"{tag}.jsonl"
            if not path.exists():
                rows = ({"id": f"{tag}-{i}", "text": text} for i, text in enumerate(articles(number, tag)))
                with path.open("w", encoding="utf-8") as file:
                    file.writelines(json.dumps(row) + "\n" for row in rows)
            asked = ["-m", "toy", "--base-url", url, "--concurrency", str(at_once), "-q"]
            sys.argv = ["summarizer", *asked, "-o", str(folder / out), str(path)]
            began = clock()
            assert main() == 0
            spent = since(began)
            with (folder / out).open(encoding="utf-8") as lines:  # one at a time: memory is measured
                assert sum(json.loads(line)["rejected"] == [] for line in lines) == number
            return spent

        run("warm", WARM, "warm-out.jsonl")
        before = resident()
        cpu, wall = run("work", count, "out.jsonl")
        grown = resident() - before
        cached_cpu, cached_wall = run("work", count, "again.jsonl")
    return {"cpu": cpu, "wall": wall, "grown": grown, "cached cpu": cached_cpu, "cached wall": cached_wall}


def bare_instructor(url: str, count: int, at_once: int) -> dict[str, float]:
    """instructor on the async client, as its documentation has it."""
    import instructor
    import openai

    from summarizer.schema import Draft

    client = instructor.from_openai(openai.AsyncOpenAI(api_key="x", base_url=url), mode=instructor.Mode.JSON_SCHEMA)

    async def ask(messages: list[Any]) -> object:
        return await client.chat.completions.create(model="toy", messages=messages, response_model=Draft)

    return asyncio.run(_many(ask, count, at_once))


def bare_openai(url: str, count: int, at_once: int) -> dict[str, float]:
    """The async client alone: nothing is validated."""
    import openai

    client = openai.AsyncOpenAI(api_key="x", base_url=url)

    async def ask(messages: list[Any]) -> object:
        return await client.chat.completions.create(model="toy", messages=messages)

    return asyncio.run(_many(ask, count, at_once))


async def _many(ask: Callable[[list[Any]], Awaitable[object]], count: int, at_once: int) -> dict[str, float]:
    from summarizer.prompting import find

    prompt = find("summarize").render(
        {"takeaways": 5, "language": "French (fr)", "title": None, "published": None}, {"article": "x"}
    )
    system = prompt[0]["content"]

    async def run(texts: Iterable[str]) -> tuple[float, float]:
        left = iter(texts)

        async def worker() -> None:
            for text in left:
                await ask([{"role": "system", "content": system}, {"role": "user", "content": f"<article>{text}"}])

        began = clock()
        await asyncio.gather(*(worker() for _ in range(at_once)))
        return since(began)

    await run(articles(WARM, "warm"))
    before = resident()
    cpu, wall = await run(articles(count, "work"))
    return {"cpu": cpu, "wall": wall, "grown": resident() - before}


LANGEXTRACT = """
import json, os, sys, time
import langextract as lx
from langextract.providers.openai import OpenAILanguageModel
url, count, at_once = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
told = json.load(sys.stdin)
texts, quotes = told["texts"], told["quotes"]
examples = [lx.data.ExampleData(text="Apple signe avec Alibaba.", extractions=[
    lx.data.Extraction(extraction_class="takeaway", extraction_text="Apple signe avec Alibaba")])]
def run(some):
    documents = [lx.data.Document(text=text, document_id=str(i)) for i, text in enumerate(some)]
    model = OpenAILanguageModel(model_id="gpt-4o-mini", api_key="x", base_url=url, max_workers=at_once)
    return list(lx.extract(documents, prompt_description="Extract takeaways.", examples=examples, model=model,
        max_char_buffer=100000, batch_length=at_once, max_workers=at_once, show_progress=False, fence_output=False,
        use_schema_constraints=False))
run(texts[:at_once])
cpu, wall = time.process_time(), time.perf_counter()
done = run(texts)
spent = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "grown": 0}
for document in done:
    found = [document.text[one.char_interval.start_pos : one.char_interval.end_pos] for one in document.extractions]
    assert found == [one.extraction_text for one in document.extractions] and len(found) == quotes, found
print(json.dumps(spent))
"""


def clock() -> tuple[float, float]:
    """CPU and wall, now; the CPU of other processes that were started, when they are gone."""
    used = os.times()
    return sum(used[:4]), time.perf_counter()


def since(began: tuple[float, float]) -> tuple[float, float]:
    """CPU and wall seconds since then."""
    now = clock()
    return now[0] - began[0], now[1] - began[1]


def resident() -> float:
    """MB of memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


# --- the run ---------------------------------------------------------------------------------------------------------

CONTENDERS = {"ours": ours, "bare instructor": bare_instructor, "bare openai": bare_openai}


def measured(name: str, url: str, count: int, at_once: int) -> dict[str, float]:
    """Run one contender in a fresh process."""
    if name == "langextract":
        command = [os.environ["LANGEXTRACT_PYTHON"], "-c", LANGEXTRACT]
        quotes = len(quoted(*sample())["extractions"])
        told = json.dumps({"texts": list(articles(count, "work")), "quotes": quotes})
    else:
        command, told = [sys.executable, __file__, "--one", name], ""
    command = [*command, url, str(count), str(at_once)]
    done = subprocess.run(command, input=told, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def compare(count: int) -> None:
    """The peers in turn, several rounds; medians."""
    from fast_server import server

    latency, at_once = 0.05, 64
    counts = dict.fromkeys(CONTENDERS, count)
    if os.environ.get("LANGEXTRACT_PYTHON"):
        counts["langextract"] = count // 10
    results: dict[str, list[dict[str, float]]] = {name: [] for name in counts}
    text, draft = sample()
    with server(draft, MARK, latency) as url, server(quoted(text, draft), MARK, latency) as theirs:
        for _ in range(ROUNDS):
            for name, number in counts.items():
                asked = theirs if name == "langextract" else url
                results[name].append(measured(name, asked, number, at_once))
    print(f"{count} articles of {len(text.split())} words, {latency * 1000:.0f} ms, {at_once} at once, ", end="")
    print(f"ideal {at_once / latency:,.0f} a second; medians of {ROUNDS}")
    middle = {
        name: {key: statistics.median(run[key] for run in runs) for key in runs[0]} for name, runs in results.items()
    }
    reference = middle["bare instructor"]
    for name, one in middle.items():
        rate, cpu = counts[name] / one["wall"], 1000 * one["cpu"] / counts[name]
        times = rate * reference["wall"] / count
        share = cpu / (1000 * reference["cpu"] / count)
        print(f"{name:16} {rate:6.0f} articles/s ({times:4.2f} of instructor)   ", end="")
        print(f"CPU {cpu:5.2f} s per 1,000 ({share:4.2f} of instructor)   memory +{one['grown']:.0f} MB")
    if "langextract" not in middle:
        print("langextract      skip: LANGEXTRACT_PYTHON names no Python that has it")
    print(f"all cached       {count / middle['ours']['cached wall']:6.0f} articles/s")


def slow() -> None:
    """Real latencies, many at once: what is lost against the ideal."""
    from fast_server import server

    latency, at_once, count = 2.0, 256, 5_120
    with server(sample()[1], MARK, latency) as url:
        one = measured("ours", url, count, at_once)
    ideal = count / at_once * latency
    share = ideal / one["wall"]
    print(f"{count} articles, {latency:.0f} s, {at_once} at once: {one['wall']:.2f} s, {share:.1%} of the ideal")


def flat(many: int) -> None:
    """Cost and memory of an article, for few and for many."""
    from fast_server import server

    grown = {}
    with server(sample()[1], MARK, 0.02) as url:
        for count in (500, many):
            one = measured("ours", url, count, 64)
            grown[count] = one["grown"]
            cpu, rate = 1000 * one["cpu"] / count, count / one["wall"]
            print(f"{count:6} articles: CPU {cpu:.2f} ms each, {rate:.0f} a second, ", end="")
            print(f"memory +{one['grown']:.1f} MB; cached {count / one['cached wall']:.0f} a second")
    print(f"memory grows by {grown[many] - grown[500]:.1f} MB between them")


def main() -> None:
    """Run what was asked for, or one contender for it."""
    if sys.argv[1:2] == ["--one"]:
        name, url, count, at_once = sys.argv[2:]
        print(json.dumps(CONTENDERS[name](url, int(count), int(at_once))))
    elif sys.argv[1:2] == ["--slow"]:
        slow()
    elif sys.argv[1:2] == ["--flat"]:
        flat(int(sys.argv[2]) if len(sys.argv) > 2 else 50_000)
    else:
        compare(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)


if __name__ == "__main__":
    main()
