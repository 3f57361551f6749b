"""How well and how fast `check_claim` tells true claims from false ones.

    python tests/benchmarks/bench_support.py [FOLDER]

FOLDER holds DOMAIN.docs.jsonl (doc_id, document) and DOMAIN.claims.jsonl (doc_id, claim, label), as SummEdits has them;
none of it is in the repository. For each domain: balanced accuracy at a score of one half, the share of true claims
that reach it and of false ones that do not, beside the floor that every number and capitalised word of a claim occurs
in its document; the grades of the true and the false claims; then each reason, with the false and the true claims that
it speaks against. Without FOLDER only the time is measured, on the
fixtures and on an article of 100,000 words.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from summarizer import Article, load
from summarizer.grounding.document import Document
from summarizer.grounding.entailment import check, weigh
from summarizer.grounding.sentence_index import SentenceIndex
from summarizer.schema import Verdict

FIXTURES = Path(__file__).parents[2] / "fixtures"
ROUNDS = 20
EVEN = 0.5
"""The score from which a claim is more likely true than false."""
Row = tuple[str, str, bool]


def main() -> None:
    """Measure, and print what was measured."""
    for folder in sys.argv[1:2]:
        accuracy(Path(folder))
    speed()


def accuracy(folder: Path) -> None:
    """Print the figures of each domain in a folder, and their mean."""
    print(f"{'domain':14}{'claims':>8}{'floor':>8}{'bal.acc':>9}{'kept':>7}{'felled':>8}")
    means = []
    for path in sorted(folder.glob("*.claims.jsonl")):
        domain = path.name.removesuffix(".claims.jsonl")
        rows = claims(folder, domain)
        verdicts = [judged(document, claim) for document, claim, _ in rows]
        kept, felled = rates(rows, [verdict.score >= EVEN for verdict in verdicts])
        means.append((kept + felled) / 2)
        floor = sum(rates(rows, [occurs(document, claim) for document, claim, _ in rows])) / 2
        print(f"{domain:14}{len(rows):>8}{floor:>8.1f}{means[-1]:>9.1f}{kept:>7.1f}{felled:>8.1f}")
        by_grade(rows, verdicts)
        by_reason(rows, verdicts)
    print(f"mean of {len(means)}: {sum(means) / len(means):.1f}" if means else f"no claims in {folder}")


def claims(folder: Path, domain: str) -> list[Row]:
    """Return (document, claim, whether it is true)."""
    documents = {row["doc_id"]: row["document"] for row in lines(folder / f"{domain}.docs.jsonl")}
    found = lines(folder / f"{domain}.claims.jsonl")
    return [(documents[row["doc_id"]], row["claim"], bool(row["label"])) for row in found]


def lines(path: Path) -> Iterable[dict[str, Any]]:
    """Yield the objects of a JSONL file."""
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def rates(rows: list[Row], answers: list[bool]) -> tuple[float, float]:
    """Return the percentages of true claims kept and of false ones felled."""
    true = [answer for (_, _, label), answer in zip(rows, answers, strict=True) if label]
    false = [answer for (_, _, label), answer in zip(rows, answers, strict=True) if not label]
    return 100 * sum(true) / len(true), 100 - 100 * sum(false) / len(false)


def occurs(document: str, claim: str) -> bool:
    """The floor: every number and every capitalised word of the claim is in the document."""
    return all(word in document for word in re.findall(r"\d[\d.,]*\d|\d|[A-Z]\w+", claim))


def by_grade(rows: list[Row], verdicts: list[Verdict]) -> None:
    """Print how many false and true claims get each grade."""
    graded = Counter((verdict.grade, label) for (_, _, label), verdict in zip(rows, verdicts, strict=True))
    for grade in ("supported", "doubtful", "unsupported"):
        print(f"    {grade:26} false {graded[grade, False]:4}   true {graded[grade, True]:4}")


def by_reason(rows: list[Row], verdicts: list[Verdict]) -> None:
    """Print how many false and true claims each reason fells."""
    felled: Counter[tuple[str, bool]] = Counter()
    for (_, _, label), verdict in zip(rows, verdicts, strict=True):
        felled.update({(reason.code, label) for reason in verdict.reasons})
    for code in sorted({code for code, _ in felled}):
        print(f"    {code:26} false {felled[code, False]:4}   true {felled[code, True]:4}")


@cache
def concordance(document: str) -> SentenceIndex:
    """Return a document made ready."""
    return SentenceIndex(Document(Article.from_text(document)))


def judged(document: str, claim: str) -> Verdict:
    """Return the verdict on one claim."""
    return weigh(claim, concordance(document))


def speed() -> None:
    """Print what a claim costs: the first one on an article, the following ones, and one on 100,000 words."""
    folders = [folder for folder in sorted(FIXTURES.iterdir()) if (folder / "expected.json").is_file()]
    articles = [load(next(folder.glob("article.*"))) for folder in folders]
    said = [json.loads((folder / "expected.json").read_text(encoding="utf-8"))["takeaways"] for folder in folders]
    pairs = [(article, one["text"]) for article, takeaways in zip(articles, said, strict=True) for one in takeaways]
    words = sum(len(article.text.split()) for article in articles) / len(articles)
    first = seconds(lambda: [check(text, Document(article)) for article, text in pairs]) / len(pairs)
    ready = {article.text: SentenceIndex(Document(article)) for article in articles}
    next_ = seconds(lambda: [weigh(text, ready[article.text]) for article, text in pairs]) / len(pairs)
    print(f"articles of {words:.0f} words: {1000 * first:.2f} ms for a first claim, {1000 * next_:.2f} ms for the next")
    long = Article(text="\n\n".join(article.text for article in articles if article.language == "fr"), language="fr")
    long = Article(text="\n\n".join([long.text] * (100_000 // len(long.text.split()) + 1)), language="fr")
    cost = seconds(lambda: check(pairs[0][1], Document(long)), 3)
    print(f"an article of {len(long.text.split()):,} words: {cost:.2f} s")


def seconds(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the least time of several runs."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
