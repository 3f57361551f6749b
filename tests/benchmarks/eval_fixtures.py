"""How the embedded model does on the fixtures, by half and language; `summarizer eval fixtures` says more.

The fixtures whose names begin with `held-` were not looked at while its rules were made: their figure counts.

    python tests/benchmarks/eval_fixtures.py
"""

import asyncio
from pathlib import Path

from summarizer.engines.extractive import ExtractiveEngine
from summarizer.evaluation import MEASURES, Score, evaluate, find_cases, read_case

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
SHOWN = {"pair_precision": "pairs P", "pair_recall": "R", "pair_f1": "F1", "status": "status", "covered": "covered"}


def main() -> None:
    """Print a line for each half and language."""
    cases = [read_case(folder) for folder in find_cases(FIXTURES)]
    groups: dict[str, list[Score]] = {}
    for score in asyncio.run(evaluate(cases, ExtractiveEngine())):
        half = "held out" if score.held_out else "developed"
        for name in (half, f"  {half} {score.language}"):
            groups.setdefault(name, []).append(score)
    print(f"{'':18}" + "".join(f"{label:>9}" for label in SHOWN.values()))
    for name, scores in sorted(groups.items(), key=lambda group: group[0].strip()):
        figures = (measure.of(scores) for measure in MEASURES if measure.name in SHOWN)
        print(f"{name:18}" + "".join("        –" if figure is None else f"{figure:9.1f}" for figure in figures))


if __name__ == "__main__":
    main()
