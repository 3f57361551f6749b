"""Words before and between names: what stands behind a preposition, and what stands in one list."""

import re
from functools import cache

from .lexicon import Lexicon, across


def is_oblique(folded: str, at: int, tables: Lexicon | None) -> bool:
    """Tell whether a name follows a preposition, a few words between: "avec le laboratoire sud-coréen Kelmade"."""
    if tables is None:
        return at > 3
    return any(stands_behind(folded, at, tables, table) for table in ("statements.with", "clauses.prepositions"))


def stands_behind(folded: str, at: int, tables: Lexicon, table: str, *, nearest: bool = False) -> bool:
    """Tell whether a name follows a word of a table within four words; `nearest`: with no other preposition between."""
    before = folded[max(0, at - 48) : at]
    cues = list(tables.pattern(table).finditer(before))
    if not cues:
        return False
    between = before[cues[-1].end() :]
    if nearest and tables.pattern("clauses.prepositions").search(between):
        return False
    if tables.pattern("clauses.breaks").search(between):
        return False
    if table == "clauses.prepositions":  # "in maart nam Tandrad": what stands further is a subject
        words = [word for word in between.split() if word not in tables.words("words.function")]
        return len(words) <= 1 and not _SIGN.search(between)
    return len(_lists()[2].sub("", between).split()) <= 4 and not _END.search(between)


_SIGN, _END = re.compile(r"[,.;:()]"), re.compile(r"[.;:()]")


def in_one_list(folded: str, left: int, right: int) -> bool:
    """Tell whether two names stand side by side: "with Deepseek and Bytedance", a few words between."""
    between = folded[left:right]
    joining, listed, _ = _lists()
    return len(between) < 80 and joining.search(between) is not None and listed.match(between) is not None


@cache
def _lists() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of what joins a list, which is looked for first, of a list, and of its conjunctions."""
    words = [*across("grammar.and"), *across("grammar.or")]
    spaced = "|".join(word for word in words if word.isascii())
    joining = "|".join([r",\s?", "、", rf"\s(?:{spaced}|&)\s", *(word for word in words if not word.isascii())])
    item = r"[\w&.'’-]+(?:\s[\w&.'’-]+){0,3}?"
    return (
        re.compile(joining),
        re.compile(rf"^{item}(?:(?:{joining})(?:[\w'-]+\s?){{0,4}}?)+$"),
        re.compile(rf"(?:,|\b(?:{'|'.join(across('grammar.and'))})\b)\s*"),
    )
