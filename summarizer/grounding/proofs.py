"""What a claim owes to its evidence: every number, date and name, the negation, the direction, the subject.

Each proof takes the claim's words and the evidence and returns the reasons why the one is not borne out by the other;
an empty list is a proof. Only the evidence counts, never the rest of the article: a number borrowed from elsewhere is
the commonest lie.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from itertools import pairwise

from ..schema import Reason
from ..text.folding import fold, fold_characters
from ..text.language import identify
from ..text.lexicon import Lexicon, languages, lexicon
from ..text.numbers import Number, numbers
from ..text.status import find_word, has_unspaced
from .names import Name, aliases_of, core, is_ordinary, names_in
from .quotes import Found
from .reading import Reading

COVERED = 0.34
"""Share of a claim's content words that its evidence must have for the two to speak of the same thing."""
ALIKE = 0.5
"""Share of the words of a clause that must stand on the other side for its negation to be compared."""
SAME = 0.75
"""Share of the words of two clauses that makes one a copy of the other, so that even their negations are counted."""
TOGETHER = 25
"""Characters within which two words of negation are one: "n'a toujours pas"."""
STEM = 5
"""Letters that two inflections of a word share, in the languages of the tables."""


@dataclass(frozen=True)
class Grounds:
    """The evidence of one claim: the article's words that were quoted, and the sentences in which they stand."""

    reading: Reading
    found: tuple[Found, ...]
    context: tuple[int, ...] = field(default=())
    """Indices of the sentences that were added because they name what the quotes leave to the context."""
    organisations: frozenset[str] = frozenset()
    """The folded names of all organisations that the draft speaks of."""

    @property
    def quoted(self) -> str:
        """The quoted pieces, as the article has them."""
        pieces = [self.reading.text[piece.start : piece.end] for one in self.found for piece in one.pieces]
        return unicodedata.normalize("NFC", "\n".join(pieces))

    @property
    def words(self) -> str:
        """The quoted pieces and the added sentences: these bring a name, and nothing else."""
        added = [self.reading.text[slice(*self.reading.sentences[i])] for i in self.context]
        return unicodedata.normalize("NFC", "\n".join([self.quoted, *added]))

    @property
    def sentences(self) -> list[int]:
        """Indices of the sentences that the quotes touch, in the article's order, without the added ones."""
        touched = {i for one in self.found for piece in one.pieces for i in self.reading.sentences_of(*piece)}
        return sorted(touched)


def unproven(claim: str, grounds: Grounds) -> list[Reason]:
    """Return why the words of a claim are not borne out by its evidence."""
    reading = grounds.reading
    claim = unicodedata.normalize("NFC", claim)
    evidence = fold(grounds.words)
    language = wrong_language(claim, reading)
    return [
        *language,
        *unproven_numbers(claim, grounds.quoted, reading),
        *unproven_dates(claim, grounds.quoted, reading),
        *([] if language else unproven_names(claim, evidence, reading)),
        *([] if language else polarity(claim, grounds)),
        *([] if language else weak(claim, grounds)),
    ]


def instructed(grounds: Grounds) -> list[Reason]:
    """Return a reason where a quote stands in an instruction to a machine, in the article's language or in English."""
    tables = [table for table in (grounds.reading.lexicon, lexicon("en")) if table is not None]
    for i in grounds.sentences:
        sentence = grounds.reading.folded_sentence(i)
        if any(table.pattern("takeaways.instructions").search(sentence) for table in tables):
            return [Reason(code="weak_evidence", message="the quoted words are an instruction to a machine, not news")]
    return []


# --- numbers and dates -----------------------------------------------------------------------------------------


def unproven_numbers(claim: str, words: str, reading: Reading) -> list[Reason]:
    """Return a reason for each number of the claim that the evidence does not have, with its unit and currency."""
    said = numbers(claim, reading.output_lexicon)
    if not said:
        return []
    proven = numbers(words, reading.lexicon)
    otherwise = (
        {n.start: n for n in numbers(claim, reading.lexicon)} if reading.lexicon is not reading.output_lexicon else {}
    )
    reasons = []
    for number in said:
        readings = [number, *([otherwise[number.start]] if number.start in otherwise else [])]
        if any(_same_number(one, other, reading) for one in readings for other in proven) or _counts(claim, number):
            continue
        value = claim[number.start : number.end]
        code = "date_not_in_evidence" if _is_year(claim, number) else "number_not_in_evidence"
        reasons.append(Reason(code=code, message=f"{value!r} is not in the quoted words", value=value))
    return reasons


def _same_number(said: Number, proven: Number, reading: Reading) -> bool:
    if said.value != proven.value or {said.following, proven.following} in _OTHER_DATES:
        return False
    if said.unit == proven.unit:
        return True
    if said.unit or not proven.unit:
        return False
    lexicon = reading.output_lexicon
    return not said.following or lexicon is None or said.following in lexicon.words("words.function")


_OTHER_DATES = ({"年", "月"}, {"年", "日"}, {"月", "日"})
_DEFINITE = re.compile(
    r"(?:^|\W)(?:les|ces|leurs|nos|the|these|both|all|die|beiden?|alle|diese|los|las|estas|estos|i|gli|le|queste|questi|os|as|esses|essas|de|deze|tous|toutes)\s$"
)


def _counts(claim: str, number: Number) -> bool:
    """Tell whether the number only counts what the claim names: "les deux groupes", "the three companies"."""
    spelled = not any(c.isdigit() for c in claim[number.start : number.end])
    return (
        spelled
        and number.value <= 3
        and not number.unit
        and _DEFINITE.search(claim[: number.start].lower()) is not None
    )


def _is_year(claim: str, number: Number) -> bool:
    digits = claim[number.start : number.end]
    return digits.isdigit() and len(digits) == 4 and Decimal(1800) <= number.value <= Decimal(2100)


def unproven_dates(claim: str, words: str, reading: Reading) -> list[Reason]:
    """Return a reason for each month and weekday of the claim that the evidence does not have."""
    proven = {date for date, _, _ in _dates(words, reading.lexicon)}
    reasons = []
    for date, start, end in _dates(claim, reading.output_lexicon):
        if date not in proven:
            value = claim[start:end]
            reasons.append(
                Reason(code="date_not_in_evidence", message=f"{value!r} is not in the quoted words", value=value)
            )
    return reasons


def _dates(text: str, tables: Lexicon | None) -> Iterator[tuple[str, int, int]]:
    if tables is None or not tables.months:
        return
    for match in _calendar(tables).finditer(fold_characters(text)):
        word = match[0]
        if tables.tag.startswith(("en", "de")) and text[match.start()].islower():
            continue  # "may", "march": a month has a capital there
        if match["abbreviation"] and not re.search(r"\d", text[max(0, match.start() - 4) : match.end() + 4]):
            continue
        month = tables.months.get(word)
        yield (f"month {month}" if month else f"weekday {_weekday(word, tables)}", match.start(), match.end())


@cache
def _calendar(tables: Lexicon) -> re.Pattern[str]:
    months = [entry.split("|") for entry in tables.get("dates.months") or ()]
    full = [fold(names[0]) for names in months]
    short = [fold(name) for names in months for name in names[1:]]
    weekdays = [f"(?:{fold(day)})" for day in tables.get("dates.weekdays") or ()]
    return re.compile(
        rf"(?<!\w)(?:(?:{'|'.join([*full, *weekdays])})|(?P<abbreviation>{'|'.join(short) or '(?!)'}))(?!\w)"
    )


def _weekday(word: str, tables: Lexicon) -> int:
    return next(i for i, day in enumerate(tables.get("dates.weekdays")) if re.fullmatch(fold(day), word))


# --- names -----------------------------------------------------------------------------------------------------


def unproven_names(claim: str, evidence: str, reading: Reading) -> list[Reason]:
    """Return a reason for each name of the claim that the folded evidence does not have."""
    return [
        Reason(code="name_not_in_evidence", message=f"{value!r} is not named in the quoted words", value=value)
        for name in claimed_names(claim, reading)
        if not named(name, evidence, reading)
        for value in [claim[name.start : name.end]]
    ]


def claimed_names(claim: str, reading: Reading) -> list[Name]:
    """Return the names in the words of a claim; "Md€" is part of a number."""
    if claim not in reading.claimed:
        spans = [(number.start, number.end) for number in numbers(claim, reading.output_lexicon)]
        found = names_in(claim, reading.output_lexicon, reading.vocabulary)
        reading.claimed[claim] = [name for name in found if not any(a <= name.start < b for a, b in spans)]
    return reading.claimed[claim]


def named(name: Name, evidence: str, reading: Reading) -> bool:
    """Tell whether the folded evidence has a name, in a form that the article introduces, or in its inflection."""
    if _stands(name.folded, evidence) or _stands(core(name.folded), evidence):
        return True
    parts = [part for part in re.findall(r"[\w&]+", name.folded) if not is_ordinary(part, reading.output_lexicon)]
    if len(parts) > 1 and all(_stands(part, evidence) for part in parts):
        return True
    if any(_stands(form, evidence) for form in _known_forms(name.folded, reading)):
        return True
    if reading.output_language != reading.article.language:
        return _same_place(name.folded, evidence, reading)
    return False


def _stands(word: str, evidence: str) -> bool:
    if find_word(evidence, word) >= 0:
        return True
    return len(word) > 3 and word.endswith("s") and find_word(evidence, word[:-1].rstrip("'")) >= 0


def _known_forms(folded: str, reading: Reading) -> tuple[str, ...]:
    """Return the other forms of a name that the article itself has whole: "Cook" for "Tim Cook", "BCE" for the bank."""
    if find_word(reading.folded.text, folded) < 0:
        return ()
    last = folded.rpartition(" ")[2]
    return (
        *aliases_of(folded, reading.text, reading.name_counts),
        *((last,) if " " in folded and len(last) > 3 else ()),
    )


def _same_place(folded: str, evidence: str, reading: Reading) -> bool:
    code = _territories(reading.output_language).get(folded)
    return code is not None and any(
        _stands(name, evidence) for name, other in _territories(reading.article.language).items() if other == code
    )


@cache
def _territories(language: str) -> dict[str, str]:
    """Folded names of countries in a language → their codes, as CLDR has them."""
    from babel import Locale, UnknownLocaleError

    try:
        territories = Locale.parse(language.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {fold(name): code for code, name in territories.items() if len(code) == 2}


# --- polarity --------------------------------------------------------------------------------------------------


def polarity(claim: str, grounds: Grounds) -> list[Reason]:
    """Return a reason where claim and evidence say the contrary: one is negated, or one rises where the other falls."""
    reading = grounds.reading
    if has_unspaced(claim):
        return _unspaced_polarity(claim, grounds)
    if reading.lexicon is None or reading.output_lexicon is None:
        return []
    said = fold(claim)
    told = "\n".join(reading.folded_sentence(i) for i in grounds.sentences)
    if reading.lexicon is reading.output_lexicon and _negation_differs(said, told, reading.lexicon):
        return [Reason(code="polarity_conflict", message="one of claim and quote is negated, the other is not")]
    quoted = fold(grounds.quoted)
    if turned := _turned_number(claim, grounds):
        return [
            Reason(code="polarity_conflict", message=f"{turned!r} goes the other way in the quoted words", value=turned)
        ]
    directions = _direction(said, reading.output_lexicon), _direction(quoted, reading.lexicon)
    if set(directions) == {"up", "down"}:
        return [
            Reason(
                code="polarity_conflict", message=f"the claim goes {directions[0]}, the quoted words go {directions[1]}"
            )
        ]
    return []


_NEGATIONS_UNSPACED = re.compile(r"ない|なかっ|せず|ません|否定|不|没有|未|否认|無|无")


def _unspaced_polarity(claim: str, grounds: Grounds) -> list[Reason]:
    told = "".join(grounds.reading.folded_sentence(i) for i in grounds.sentences)
    said = fold(claim)
    if not has_unspaced(said) or not has_unspaced(told):
        return []
    if bool(_NEGATIONS_UNSPACED.search(said)) == bool(_NEGATIONS_UNSPACED.search(told)):
        return []
    clauses = [c for c in re.split(r"[、，。,;]", told) if _NEGATIONS_UNSPACED.search(c)] or [told]
    if any(_covered(stems(clause, None), stems(said, None)) >= ALIKE for clause in clauses):
        return [Reason(code="polarity_conflict", message="one of claim and quote is negated, the other is not")]
    return []


_CLAUSE_SIGNS = re.compile(r"[;:\n]|,(?!\d)|\s-\s|[.!?]\s")


def _negation_differs(said: str, told: str, tables: Lexicon) -> bool:
    said_clauses, told_clauses = _clauses(said, tables), _clauses(told, tables)
    return _only_one_negated(told_clauses, said_clauses, tables) or _only_one_negated(
        said_clauses, told_clauses, tables
    )


def _only_one_negated(left: list[str], right: list[str], tables: Lexicon) -> bool:
    """Tell whether a negated clause on the left stands on the right without its negation, or with half of it."""
    everything = frozenset[str]().union(*(stems(clause, tables) for clause in right))
    for clause in left:
        own = stems(clause, tables)
        negations = count_negations(clause, tables)
        if not own or not negations or _covered(own, everything) < ALIKE:
            continue
        shared = [(len(own & stems(other, tables)), other) for other in right]
        most = max(count for count, _ in shared)
        counterparts = [other for count, other in shared if count >= max(1, most - 1)]
        if not any(count_negations(other, tables) for other in counterparts):
            return True
        closest = max(shared, key=lambda pair: pair[0])[1]
        if _alike(own, stems(closest, tables)) and (negations + count_negations(closest, tables)) % 2:
            return True
    return False


def _alike(left: frozenset[str], right: frozenset[str]) -> bool:
    return len(left & right) >= SAME * len(left | right)


@lru_cache(maxsize=512)
def count_negations(folded: str, tables: Lexicon) -> int:
    """Count the negations of a clause; "ne … pas" is one, and so is a verb of denying, refusing or failing."""
    cues = [m.start() for m in tables.pattern("negation.cues").finditer(folded)]
    apart = [at for before, at in zip([-99, *cues], cues, strict=False) if at - before > TOGETHER]
    return len(apart) + sum(1 for _ in tables.pattern("negation.verbs").finditer(folded))


def _clauses(folded: str, tables: Lexicon) -> list[str]:
    cuts = [0, *(m.start() for m in _CLAUSE_SIGNS.finditer(folded))]
    cuts += [m.start() for m in tables.pattern("clauses.breaks").finditer(folded)]
    edges = [*sorted(set(cuts)), len(folded)]
    return [piece for a, b in pairwise(edges) if (piece := folded[a:b]).strip(" ,;:.")]


def is_negated(folded: str, tables: Lexicon) -> bool:
    """Tell whether a folded clause has a negation or a verb of denying, refusing or failing."""
    return bool(tables.pattern("negation.cues").search(folded) or tables.pattern("negation.verbs").search(folded))


def _turned_number(claim: str, grounds: Grounds) -> str | None:
    """Return a number of the claim that rises where the same number of the evidence falls, or the other way."""
    reading = grounds.reading
    if reading.lexicon is None or reading.output_lexicon is None:
        return None
    quoted = grounds.quoted
    proven = numbers(quoted, reading.lexicon)
    said, told = fold_characters(claim), fold_characters(quoted)
    for number in numbers(claim, reading.output_lexicon):
        here = _way(said, number, reading.output_lexicon)
        others = [other for other in proven if _same_number(number, other, reading)]
        ways = {_way(told, other, reading.lexicon) for other in others if _copies(said, number, told, other, reading)}
        if here and ways and ways <= {"up", "down"} - {here}:
            return claim[number.start : number.end]
    return None


def _copies(said: str, number: Number, told: str, other: Number, reading: Reading) -> bool:
    """Tell whether the clauses around a number are the same words but for a few."""
    if reading.lexicon is None or reading.lexicon is not reading.output_lexicon:
        return True
    left = stems(said[slice(*_clause_around(said, number, reading.lexicon))], reading.lexicon)
    right = stems(told[slice(*_clause_around(told, other, reading.lexicon))], reading.lexicon)
    return bool(left) and len(left & right) >= ALIKE * min(len(left), len(right))


def _way(folded: str, number: Number, tables: Lexicon) -> str:
    """Return the direction that the words nearest to a number give it: `up`, `down`, or empty."""
    nearest: tuple[int, str] | None = None
    start, end = _clause_around(folded, number, tables)
    for way, reach in (("up", 80), ("down", 80), ("more", 16), ("less", 16)):
        for word in tables.pattern(f"direction.{way}").finditer(folded, start, end):
            gap = max(number.start - word.end(), word.start() - number.end)
            if gap <= reach and (nearest is None or gap < nearest[0]):
                nearest = (gap, {"more": "up", "less": "down"}.get(way, way))
    return nearest[1] if nearest else ""


def _clause_around(folded: str, number: Number, tables: Lexicon) -> tuple[int, int]:
    borders = _borders(folded, tables)
    start = max((b for b in borders if b <= number.start), default=0)
    return start, min((b for b in borders if b >= number.end), default=len(folded))


@lru_cache(maxsize=128)  # asked for each number of a claim
def _borders(folded: str, tables: Lexicon) -> tuple[int, ...]:
    breaks, links = tables.pattern("clauses.breaks"), tables.pattern("clauses.links")
    return tuple(m.start() for signs in (_CLAUSE_SIGNS, breaks, links) for m in signs.finditer(folded))


def _direction(folded: str, tables: Lexicon) -> str:
    up, down = tables.pattern("direction.up").search(folded), tables.pattern("direction.down").search(folded)
    return "" if bool(up) == bool(down) else "up" if up else "down"


# --- the same subject ------------------------------------------------------------------------------------------


def weak(claim: str, grounds: Grounds) -> list[Reason]:
    """Return a reason where the evidence hardly shares a content word with its claim."""
    reading = grounds.reading
    if reading.output_language.partition("-")[0] != reading.article.language.partition("-")[0]:
        return []  # the words of two languages cannot be compared; names and numbers were
    wanted = stems(fold(claim), reading.lexicon)
    has = stems(fold(grounds.quoted), reading.lexicon)
    if not wanted or _covered(wanted, has) >= COVERED:
        return []
    return [Reason(code="weak_evidence", message="the quoted words hardly speak of what the claim says")]


@lru_cache(maxsize=512)  # a clause is compared with every other
def stems(folded: str, tables: Lexicon | None) -> frozenset[str]:
    """Return the content words of a folded text, cut to what their inflections share; without spaces, pairs."""
    function = tables.words("words.function") if tables else frozenset[str]()
    found: set[str] = set()
    for word in re.findall(r"\w+", folded):
        if has_unspaced(word):
            found |= {word[i : i + 2] for i in range(len(word) - 1)} or {word}
        elif len(word) > 2 and word not in function:
            found.add(word[:STEM])
    return frozenset(found)


def _covered(wanted: frozenset[str], has: frozenset[str]) -> float:
    return len(wanted & has) / len(wanted) if wanted else 0.0


def coverage(claim: str, evidence: str, tables: Lexicon | None) -> float:
    """Return the share of a claim's content words that stand in the evidence, 0 to 1."""
    return _covered(stems(fold(claim), tables), stems(fold(evidence), tables))


# --- language --------------------------------------------------------------------------------------------------


def wrong_language(claim: str, reading: Reading) -> list[Reason]:
    """Return a reason where a claim is in another language than the one that was asked for.

    Function words tell the languages of the tables apart at no cost; only what they leave open is identified.
    """
    expected = reading.output_language.partition("-")[0]
    actual = expected if expected == "und" else _other_language(claim, expected, reading)
    if actual in (expected, "und"):
        return []
    return [
        Reason(code="wrong_language", message=f"the claim is in {actual!r}, {expected!r} was asked for", value=actual)
    ]


def _other_language(claim: str, expected: str, reading: Reading) -> str:
    """Return the language of a claim, `expected` where nothing speaks against it."""
    words = re.findall(r"[^\W\d_]+", _without_names(claim, reading).lower())
    unspaced = has_unspaced(claim)
    if reading.output_lexicon is None or expected in UNSPACED:
        return _latin_language(words) if expected not in LATIN else expected
    if unspaced:
        return identify(claim)
    folded = [fold(word) for word in words]
    scores = {tag: sum(map(other.words("words.function").__contains__, folded)) for tag, other in _tables()}
    own = scores.pop(expected, 0)
    best = max(scores, key=lambda tag: scores[tag])
    if scores[best] >= own + 2 and scores[best] >= 2 * own:
        return best
    if scores[best] > own or (len(words) >= 4 and own == scores[best] and own < len(words) / 4):
        return identify(" ".join(words))
    return expected


UNSPACED = ("ja", "zh", "th", "lo", "km", "my")
LATIN = (
    "cs",
    "da",
    "fi",
    "hu",
    "nb",
    "no",
    "pl",
    "ro",
    "sv",
    "tr",
    "vi",
    "id",
    "hr",
    "sk",
    "ca",
    "et",
    "lt",
    "lv",
    "sl",
)


def _latin_language(words: list[str]) -> str:
    """Return the language of the Latin words in a claim that should have none, `und` where they are names."""
    latin = [fold(word) for word in words if word.isascii()]
    scores = {tag: sum(word in tables.words("words.function") for word in latin) for tag, tables in _tables()}
    best = max(scores, key=lambda tag: scores[tag])
    return best if scores[best] >= 2 else "und"


def _without_names(claim: str, reading: Reading) -> str:
    for name in reversed(claimed_names(claim, reading)):
        claim = claim[: name.start] + " " + claim[name.end :]
    return claim


@cache
def _tables() -> tuple[tuple[str, Lexicon], ...]:
    """The languages that are told apart by their function words."""
    found = ((tag, lexicon(tag)) for tag in languages())
    return tuple((tag, tables) for tag, tables in found if tables is not None and tables.words("words.function"))
