"""How many corrupted claims fall, and how many true ones stay, by kind: development fixtures and held-out ones.

    python tests/benchmarks/bench_corruptions.py [--by-language | --show KIND ... | --still-wrong]

`--show` prints the failing cases of a kind in full, of the development fixtures only; of the held-out ones nothing but
counts is ever printed.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from corruptions import FALSE, KINDS, Case, cases, count_wrong, fixtures, goes_wrong

from summarizer.grounding import ground


def main() -> None:
    """Print the table, or the failing cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", nargs="*", metavar="KIND", help="the failing cases of the development fixtures")
    parser.add_argument("--by-language", action="store_true")
    parser.add_argument("--still-wrong", action="store_true", help="the table of test_grounding_corruptions.py")
    options = parser.parse_args()
    if options.still_wrong:
        still_wrong()
        return
    if options.show is not None:
        show(options.show or list(KINDS))
        return
    table(by_language=options.by_language)


def table(*, by_language: bool) -> None:
    """Print right / all for each kind."""
    right: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    for kind in KINDS:
        for fixture in fixtures():
            halves = ["held" if fixture.held else "dev"]
            halves += [f"{halves[0]} {fixture.language}"] if by_language else []
            for case in cases(kind, fixture):
                well = goes_wrong(case, ground(case.draft, fixture.article)) is None
                for half in halves:
                    total[kind, half] += 1
                    right[kind, half] += well
                    total["false" if kind in FALSE else "true", half] += 1
                    right["false" if kind in FALSE else "true", half] += well
    columns = sorted({half for _, half in total})
    print(f"{'kind':22}" + "".join(f"{column:>14}" for column in columns))
    for kind in [*FALSE, "false", *(k for k in KINDS if k not in FALSE), "true"]:
        cells = (f"{right[kind, half]}/{total[kind, half]}" if total[kind, half] else "-" for half in columns)
        print(f"{kind:22}" + "".join(f"{cell:>14}" for cell in cells))


def still_wrong() -> None:
    """Print how many of the cases that the tests run go wrong, as the tests have it."""
    for kind in KINDS:
        wrong = count_wrong(kind, held=False)[0], count_wrong(kind, held=True)[0]
        if any(wrong):
            print(f'    "{kind}": {wrong},')


def show(kinds: list[str]) -> None:
    """Print the failing development cases of some kinds."""
    for kind in kinds:
        for fixture in (one for one in fixtures() if not one.held):
            for case in cases(kind, fixture):
                if wrong := goes_wrong(case, ground(case.draft, fixture.article)):
                    print(f"[{kind}] {fixture.slug}: {wrong}\n{in_words(case)}\n")


def in_words(case: Case) -> str:
    """Write a case as a person reads it."""
    lines = []
    for claim in [*case.draft.takeaways, *case.draft.partnerships]:
        said = {k: v for k, v in claim.model_dump(mode="json").items() if v is not None and k != "quotes"}
        lines.append("  " + json.dumps(said, ensure_ascii=False))
        lines += [f"    > {quote}" for quote in claim.quotes]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
