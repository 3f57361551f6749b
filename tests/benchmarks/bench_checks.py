"""How often each check of the proof fires on true and on false claims about real news, as a Markdown table.

    python tests/benchmarks/bench_checks.py [FOLDER ...]

A folder (default: `labelled` beside this file) has `articles/*.txt` and `answers/*.json`: an object with `article` (a
name in `articles`), `draft` (an answer of a model), `verdicts` (`takeaways` and `partnerships`: a label for each claim
of the draft, "true", "false" or another, which does not count) and `mistakes` (more false claims, each in `claim`,
which also has its `kind`, "takeaway" or "partnership").
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from summarizer import Article, Draft, ground
from summarizer.schema import Grade

KINDS = {"takeaways": "takeaway", "partnerships": "partnership"}
LABELS = {"true": "true", "false": "false", "mistake": "false"}


def main() -> None:
    """Print one table for each folder."""
    folders = [Path(each) for each in sys.argv[1:]] or [Path(__file__).parent / "labelled"]
    for folder in folders:
        if not (folder / "answers").is_dir():
            print(f"no labelled answers in {folder}: nothing was measured")
            print("put articles/ and answers/ there, or name another folder; the docstring of this file has the format")
            continue
        print_table(folder)


def print_table(folder: Path) -> None:
    """Print how many claims of a folder are refuted or doubted, and by which check."""
    grades: Counter[tuple[str, str]] = Counter()
    fired: Counter[tuple[str, str, str]] = Counter()
    for path in sorted((folder / "answers").glob("*.json")):
        answer = json.loads(path.read_text(encoding="utf-8"))
        article = Article.from_text((folder / "articles" / answer["article"]).read_text(encoding="utf-8"))
        for label, kind, claim in labelled(answer):
            summary = ground(Draft.model_validate({kind: [claim]}), article)
            reasons = [r for fallen in summary.rejected if fallen.kind != "field" for r in fallen.reasons]
            refuted = any(reason.grade is Grade.REFUTED for reason in reasons)
            grades[label, "refuted" if refuted else "doubted" if reasons else "kept"] += 1
            fired.update({(reason.check or reason.code, reason.grade, label) for reason in reasons})
    totals = {label: sum(n for (one, _), n in grades.items() if one == label) for label in ("true", "false")}
    print(f"\n{folder}: {totals['true']} true and {totals['false']} false claims, each proved alone\n")
    for label, total in totals.items():
        shares = (f"{grades[label, grade] / max(total, 1):.1%} {grade}" for grade in ("refuted", "doubted", "kept"))
        print(f"- {label}: {', '.join(shares)}")
    print("\n| check | grade | true | false | times likelier on a false claim |\n|---|---|---|---|---|")
    for check, grade in sorted({key[:2] for key in fired}, key=lambda key: -fired[*key, "false"]):
        true, false = fired[check, grade, "true"], fired[check, grade, "false"]
        ratio = (false / max(totals["false"], 1)) / (
            (true + 0.5) / max(totals["true"], 1)
        )  # half a claim: none is rare
        print(f"| {check} | {grade} | {true} | {false} | {ratio:.1f} |")


def labelled(answer: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each claim that is true or false: its label, its list in a draft, and the claim."""
    for kind in KINDS:
        for claim, verdict in zip(answer["draft"][kind], answer["verdicts"][kind], strict=True):
            label = verdict if isinstance(verdict, str) else verdict["label"]
            if label in LABELS:
                yield LABELS[label], kind, claim
    lists = {kind: name for name, kind in KINDS.items()}
    for mistake in answer["mistakes"]:
        claim = dict(mistake["claim"])
        yield "false", lists[claim.pop("kind")], claim


if __name__ == "__main__":
    main()
