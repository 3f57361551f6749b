"""Ten thousand summaries into a map: how long each format takes, and how much memory.

Each summary has five takeaways and three partnerships among five hundred organisations, one partnership in five of
three parties. The time is that of the processor, of a process of its own for each format, from the file to the text.

    python tests/benchmarks/bench_graph.py [HOW MANY]
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from summarizer.schema import ArticleInfo, Evidence, Partnership, Provenance, Status, Summary, Takeaway

SUMMARIES, ORGANISATIONS = 10_000, 500
TEXT = (
    "la banque le groupe une alliance avec pour développer ensemble des batteries en Europe selon le journal "
    "qui cite deux sources proches du dossier malgré la baisse des ventes de onze pour cent au premier trimestre"
)
WORDS = TEXT.split()
REGIONS = ("Europe", "Chine", "États-Unis", "Brésil", None, None)


def main(count: int) -> None:
    """Print the figures, a format a line."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "summaries.jsonl"
        with path.open("w", encoding="utf-8") as file:  # one by one: a child's memory begins with its parent's
            file.writelines(f"{each.model_dump_json()}\n" for each in summaries(count))
        print(f"{count:,} summaries, {path.stat().st_size / 1e6:.0f} MB of JSON lines")
        print(f"{'(read)':8} {measured(READ, str(path))}: pydantic reads the same file, and forgets it")
        for format in ("table", "json", "csv", "graphml", "mermaid", "dot", "html"):
            output = Path(folder) / f"map.{format}"
            took = measured(COMMAND, "graph", str(path), "-f", format, "-o", str(output))
            print(f"{format:8} {took}, {output.stat().st_size / 1e6:.1f} MB written")


COMMAND = "from summarizer.cli import main; status = main(sys.argv[1:])"
READ = (
    "from summarizer.schema import Summary; "
    "status = sum(Summary.model_validate_json(line) is None for line in open(sys.argv[1], 'rb'))"
)
PEAK = "; import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss); sys.exit(status)"


def measured(code: str, *arguments: str) -> str:
    """Run Python, and say what it took of the processor and of memory."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    command = [sys.executable, "-c", f"import sys; {code}{PEAK}", *arguments]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    wall = time.perf_counter() - started
    return f"{seconds:5.1f} s of CPU, {wall:5.1f} s, {int(answer.stdout) / 1024:4.0f} MB of memory"


def summaries(count: int) -> Iterator[Summary]:
    """Make summaries of a realistic size; the same ones each time."""
    rng = random.Random(8)
    names = [f"{rng.choice('BCDFGLMNPRSTV')}{rng.choice(WORDS)[:6]}{number} Group" for number in range(ORGANISATIONS)]
    return (summary(rng, names, number) for number in range(count))


def summary(rng: random.Random, names: list[str], number: int) -> Summary:
    """Make one summary."""
    published = date(2021, 1, 1) + timedelta(days=rng.randrange(1800))
    return Summary(
        article=ArticleInfo(
            source=f"https://news.example/{rng.randrange(40)}/{number}",
            title=sentence(rng, 12),
            language="fr",
            published=published.isoformat(),
            characters=3600,
            sha256=sha256(str(number).encode()).hexdigest(),
        ),
        takeaways=tuple(Takeaway(text=sentence(rng, 22), evidence=proof(rng)) for _ in range(5)),
        partnerships=tuple(partnership(rng, names) for _ in range(3)),
        provenance=Provenance(model="openai/gpt-5.4-mini", created=f"{published.isoformat()}T08:00:00+00:00"),
    )


def partnership(rng: random.Random, names: list[str]) -> Partnership:
    """Make a partnership of organisations of which few are in most of the news."""
    parties: set[str] = set()
    while len(parties) < (3 if rng.random() < 0.2 else 2):
        parties.add(names[int(len(names) * rng.random() ** 2)])
    return Partnership(
        parties=tuple(parties),
        status=rng.choice(list(Status)),
        purpose=sentence(rng, 7),
        region=rng.choice(REGIONS),
        attribution=rng.choice(("Les Échos", "Reuters", None)),
        evidence=proof(rng),
    )


def proof(rng: random.Random) -> tuple[Evidence, ...]:
    """Make a quote."""
    quote = sentence(rng, 24)
    start = rng.randrange(3000)
    return (Evidence(quote=quote, start=start, end=start + len(quote), match="verbatim"),)


def sentence(rng: random.Random, words: int) -> str:
    """Make words in a row."""
    return " ".join(rng.choices(WORDS, k=words))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SUMMARIES)
