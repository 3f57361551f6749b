"""Damage valid files at random and read them: `python tests/benchmarks/fuzz_readers.py SECONDS [KIND…]`.

Prints what came out of a reader that is no `SourceError`, with the seed that does it again, and the slowest file.
"""

import random
import sys
import traceback
import warnings
from pathlib import Path
from time import monotonic, process_time

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from damaged_files import READERS, damaged

from summarizer.errors import SourceError


def main(seconds: float, names: list[str]) -> int:
    """Fuzz each reader for so long; return how many faults were found."""
    warnings.simplefilter("error")
    faults = 0
    for name in names:
        valid, read = READERS[name]
        first = seed = int(monotonic() * 1e6)
        slowest, end, refused = (0.0, 0), monotonic() + seconds, 0
        found: set[str] = set()
        while monotonic() < end:
            seed += 1
            dice = random.Random(seed)
            raw = damaged(valid, dice)
            for _ in range(dice.choice((0, 0, 1, 3))):
                raw = damaged(raw, dice)
            began = process_time()
            try:
                read(raw, "it", dice.choice((None, "utf-8", "utf-16", "no such", "cp1252")))
            except SourceError:
                refused += 1
            except Exception as error:  # noqa: BLE001 - what is looked for
                trace = traceback.extract_tb(error.__traceback__)[-1]
                if (place := f"{type(error).__name__} {trace.filename}:{trace.lineno}") not in found:
                    found.add(place)
                    print(f"  seed {seed}: {place}: {error}"[:300])
            slowest = max(slowest, (process_time() - began, seed))
        faults += len(found)
        print(
            f"{name}: {seed - first:,} files, {refused:,} refused, {len(found)} faults, slowest {slowest[0]:.2f} s",
            flush=True,
        )
    return faults


if __name__ == "__main__":
    sys.exit(min(1, main(float(sys.argv[1]), sys.argv[2:] or list(READERS))))
