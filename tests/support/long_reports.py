"""Long reports that were never written: chapters of varied prose, with facts planted at known places.

Everything in them is invented, and the same seed always gives the same report. `Scripted` is a model that knows the
planted facts and nothing else: it answers with those whose words stand whole in the passage that it is really given.
"""

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from summarizer.chunking.splitting import spans
from summarizer.schema import Draft, DraftPartnership, DraftTakeaway, DraftUsage, Passage, Takeaway


class Fact(NamedTuple):
    """A partnership as one place of a report tells it."""

    parties: tuple[str, str]
    status: str
    sentence: str
    """What is planted, and quoted."""
    region: str | None = None
    date: str | None = None
    purpose: str | None = None


_DATA: dict[str, Any] = tomllib.loads((Path(__file__).parents[1] / "data" / "planted.toml").read_text(encoding="utf-8"))


def _fact(told: dict[str, Any]) -> Fact:
    return Fact(**{**told, "parties": tuple(told["parties"])})


FACTS = tuple(map(_fact, _DATA["facts"]))
TWICE = tuple((_fact(early), _fact(late)) for early, late in _DATA["twice"])
"""Three partnerships that two distant chapters tell of: two with another state later on, one in the same."""
TITLE, FIRST, LAST = (_DATA["en"][name] for name in ("title", "first", "last"))

_TRADES = ("building", "printing", "catering", "weaving", "haulage", "fishing", "retail")
_PLACES = ("Sweden", "Morocco", "Japan", "Brazil", "Belgium", "Turkey")
_HEADS = (
    "Bel",
    "Cor",
    "Dun",
    "Els",
    "Far",
    "Gri",
    "Hol",
    "Ing",
    "Jar",
    "Kel",
    "Lor",
    "Mad",
    "Nes",
    "Ost",
    "Pel",
    "Ras",
)
_TAILS = ("brook", "dale", "field", "gate", "ham", "mere", "mond", "rick", "sted", "ton", "vik", "wold")
_NAMES = ("Ana Lindqvist", "Paul Okoro", "Marta Iversen", "Jens Albrecht", "Rosa Tamm", "Ida Kovac", "Luc Ferrand")


@dataclass
class Report:
    """A report, and where the words of each planted fact stand in it."""

    text: str
    title: str
    language: str
    planted: dict[str, int] = field(default_factory=dict)


def filler(words: int, language: str = "en", seed: int = 7) -> list[str]:
    """Return paragraphs and headings of so many words."""
    chance = random.Random(seed)
    towns = [head + tail for head in _HEADS for tail in _TAILS[:4]]
    firms = [head + tail for head in _HEADS[::-1] for tail in _TAILS[4:]]
    blocks: list[str] = []
    count = chapter = 0
    while count < words:
        slots = {"town": chance.choice(towns), "goods": chance.choice(_DATA[language]["goods"])}
        if len(blocks) % 60 == 0 or chance.random() < 0.05:
            chapter += len(blocks) % 60 == 0
            pattern = _DATA[language]["headings"][0 if len(blocks) % 60 == 0 else chance.randint(1, 2)]
            blocks.append(pattern.format(i=chapter, trade=chance.choice(_TRADES), **slots))
            continue
        chosen = chance.sample(_DATA[language]["prose"], chance.randint(2, 6))
        blocks.append(" ".join(_sentence(pattern, language, slots["town"], firms, chance) for pattern in chosen))
        count += len(blocks[-1].split())
    return blocks


def _sentence(pattern: str, language: str, town: str, firms: Sequence[str], chance: random.Random) -> str:
    firm, other = chance.sample(firms, 2)
    return pattern.format(
        firm=firm, firm2=other, town=town, person=chance.choice(_NAMES), n=chance.randint(12, 980),
        p=chance.randint(2, 19), year=chance.randint(2012, 2024), month=chance.choice(_DATA[language]["months"]),
        trade=chance.choice(_TRADES), goods=chance.choice(_DATA[language]["goods"]), place=chance.choice(_PLACES),
    )  # fmt: skip


def report(words: int = 100_000, language: str = "en", *, window: int = 40_000, seed: int = 7) -> Report:
    """Write a report: headline facts on its first and on its 190th page of 200, and in English all partnerships.

    Every third of these stands at the very end of a passage of `window` characters.
    """
    title, first, last = (_DATA[language][name] for name in ("title", "first", "last"))
    blocks = [title, first, *filler(words, language, seed)]
    _plant(last, blocks, 190 / 200)
    facts = [*(early for early, _ in TWICE), *FACTS, *(late for _, late in TWICE)] if language == "en" else []
    inner = [fact for i, fact in enumerate(facts) if i % 3]
    for i, fact in enumerate(inner):
        _plant(fact.sentence, blocks, (i + 0.6) / len(inner))
    text = "\n\n".join(blocks)
    for i, fact in enumerate(facts[::3]):
        text = _at_border(text, fact.sentence, window, 1 + i * max(1, len(text) // window) // len(facts[::3]))
    whole = [first, last, *(fact.sentence for fact in facts)]
    return Report(text, title, language, {sentence: text.index(sentence) for sentence in whole})


def _plant(sentence: str, blocks: list[str], share: float) -> None:
    """Put a sentence behind the first one of a paragraph, so far into the report."""
    at = next(i for i in range(round(len(blocks) * share), 0, -1) if blocks[i].endswith(".") and ". " in blocks[i])
    blocks[at] = blocks[at].replace(". ", f". {sentence} ", 1)


def _at_border(text: str, sentence: str, window: int, number: int) -> str:
    """Plant a sentence at the end of a passage, the last words before a cut."""
    head = text[: (number + 1) * window]  # no cut depends on what comes later
    end = spans(head, window)[number - 1].end
    while not _is_last(f"{head[:end]} {sentence}{head[end:]}", end + 1 + len(sentence), window):
        end = head.rfind("\n\n", 0, end)
    return f"{text[:end]} {sentence}{text[end:]}"


def _is_last(text: str, end: int, window: int) -> bool:
    return any(span.end == end for span in spans(text, window)[:-1])


class Scripted:
    """A model that finds in a passage what is planted there, and reads nothing else."""

    model = "scripted/toy"
    identity = "scripted"
    prompt = None

    def __init__(self, window: int = 40_000) -> None:
        self.window = window
        self.seen: list[tuple[int, int]] = []

    async def draft(self, passage: Passage) -> Draft:
        """Answer from the words of the passage."""
        self.seen.append((passage.start, passage.end))
        return Draft.model_validate(answer(passage.text)).model_copy(update={"usage": DraftUsage(calls=1)})

    async def choose(self, candidates: Sequence[Takeaway], count: int, title: str | None, language: str) -> Draft:
        """Choose the candidates that speak of the title's subject."""
        chosen = [one for one in candidates if "Calder Basin" in one.text][:count]
        drafted = (DraftTakeaway(text=one.text, quotes=(one.evidence[0].quote,)) for one in chosen)
        return Draft(takeaways=tuple(drafted), usage=DraftUsage(calls=1))

    async def aclose(self) -> None:
        """Nothing is held."""


def answer(words: str) -> dict[str, Any]:
    """Return a passage's draft as a model's JSON: the planted facts in it, and its first figures."""
    facts = [*FACTS, *(fact for pair in TWICE for fact in pair)]
    headlines = [sentence for sentence in (FIRST, LAST) if sentence in words]
    others = [match[0] for match in re.finditer(r"(?<=[.] )[A-Z][^.\n]* \d+%[^.\n]*\.(?= )", words)][:4]
    return {
        "takeaways": [{"text": text, "quotes": [text]} for text in (*headlines, *others)],
        "partnerships": [_drafted(fact).model_dump(mode="json") for fact in facts if fact.sentence in words],
    }


def _drafted(fact: Fact) -> DraftPartnership:
    return DraftPartnership.model_validate({**fact._asdict(), "quotes": (fact.sentence,)} | {"attribution": None})


def expected() -> Iterator[tuple[frozenset[str], str]]:
    """Yield the parties and the state of each partnership of an English report, once each."""
    yield from ((frozenset(fact.parties), fact.status) for fact in FACTS)
    yield from ((frozenset(early.parties), late.status) for early, late in TWICE)
