"""How the embedded model does on the fixtures, through the whole pipeline: pairs of parties, status, takeaways covered.

The fixtures whose names begin with `held-` were not looked at while its rules were made: their figure counts.

    python tests/benchmarks/eval_fixtures.py
"""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

from summarizer import Summary, load, summarize
from summarizer.text.folding import fold

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
COVERED = 0.5
"""Share of a gold takeaway's content words that one of ours must have."""


def pairs(claims: list[tuple[tuple[str, ...], str]]) -> dict[frozenset[str], set[str]]:
    """Pairs of parties → statuses: three parties are three pairs."""
    found: dict[frozenset[str], set[str]] = {}
    for parties, status in claims:
        for pair in combinations(sorted(map(fold, parties)), 2):
            found.setdefault(frozenset(pair), set()).add(status)
    return found


def same(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether two pairs are one: a name may be the longer form of the other."""

    def alike(a: str, b: str) -> bool:
        return a == b or f" {a} " in f" {b} " or f" {b} " in f" {a} "

    (a, b), (c, d) = sorted(left), sorted(right)
    return (alike(a, c) and alike(b, d)) or (alike(a, d) and alike(b, c))


def words(text: str) -> set[str]:
    """Content words, near enough: those of four letters and more, and numbers."""
    return {w[:6] for w in re.findall(r"\w+", fold(text)) if len(w) > 3 or w.isdigit()}


def covered(gold: dict[str, Any], summary: Summary) -> bool:
    """Whether a gold takeaway is told by one of ours, in its words or with its evidence."""
    wanted = words(gold["text"])
    for takeaway in summary.takeaways:
        if wanted and len(wanted & words(takeaway.text)) >= COVERED * len(wanted):
            return True
        spans = [(e.start, e.end) for e in takeaway.evidence]
        if any(a < e["end"] and e["start"] < b for a, b in spans for e in gold["evidence"][:1]):
            return True
    return False


def main() -> None:
    """Print a line for each half and language."""
    tallies: dict[str, list[int]] = {}
    for folder in sorted(path.parent for path in FIXTURES.glob("*/expected.json")):
        article = load(next(folder.glob("article.*")))
        gold = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        summary = summarize(article, model="extractive")
        half = "held out" if gold["held_out"] else "developed"
        counts = compare(summary, gold)
        for name in (half, f"  {half} {article.language}"):
            tallies[name] = [a + b for a, b in zip(tallies.get(name, [0] * 7), counts, strict=True)]
    print(f"{'':18}{'pairs P':>9}{'R':>7}{'F1':>7}{'status':>9}{'takeaways covered':>19}")
    for name, (hit, ours, theirs, right, matched, told, wanted) in sorted(tallies.items(), key=lambda t: t[0].strip()):
        precision, recall = (100 * hit / ours if ours else 0), (100 * hit / theirs if theirs else 0)
        f1 = 200 * hit / (ours + theirs) if ours + theirs else 0
        status = 100 * right / matched if matched else 0
        print(f"{name:18}{precision:9.1f}{recall:7.1f}{f1:7.1f}{status:9.1f}{100 * told / wanted:19.1f}")


def compare(summary: Summary, gold: dict[str, Any]) -> list[int]:
    """Pairs hit, ours, theirs; statuses right, matched; takeaways covered, in all."""
    ours = pairs([(p.parties, p.status.value) for p in summary.partnerships])
    theirs = pairs([(tuple(p["parties"]), p["status"]) for p in gold["partnerships"]])
    matches = [(pair, other) for pair in theirs for other in ours if same(pair, other)]
    hit = len({pair for pair, _ in matches})
    right = sum(bool(theirs[pair] & ours[other]) for pair, other in matches)
    told = sum(covered(takeaway, summary) for takeaway in gold["takeaways"])
    return [hit, len(ours), len(theirs), right, len(matches), told, len(gold["takeaways"])]


if __name__ == "__main__":
    main()
