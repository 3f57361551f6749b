"""How long the embedded model takes, and how much memory, by the length of the article.

    python tests/benchmarks/bench_extractive.py [--assert] [--profile]

The articles are the fixtures, and these strung together up to 100,000 words. `--assert` exits 1 where a goal is
missed: 15 ms for an ordinary article once the tables are read, 2 s for 100,000 words, linear memory. Times are of
the processor, for other work on the machine is none of ours.
"""

import argparse
import asyncio
import cProfile
import pstats
import statistics
import sys
import time
import tracemalloc
from pathlib import Path

from summarizer.engines.extractive import ExtractiveEngine
from summarizer.schema import Article, Passage

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
LANGUAGES = {"en": "greyport-live", "fr": "brevane-semestre", "de": "voltmoor-lausitz", "es": "valdeluz-beriso"}
ORDINARY_MS, LONG_S, LONG_WORDS = 15.0, 2.0, 100_000


def main() -> None:
    """Print the table; with `--assert`, hold it against the goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assert", dest="hold", action="store_true")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    if options.profile:
        profile()
        return
    missed = [fault for language, slug in LANGUAGES.items() for fault in measure(language, slug)]
    print("\n".join(missed) or "every goal is met")
    sys.exit(bool(missed) and options.hold)


def measure(language: str, slug: str) -> list[str]:
    """Print the times of one language and return the goals that it misses."""
    text = (FIXTURES / slug / "article.txt").read_text(encoding="utf-8")
    began = time.process_time()
    draft(text, language)
    first = time.process_time() - began
    ordinary = statistics.median(timed(text, language) for _ in range(21))
    long = strung(text, LONG_WORDS)
    seconds = min(timed(long, language) for _ in range(2))
    peaks = [peak(strung(text, words), language) for words in (LONG_WORDS // 4, LONG_WORDS // 2)]
    print(
        f"{language}  first {1e3 * first:6.1f} ms   {len(text.split()):4} words {1e3 * ordinary:6.1f} ms   "
        f"{LONG_WORDS:,} words {seconds:5.2f} s   memory for twice as many words x {peaks[1] / peaks[0]:.2f}"
    )
    faults = []
    if 1e3 * ordinary > ORDINARY_MS:
        faults.append(f"{language}: an ordinary article takes {1e3 * ordinary:.1f} ms, the goal is {ORDINARY_MS}")
    if seconds > LONG_S:
        faults.append(f"{language}: {LONG_WORDS:,} words take {seconds:.2f} s, the goal is {LONG_S}")
    if peaks[1] > 2.4 * peaks[0]:
        faults.append(f"{language}: memory is not in proportion to the length")
    return faults


def strung(text: str, words: int) -> str:
    """Repeat an article until it has so many words; no two copies have a sentence in common, as in a real long text."""
    copies = words // len(text.split()) + 1
    return "\n\n".join(text.replace(". ", f" ({i}). ").replace(".\n", f" ({i}).\n") for i in range(copies))


def draft(text: str, language: str) -> None:
    """Draft a whole text at one time."""
    article = Article(text=text, language=language)
    asyncio.run(ExtractiveEngine().draft(Passage(article=article, start=0, end=len(text), output_language=language)))


def timed(text: str, language: str) -> float:
    """Return the seconds of one draft."""
    began = time.process_time()
    draft(text, language)
    return time.process_time() - began


def peak(text: str, language: str) -> int:
    """Return the largest number of bytes held during one draft."""
    tracemalloc.start()
    draft(text, language)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def profile() -> None:
    """Print where the time of a long article goes."""
    text = strung((FIXTURES / LANGUAGES["en"] / "article.txt").read_text(encoding="utf-8"), LONG_WORDS // 4)
    profiler = cProfile.Profile()
    profiler.runcall(draft, text, "en")
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
