"""Web pages: how much of the article is read, and how little else; trafilatura alone beside ours.

    .venv/bin/python tests/benchmarks/bench_pages.py [--pages]

Body: precision and recall of words, each page counting the same. Times are CPU milliseconds a page, medians of five
rounds, with everything imported. `--pages` names those of the pages that are not held out where something is amiss.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from page_corpus import Found, Page, pages, precision_and_recall, score
from trafilatura import bare_extraction

from summarizer.errors import SourceError
from summarizer.language.identification import identify
from summarizer.loading.pages import parse as read_page

ROUNDS = 5


def ours(page: Page) -> Found | None:
    """Read a page as `load` does."""
    try:
        read = read_page(page.raw, page.slug, page.charset)
    except SourceError:
        return None
    return Found(read.text, read.title, read.published, read.language or identify(read.text))


def alone(page: Page) -> Found | None:
    """Read a page as trafilatura does, without comments, as its documentation has it for news."""
    found = bare_extraction(page.raw, url=page.url, with_metadata=True, include_comments=False)
    return None if found is None else Found(found.text, found.title, found.date, found.language)


def milliseconds(read: Callable[[Page], Found | None]) -> float:
    """CPU a page, median of the rounds."""
    every = pages()
    rounds = []
    for _ in range(ROUNDS):
        began = process_time()
        for page in every:
            read(page)
        rounds.append((process_time() - began) / len(every) * 1_000)
    return median(rounds)


def main() -> None:
    """Print the table."""
    print(f"{'':24}{'pages':>6}{'precision':>11}{'recall':>8}{'title':>7}{'date':>7}{'language':>10}{'unread':>8}")
    for half, held_out in (("made with", False), ("held out", True)):
        for name, read in (("ours", ours), ("trafilatura alone", alone)):
            s = score(pages(held_out=held_out), read)
            print(
                f"{half:10} {name:18}{s.pages:>1}{s.precision:>11.1%}{s.recall:>8.1%}{s.title:>7.0%}{s.published:>7.0%}"
                f"{s.language:>10.0%}{s.unread:>8}"
            )
        none = [page for page in pages(held_out=held_out) if page.refused]
        told = [sum(read(page) is None for page in none) for read in (ours, alone)]
        print(f"{half:10} no article, and told so: ours {told[0]} of {len(none)}, trafilatura alone {told[1]}")
    print(f"CPU a page: ours {milliseconds(ours):.1f} ms, trafilatura alone {milliseconds(alone):.1f} ms")
    if "--pages" in sys.argv:
        for page in pages(held_out=False):
            got = ours(page)
            print(
                f"{page.slug:16}", "–" if got is None else "{:.3f} {:.3f}".format(*precision_and_recall(page, got.text))
            )


if __name__ == "__main__":
    main()
