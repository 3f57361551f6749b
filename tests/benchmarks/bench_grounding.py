"""What it costs to find quotes and to prove claims: ours, rapidfuzz and langextract on the same work, in one run.

    python tests/benchmarks/bench_grounding.py [--langextract PYTHON] [--profile] [--assert]

PYTHON is an interpreter that has langextract (`python -m venv X && X/bin/pip install langextract`); without one, that
row is left out. `--assert` exits 1 where a goal is missed. Milliseconds depend on the machine, the ratios less so.
"""

import argparse
import cProfile
import json
import pstats
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rapidfuzz import fuzz

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from corruptions import fixtures

from summarizer.grounding import ground
from summarizer.grounding.alignment import find_quote
from summarizer.grounding.document import Document
from summarizer.language.content_words import stems
from summarizer.language.normalization import FoldedText, fold
from summarizer.schema import Article, Draft, salvage

WORDS = 100_000
QUOTES = 100
PATIENCE = 25
"""Seconds that langextract gets for the quotes that are not there: it needs far more."""
GOALS = {"found": 1.5, "not found": 0.6, "draft": 0.0015}
"""Times folding once and calling `str.find` · seconds · seconds."""

LANGEXTRACT = """
import json, sys, time
try:
    from langextract.core.data import Extraction
    from langextract.resolver import Resolver
except ImportError:
    sys.exit("langextract is not installed there")
job = json.load(sys.stdin)
found = [Extraction(extraction_class="quote", extraction_text=quote) for quote in job["quotes"]]
start = time.perf_counter()
aligned = list(Resolver().align(found, job["text"], 0, 0))
print(time.perf_counter() - start, sum(one.alignment_status is not None for one in aligned))
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--langextract", metavar="PYTHON", default=sys.executable)
    parser.add_argument("--profile", action="store_true", help="where the time goes, instead of how long it takes")
    parser.add_argument("--assert", dest="strict", action="store_true")
    options = parser.parse_args()
    text, quotes = article_and_quotes()
    missing = [spoiled(quote, i) for i, quote in enumerate(quotes)]
    if options.profile:
        profile(text, quotes, missing)
        return

    if (seen := find_all(text, quotes), find_all(text, missing)) != (QUOTES, 0):
        sys.exit(f"{seen[0]} of {QUOTES} quotes were found, and {seen[1]} of those that are not there")
    floor = best(lambda: fold_and_find(text, quotes))
    found = best(lambda: find_all(text, quotes))
    absent = best(lambda: find_all(text, missing), rounds=3)
    print(f"{QUOTES} quotes, an article of {WORDS:,} words ({len(text):,} characters)\n")
    print(f"{'':34}{'found':>12}{'not found':>14}")
    print(f"{'fold once and str.find':34}{milliseconds(floor)}{'':>14}")
    print(f"{'summarizer':34}{milliseconds(found)}{milliseconds(absent):>14}   {found / floor:.2f} times the floor")
    fuzzy = best(lambda: rapidfuzz_all(text, quotes), rounds=1), best(lambda: rapidfuzz_all(text, missing), rounds=1)
    print(f"{'rapidfuzz partial_ratio_alignment':34}{milliseconds(fuzzy[0])}{milliseconds(fuzzy[1]):>14}")
    print(f"{'langextract Resolver.align':34}{langextract(options.langextract, text, quotes):>12}", end="", flush=True)
    print(f"{langextract(options.langextract, text, missing):>14}\n")

    article, draft = ordinary_draft()
    proof = best(lambda: ground(draft, article), rounds=200)
    claims = len(draft.takeaways) + len(draft.partnerships)
    print(
        f"the proof of {claims} claims against an article of {len(article.text.split())} words: {proof * 1000:.2f} ms"
    )
    for kind, seconds in per_fixture():
        print(f"  {kind:42}{seconds * 1000:6.2f} ms")
    if options.strict and (found > GOALS["found"] * floor or absent > GOALS["not found"] or proof > GOALS["draft"]):
        sys.exit("a goal was missed")


def milliseconds(seconds: float) -> str:
    """Write a time for the table."""
    return f"{seconds * 1000:.0f} ms".rjust(12)


def best(work: Callable[[], object], rounds: int = 7) -> float:
    """Return the seconds of the fastest of some runs: the others are the machine's."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


# --- the work --------------------------------------------------------------------------------------------------


def article_and_quotes() -> tuple[str, list[str]]:
    """Make an article out of the words of the fixtures, and quotes from it: every other one with a model's slips."""
    draw = random.Random(7)
    real = [fixture.article.text for fixture in fixtures() if not fixture.held and fixture.language in ("fr", "en")]
    words = [word for text in real for word in text.split()] + [f"{draw.randint(2, 9999):,}" for _ in range(200)]
    sentences: list[str] = []
    count = 0
    while count < WORDS:
        size = draw.randint(8, 24)
        sentence = " ".join(draw.choices(words, k=size)).rstrip(".,;:") + "."
        sentences.append(sentence[:1].upper() + sentence[1:])
        count += size
    text = "\n\n".join(" ".join(sentences[i : i + 5]) for i in range(0, len(sentences), 5))
    quotes = [sentences[i] for i in sorted(draw.sample(range(len(sentences)), QUOTES))]
    plain = str.maketrans({"’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "\u00a0": " ", "\u202f": " "})
    return text, [quote.translate(plain).lower() if i % 2 else quote for i, quote in enumerate(quotes)]


def spoiled(quote: str, i: int) -> str:
    """Make a quote that is not there: another number, another name, a negation, other words."""
    words = quote.split()
    middle = len(words) // 2
    match i % 4:
        case 0:
            words[middle] = "4,711"
        case 1:
            words[middle] = "Alphaville"
        case 2:
            words[middle:middle] = ["n’a", "jamais"]
        case _:
            words = [*words[middle:], "qumran", *words[:middle]]
    return " ".join(words)


def fold_and_find(text: str, quotes: list[str]) -> None:
    """Do the least that could be done: fold the article once, then call `str.find`."""
    folded = FoldedText(text)
    for quote in quotes:
        folded.text.find(fold(quote))


def find_all(text: str, quotes: list[str]) -> int:
    """Find the quotes as a draft's are found."""
    reading = Document(Article(text=text, language="fr"))
    return sum(find_quote(quote, reading, partial(stems, fold(quote), reading.lexicon)) is not None for quote in quotes)


def rapidfuzz_all(text: str, quotes: list[str]) -> None:
    """Align each quote with the best stretch of the article, as the fuzzy tools do."""
    for quote in quotes:
        fuzz.partial_ratio_alignment(quote, text)


def langextract(python: str, text: str, quotes: list[str]) -> str:
    """Align the quotes as langextract does, in its own interpreter."""
    job = json.dumps({"text": text, "quotes": quotes})
    command = [python, "-c", LANGEXTRACT]
    try:
        done = subprocess.run(command, input=job, capture_output=True, text=True, timeout=PATIENCE, check=True)
    except subprocess.TimeoutExpired:
        return f"> {PATIENCE} s"
    except subprocess.CalledProcessError as error:
        return "not there" if "not installed" in error.stderr else "failed"
    return f"{float(done.stdout.split()[0]) * 1000:.0f} ms"


def ordinary_draft() -> tuple[Article, Draft]:
    """Take an article of some 600 words with eight of its true claims."""
    texts = {fixture.slug: fixture for fixture in fixtures()}
    fixture, filler = texts["brevane-semestre"], texts["ouchyris-tessin"]
    text = fixture.article.text + "\n\n" + filler.article.text
    text = " ".join(re.split(r"( )", text)[: 2 * 600 : 2])
    bare = [{key: value for key, value in claim.items() if key != "spans"} for _, claim in fixture.claims]
    draft = salvage({"takeaways": bare[:4], "partnerships": bare[4:8]})
    return Article(text=text, language="fr"), draft


def per_fixture() -> list[tuple[str, float]]:
    """Time the proof of each development fixture's own draft."""
    timed = []
    for fixture in (one for one in fixtures() if not one.held):
        draft = salvage(fixture.draft)
        size = f"{len(draft.takeaways) + len(draft.partnerships)} claims, {len(fixture.article.text.split())} words"
        timed.append((f"{fixture.slug}, {size}", best(lambda d=draft, f=fixture: ground(d, f.article), rounds=20)))
    return timed


def profile(text: str, quotes: list[str], missing: list[str]) -> None:
    """Print where the time goes."""
    article, draft = ordinary_draft()
    ground(draft, article)
    jobs: dict[str, Callable[[], object]] = {
        "found": lambda: find_all(text, quotes),
        "not found": lambda: find_all(text, missing),
        "draft, 200 times": lambda: [ground(draft, article) for _ in range(200)],
    }
    for name, job in jobs.items():
        profiler = cProfile.Profile()
        profiler.runcall(job)
        print(f"=== {name}")
        pstats.Stats(profiler).strip_dirs().sort_stats("tottime").print_stats(18)


if __name__ == "__main__":
    main()
