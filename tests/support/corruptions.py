"""Labelled answers made from the gold of every fixture: false ones of known kinds, and true ones written otherwise.

Each kind is one function that yields cases from a fixture; the two tables at the end name them all. What is random
is drawn from a generator seeded with kind and slug, so a case comes back the same in every run. Nothing of the code
under test is used to make a case: numbers, sentences and negations are found here by simpler means.
"""

import itertools
import json
import random
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from summarizer.grounding import ground
from summarizer.loading import load
from summarizer.schema import Article, Draft, Summary

FIXTURES = Path(__file__).parents[2] / "fixtures"
TABLES: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
"""The words that the kinds need, by language."""

SAMPLE = 3
"""Cases of one kind from one fixture that the tests run; the benchmark runs all."""

Claim = dict[str, Any]
Span = tuple[int, int]


@dataclass(frozen=True)
class Fixture:
    """One article with its gold."""

    slug: str
    held: bool
    article: Article
    takeaways: tuple[Claim, ...]
    partnerships: tuple[Claim, ...]
    draft: Claim
    fallen: tuple[Claim, ...]
    """What of the draft must fall, as `expected.json` says."""

    @property
    def language(self) -> str:
        return self.article.language.partition("-")[0]

    @property
    def claims(self) -> Iterator[tuple[str, Claim]]:
        yield from (("takeaways", claim) for claim in self.takeaways)
        yield from (("partnerships", claim) for claim in self.partnerships)


class Case(NamedTuple):
    """An answer, and what must become of it."""

    fixture: Fixture
    draft: Draft
    keeps: int
    """How many of its claims are kept: none of a false answer, one of a duplicate."""
    spans: tuple[Span, ...] = ()
    """Where the quotes of a true answer stand."""
    field: str | None = None
    """The field that must be null in a kept claim."""

    @property
    def is_true(self) -> bool:
        return bool(self.spans) and self.field is None


@cache
def fixtures() -> tuple[Fixture, ...]:
    """Read every fixture, the held-out ones too."""
    return tuple(_fixture(folder) for folder in sorted(FIXTURES.iterdir()) if folder.is_dir())


def _fixture(folder: Path) -> Fixture:
    gold = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return Fixture(
        slug=folder.name,
        held=gold["held_out"],
        article=load(next(folder.glob("article.*"))),
        takeaways=tuple(_as_claim(claim) for claim in gold["takeaways"]),
        partnerships=tuple(_as_claim(claim) for claim in gold["partnerships"]),
        draft=json.loads((folder / "draft.json").read_text(encoding="utf-8")),
        fallen=tuple(gold["rejected"]),
    )


def _as_claim(gold: Claim) -> Claim:
    """Turn a claim of the gold into one of a draft, with the spans of its quotes beside it."""
    claim = {key: value for key, value in gold.items() if key != "evidence"}
    claim["quotes"] = [one["quote"] for one in gold["evidence"]]
    claim["spans"] = [(one["start"], one["end"]) for one in gold["evidence"]]
    return claim


# --- the verdict -----------------------------------------------------------------------------------------------


def goes_wrong(case: Case, summary: Summary) -> str | None:
    """Say what is wrong with a summary of the case's answer, None where all is well."""
    kept = [*summary.takeaways, *summary.partnerships]
    if len(kept) > case.keeps or (len(kept) < case.keeps and case.is_true):
        reasons = [reason.code for one in summary.rejected for reason in one.reasons]
        return f"kept {len(kept)} instead of {case.keeps}: {', '.join(reasons) or 'no reason'}"
    if not kept:
        return None  # what was false in it is not shown; that a true claim was lost is told by the true kinds
    if case.field and getattr(kept[0], case.field) is not None:
        return f"{case.field} kept: {getattr(kept[0], case.field)!r}"
    if case.field and not any(one.kind == "field" and one.claim["field"] == case.field for one in summary.rejected):
        return f"{case.field} is null, and no word of it in the ledger"
    found = {(one.start, one.end) for claim in kept for one in claim.evidence}
    if lost := [span for span in case.spans if span not in found]:
        return f"not at {lost} but at {sorted(found)}"
    text = case.fixture.article.text
    if any(text[one.start : one.end] != one.quote for claim in kept for one in claim.evidence):
        return "a quote is not the article's own words"
    return None


def cases(kind: str, fixture: Fixture, most: int | None = None) -> list[Case]:
    """Return the cases of one kind from one fixture, each once; `most` of them, drawn with the same seed."""
    draw = random.Random(f"{kind} {fixture.slug}")
    made = list({(case.draft.model_dump_json(), case.field): case for case in KINDS[kind](fixture, draw)}.values())
    return made if most is None or len(made) <= most else draw.sample(made, most)


def count_wrong(kind: str, *, held: bool) -> tuple[int, int]:
    """Return how many of the sampled cases go wrong, of how many: of a held-out fixture nothing else may be shown."""
    asked = [case for fixture in fixtures() if fixture.held == held for case in cases(kind, fixture, SAMPLE)]
    return sum(goes_wrong(case, ground(case.draft, case.fixture.article)) is not None for case in asked), len(asked)


def _case(fixture: Fixture, where: str, *claims: Claim, **facts: Any) -> Case:
    bare = [{key: value for key, value in claim.items() if key != "spans"} for claim in claims]
    facts.setdefault("keeps", 0)
    return Case(fixture, Draft.model_validate({where: bare}), **facts)


def _with(claim: Claim, **changes: Any) -> Claim:
    return {**claim, **changes}


# --- false: who ------------------------------------------------------------------------------------------------

_INVENTED = ("Novaplex", "Quintarra Systems", "Helvorra", "Brightmoor Labs", "北斗ネクスト", "Orvandel")


def invented_partner(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Put a company that does not exist in the place of a party, also in the quote."""
    for claim in fixture.partnerships:
        for i, party in enumerate(claim["parties"]):
            name = draw.choice(_INVENTED)
            parties = [*claim["parties"][:i], name, *claim["parties"][i + 1 :]]
            yield _case(fixture, "partnerships", _with(claim, parties=parties))
            quotes = [quote.replace(party, name) for quote in claim["quotes"]]
            yield _case(fixture, "partnerships", _with(claim, parties=parties, quotes=quotes))
        yield _case(fixture, "partnerships", _with(claim, parties=[*claim["parties"], draw.choice(_INVENTED)]))


def other_organisation(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Put another organisation of the article in the place of a party, or beside the parties."""
    everybody = _organisations(fixture)
    for claim in fixture.partnerships:
        others = [name for name in everybody if not any(_one(name, party) for party in claim["parties"])]
        for name in others:
            for i in range(len(claim["parties"])):
                parties = [*claim["parties"][:i], name, *claim["parties"][i + 1 :]]
                if not _is_true(fixture, parties, claim["status"]):
                    yield _case(fixture, "partnerships", _with(claim, parties=parties))
            if not any(_is_true(fixture, [name, party], claim["status"]) for party in claim["parties"]):
                yield _case(fixture, "partnerships", _with(claim, parties=[*claim["parties"], name]))


def other_name(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Say of another organisation of the article, or of an invented one, what a takeaway says of one."""
    everybody = _organisations(fixture)
    for claim in fixture.takeaways:
        quoted = _letters(" ".join(claim["quotes"]))
        strangers = [name for name in everybody if not set(_letters(name).split()) & set(quoted.split())]
        strangers = [name for name in strangers if _letters(name) not in quoted]
        for name in (one for one in everybody if one in claim["text"]):
            apart = [other for other in strangers if not _one(name, other)]
            for other in [*draw.sample(apart, min(3, len(apart))), draw.choice(_INVENTED)]:
                yield _case(fixture, "takeaways", _with(claim, text=claim["text"].replace(name, other)))


def exchanged_names(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Exchange two organisations of a takeaway that do nothing together: who buys, sues or overtakes whom."""
    everybody = _organisations(fixture)
    for claim in fixture.takeaways:
        named = [name for name in everybody if name in claim["text"]]
        for first, second in itertools.combinations(named, 2):
            beside = re.search(rf"{re.escape(first)}\W+\w{{1,4}}\W+{re.escape(second)}", claim["text"])
            if beside or _one(first, second) or _is_true(fixture, (first, second), None):
                continue  # two that stand side by side may stand the other way round
            turned = "\0".join(part.replace(second, first) for part in claim["text"].split(first)).replace("\0", second)
            yield _case(fixture, "takeaways", _with(claim, text=turned))


def self_partnership(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Make a company the partner of itself, under its legal name, in capitals, or as the third party."""
    suffix = {"fr": " SA", "de": " AG", "it": " S.p.A.", "nl": " N.V.", "pt": " S.A.", "es": " S.A.", "ja": "株式会社"}
    for claim in fixture.partnerships:
        first, second = claim["parties"][:2]
        for name in (first + suffix.get(fixture.language, " Inc."), first.upper(), f"{first} Group"):
            if name != first:
                yield _case(fixture, "partnerships", _with(claim, parties=[first, name]))
        yield _case(
            fixture,
            "partnerships",
            _with(claim, parties=[first, second, second + suffix.get(fixture.language, " Inc.")]),
        )


def trap(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Make a partner of a rival, a supplier, a target, a lender, a customer, with the article's own words about it."""
    said = [fixture.draft["partnerships"][one["claim_index"]] for one in fixture.fallen if one["kind"] == "partnership"]
    told = [{"parties": parties, "quotes": [quote]} for *parties, quote in TABLES["traps"].get(fixture.slug, ())]
    for claim in [*said, *told]:
        if _is_true(fixture, claim["parties"], None) or not all(
            any(_letters(party) in _letters(text) for text in (fixture.article.text,)) for party in claim["parties"]
        ):
            continue
        for status in ("established", "in_talks", "considered", "ended"):
            bare = {"parties": claim["parties"], "status": status, "quotes": claim["quotes"]}
            yield _case(fixture, "partnerships", bare)


def _organisations(fixture: Fixture) -> list[str]:
    """Every organisation that the gold, the draft's false claims or the list of traps names, and the article has."""
    named = [party for claim in fixture.partnerships for party in claim["parties"]]
    named += [party for claim in fixture.draft["partnerships"] for party in claim["parties"]]
    named += [party for *parties, _ in TABLES["traps"].get(fixture.slug, ()) for party in parties]
    return [name for name in dict.fromkeys(named) if name in fixture.article.text]


def _one(left: str, right: str) -> bool:
    """Tell whether two names are one organisation's: "Tarumã" and "Tarumã Motores"."""
    a, b = _letters(left), _letters(right)
    return a in b or b in a


def _is_true(fixture: Fixture, parties: Sequence[str], status: str | None) -> bool:
    """Tell whether the gold has a partnership between these parties, in this state where one is given."""
    return any(
        all(any(_one(party, other) for other in claim["parties"]) for party in parties)
        and status in (None, claim["status"])
        for claim in fixture.partnerships
    )


# --- false: in which state, where, when, says who ---------------------------------------------------------------

_STATUSES = ("established", "in_talks", "considered", "abandoned", "ended", "denied")


def swapped_status(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Give a partnership each of the five states that it is not in."""
    for claim in fixture.partnerships:
        for status in _STATUSES:
            if status != claim["status"]:
                yield _case(fixture, "partnerships", _with(claim, status=status))


def _wrong_field(field: str, invented: str) -> Callable[[Fixture, random.Random], Iterator[Case]]:
    def make(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
        values = [claim[field] for claim in fixture.partnerships if claim[field]]
        for claim in fixture.partnerships:
            near = _letters(" ".join([*claim["quotes"], str(claim[field])]))
            for value in dict.fromkeys([*values, invented]):
                if _letters(value) not in near:
                    facts = {"keeps": 1, "field": field, "spans": tuple(claim["spans"])}
                    yield _case(fixture, "partnerships", _with(claim, **{field: value}), **facts)

    make.__doc__ = (
        f"Give a partnership the {field} of another one, or an invented one: the field falls, the claim stays."
    )
    return make


def wrong_party_as_source(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Give a partnership one of the article's organisations as its source: the field falls, the claim stays."""
    for claim in fixture.partnerships:
        others = [name for name in _organisations(fixture) if not any(_one(name, party) for party in claim["parties"])]
        others = [name for name in others if _letters(name) not in _letters(" ".join(claim["quotes"]))]
        for name in others[:3]:
            facts = {"keeps": 1, "field": "attribution", "spans": tuple(claim["spans"])}
            yield _case(fixture, "partnerships", _with(claim, attribution=name), **facts)


# --- false: how many, when --------------------------------------------------------------------------------------

_FIGURE = re.compile(r"\d+(?:[.,・’'\u2009\u00a0\u202f ]\d{3}(?!\d)|[.,・]\d+)*")
_PERCENT = re.compile(r"\s*(?:[%％]|percent|per ?cent|Prozent|procent|por ciento|por cento|pour cent|per cento)")


class Figure(NamedTuple):
    """A number in a text, as it is written."""

    start: int
    end: int
    written: str
    kind: str
    """percentage, year, date or number."""


def _figures(text: str, language: str) -> list[Figure]:
    months = TABLES["months"].get(language, ())
    found = []
    for match in _FIGURE.finditer(text):
        written, after = match[0], text[match.end() :]
        before = text[: match.start()].rstrip()
        plain = _plain_digits(written)
        if _PERCENT.match(after):
            kind = "percentage"
        elif (
            len(plain) == 4
            and plain == _digits(written)
            and plain[:2] in ("19", "20")
            and not re.match(r"\s?[a-z億円]{3,}", after)
        ):
            kind = "year"
        elif re.match(r"[日月]|\.\s+[A-Z]", after) or any(
            re.match(rf"\.?(?:er)?\s+(?:de\s+)?{month}", after) or before.endswith(month) for month in months
        ):
            kind = "date"
        else:
            kind = "number"
        found.append(Figure(*match.span(), written, kind))
    return found


def _digits(written: str) -> str:
    """Return the digits as ASCII, and whatever else stands between them as it is."""
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in written)


def _plain_digits(written: str) -> str:
    return re.sub(r"\D", "", _digits(written))


def _change_digits(written: str, taken: set[str], draw: random.Random) -> str | None:
    """Change one digit, or swap two, so that the figure is none of those that are taken."""
    places = [i for i, c in enumerate(written) if c.isdigit()]
    for _ in range(20):
        letters = list(written)
        i = draw.choice(places)
        if len(places) > 1 and draw.random() < 0.4:
            j = places[places.index(i) - 1]
            letters[i], letters[j] = letters[j], letters[i]
        else:
            step = draw.randint(1, 8)
            letters[i] = chr(ord(letters[i]) + (step if unicodedata.digit(letters[i]) + step <= 9 else -1))
        changed = "".join(letters)
        plain = _plain_digits(changed)
        if (
            plain not in taken
            and not plain.startswith("0")
            and "/" not in changed
            and "．" not in changed
            and all(c.isdigit() or c == d for c, d in zip(changed, written, strict=True))
        ):
            return changed
    return None


def _changed_figure(kind: str) -> Callable[[Fixture, random.Random], Iterator[Case]]:
    def make(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
        for claim in fixture.takeaways:
            taken = {_plain_digits(figure[0]) for quote in claim["quotes"] for figure in _FIGURE.finditer(quote)}
            for figure in _figures(claim["text"], fixture.language):
                if figure.kind != kind or not (changed := _change_digits(figure.written, taken, draw)):
                    continue
                text = claim["text"][: figure.start] + changed + claim["text"][figure.end :]
                yield _case(fixture, "takeaways", _with(claim, text=text))
                quotes = [_swap_figure(quote, figure.written, changed) for quote in claim["quotes"]]
                if quotes != claim["quotes"]:
                    yield _case(fixture, "takeaways", _with(claim, text=text, quotes=quotes))
                    yield _case(fixture, "takeaways", _with(claim, quotes=quotes))

    make.__doc__ = f"Change a {kind} in a takeaway, in its quote, and in both."
    return make


def _swap_figure(quote: str, written: str, changed: str) -> str:
    old = _plain_digits(written)
    return _FIGURE.sub(lambda match: changed if _plain_digits(match[0]) == old else match[0], quote)


def _changed_word(*tables: dict[str, str]) -> Callable[[Fixture, random.Random], Iterator[Case]]:
    table = {word: other for one in tables for word, other in one.items()}
    words = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
    behind = re.compile(rf"(?<=\d)([\s-]?(?:[A-Za-zé]+\s(?:d[e’']\s?)?)?)({words})(?![^\W\d_])")

    def make(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
        for claim in fixture.takeaways:
            for match in behind.finditer(claim["text"]):
                text = claim["text"][: match.start(2)] + table[match[2]] + claim["text"][match.end(2) :]
                yield _case(fixture, "takeaways", _with(claim, text=text))
                quotes = [behind.sub(lambda m: m[1] + table[m[2]], quote) for quote in claim["quotes"]]
                if quotes != claim["quotes"]:
                    yield _case(fixture, "takeaways", _with(claim, text=text, quotes=quotes))

    make.__doc__ = "Change the word after a figure in a takeaway, also in its quote."
    return make


def changed_unit(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Change the unit behind a figure; a percentage becomes so many points."""
    yield from _changed_word(TABLES["units"])(fixture, draw)
    if points := TABLES["points"].get(fixture.language):
        for claim in fixture.takeaways:
            for sign in re.finditer(r"(?<=\d)\s*%", claim["text"]):
                text = f"{claim['text'][: sign.start()]} {points}{claim['text'][sign.end() :]}"
                yield _case(fixture, "takeaways", _with(claim, text=text))


def changed_currency(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Change the currency of a figure, written as a word or as a sign."""
    yield from _changed_word(TABLES["currencies"])(fixture, draw)
    sign = re.compile(r"(R\$|[€£$])(?=\s?\d)|(?<=\d)(\s?)([€$£])")
    swap = lambda match: (match[2] or "") + TABLES["signs"][match[1] or match[3]]  # noqa: E731
    for claim in fixture.takeaways:
        text = sign.sub(swap, claim["text"])
        if text != claim["text"]:
            yield _case(fixture, "takeaways", _with(claim, text=text))
            yield _case(
                fixture, "takeaways", _with(claim, text=text, quotes=[sign.sub(swap, q) for q in claim["quotes"]])
            )


def changed_date(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Change a day of the month, a month or a weekday in a takeaway, also in its quote."""
    yield from _changed_figure("date")(fixture, draw)
    for table in ("months", "weekdays"):
        words = TABLES[table].get(fixture.language, ())
        for claim in fixture.takeaways:
            for i, word in enumerate(words):
                whole = re.compile(rf"(?<!\w){word}(?!\w)")
                other = words[(i + 1 + draw.randrange(len(words) - 1)) % len(words)]
                if not whole.search(claim["text"]) or other in " ".join(claim["quotes"]):
                    continue
                text = whole.sub(other, claim["text"])
                yield _case(fixture, "takeaways", _with(claim, text=text))
                quotes = [whole.sub(other, quote) for quote in claim["quotes"]]
                yield _case(fixture, "takeaways", _with(claim, text=text, quotes=quotes))


def borrowed_number(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Put a number of another sentence of the article in the place of one of the same kind."""
    elsewhere = _figures(fixture.article.text, fixture.language)
    for claim in fixture.takeaways:
        taken = {_plain_digits(figure[0]) for quote in claim["quotes"] for figure in _FIGURE.finditer(quote)}
        for figure in _figures(claim["text"], fixture.language):
            others = {o.written for o in elsewhere if o.kind == figure.kind and _plain_digits(o.written) not in taken}
            for other in sorted(others)[:6]:
                text = claim["text"][: figure.start] + other + claim["text"][figure.end :]
                yield _case(fixture, "takeaways", _with(claim, text=text))


# --- false: the contrary ----------------------------------------------------------------------------------------


def _first_change(text: str, rules: Sequence[tuple[str, str]]) -> str | None:
    for pattern, replacement in rules:
        changed = re.sub(pattern, replacement, text, count=1)
        if changed != text:
            return changed
    return None


def flipped_negation(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Negate a takeaway that is not negated, or take its negation away; also in its quote."""
    for claim in fixture.takeaways:
        for rules in (TABLES["add"], TABLES["remove"]):
            text = _first_change(claim["text"], rules.get(fixture.language, ()))
            if text is None:
                continue
            yield _case(fixture, "takeaways", _with(claim, text=text))
            quotes = [_first_change(quote, rules[fixture.language]) or quote for quote in claim["quotes"]]
            if quotes != claim["quotes"]:
                yield _case(fixture, "takeaways", _with(claim, text=text, quotes=quotes))


def negated_quote(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Negate the quote of a claim, or take its negation away: the article does not have those words."""
    text = _letters(fixture.article.text)
    for where, claim in fixture.claims:
        for rules in (TABLES["add"], TABLES["remove"]):
            for i, quote in enumerate(claim["quotes"]):
                changed = _first_change(quote, rules.get(fixture.language, ()))
                if changed and _letters(changed) not in text:
                    quotes = [*claim["quotes"][:i], changed, *claim["quotes"][i + 1 :]]
                    yield _case(fixture, where, _with(claim, quotes=quotes))


def flipped_direction(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Let rise what falls."""
    pairs = TABLES["contraries"].get(fixture.language, ())
    for claim in fixture.takeaways:
        for one, other in [*pairs, *((b, a) for a, b in pairs)]:
            whole = re.compile(one if fixture.language == "ja" else rf"(?<!\w){one}(?!\w)")
            if not whole.search(claim["text"]) or other in claim["text"]:
                continue
            text = whole.sub(other, claim["text"], count=1)
            yield _case(fixture, "takeaways", _with(claim, text=text))
            quotes = [whole.sub(other, quote) for quote in claim["quotes"]]
            if quotes != claim["quotes"]:
                yield _case(fixture, "takeaways", _with(claim, text=text, quotes=quotes))


# --- false: quotes ---------------------------------------------------------------------------------------------


def invented_quote(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Prove a true claim with words that nobody wrote."""
    plain, pact = TABLES["invented_quotes"][fixture.language]
    for where, claim in fixture.claims:
        named = "、".join(claim["parties"]) if where == "partnerships" else _first_name(fixture)
        template = pact if where == "partnerships" else plain
        yield _case(fixture, where, _with(claim, quotes=[template.format(named)]))
        yield _case(fixture, where, _with(claim, quotes=[claim["quotes"][0], template.format(named)]))


def _first_name(fixture: Fixture) -> str:
    return (_organisations(fixture) or [fixture.article.text.split()[0]])[0]


def paraphrased_quote(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Prove a true claim with the article's sentence in other words, or its words in another order."""
    text = _letters(fixture.article.text)
    for where, claim in fixture.claims:
        for quote in _paraphrases(claim, fixture.language):
            if _letters(quote) not in text:
                yield _case(fixture, where, _with(claim, quotes=[quote, *claim["quotes"][1:]]))


def _paraphrases(claim: Claim, language: str) -> Iterator[str]:
    quote = claim["quotes"][0]
    said = set(re.findall(r"\w+", claim.get("text", "").lower()))
    if said and len(said ^ set(re.findall(r"\w+", quote.lower()))) >= 4:
        yield claim["text"]  # the claim itself, sold as a quote
    words = quote.split(" ")
    if len(words) >= 8:
        middle = len(words) // 2
        yield " ".join([*words[middle:], *words[:middle]])
        yield " ".join(word for i, word in enumerate(words) if i % 3)
    changed = quote
    for one, other in TABLES["synonyms"].get(language, ()):
        changed = re.sub(one if language == "ja" else rf"(?<!\w){one}(?!\w)", other, changed)
    if sum(a != b for a, b in zip(changed.split(), quote.split(), strict=False)) >= 3:
        yield changed


def irrelevant_quote(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Prove a true claim with a true sentence of the article that has nothing to do with it."""
    everything = _sentences(fixture.article.text)
    for where, claim in fixture.claims:
        wanted = _stems(_words_of(claim))
        apart = [
            (len(wanted & _stems(sentence)), sentence)
            for start, sentence in everything
            if len(sentence) > 25 and all(abs(start - a) > 400 or where == "takeaways" for a, _ in claim["spans"])
            and not any(a <= start < b for a, b in claim["spans"])
        ]  # fmt: skip
        for shared, sentence in sorted(apart)[:6]:
            if shared <= max(1, len(wanted) // 6):
                yield _case(fixture, where, _with(claim, quotes=[sentence]))


def topical_quote(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Prove a true partnership with a sentence that names one of its parties, far from where it is told of."""
    for claim in fixture.partnerships:
        for start, sentence in _sentences(fixture.article.text):
            named = [party for party in claim["parties"] if party in sentence]
            if len(named) == 1 and len(sentence) > 25 and all(abs(start - a) > 500 for a, _ in claim["spans"]):
                yield _case(fixture, "partnerships", _with(claim, quotes=[sentence]))


def _sentences(text: str) -> list[tuple[int, str]]:
    """Cut a text into sentences, roughly."""
    found = re.finditer(r"[^\n]+?(?:[.!?。](?=[\s”’»」]|$)[”’»」]?|(?<=。)|$)", text, re.MULTILINE)
    return [(match.start() + len(match[0]) - len(match[0].lstrip()), match[0].strip()) for match in found]


def _words_of(claim: Claim) -> str:
    keys = ("text", "purpose", "region", "date", "attribution")
    return " ".join([*(claim.get(key) or "" for key in keys), *claim.get("parties", ())])


def _stems(text: str) -> set[str]:
    letters = _letters(text)
    if re.search(r"[\u3040-\u9fff]", letters):
        return {letters[i : i + 2] for i in range(len(letters) - 1)}
    return {word[:5] for word in re.findall(r"\w+", letters) if len(word) > 3 or word.isdigit()}


def _letters(text: str) -> str:
    """Return a text in small letters without accents, its white space and punctuation evened out."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c) or c in "\u3099\u309a")
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", plain)))


# --- false: language, twice ------------------------------------------------------------------------------------

_SAYS = {"established": 0, "in_talks": 1, "considered": 1, "ended": 2, "abandoned": 2, "denied": 2}


def wrong_language(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Say what the article proves in a language that was not asked for."""
    for claim in fixture.partnerships:
        for language, sentences in TABLES["said"].items():
            if language != fixture.language:
                text = sentences[_SAYS[claim["status"]]].format(*claim["parties"][:2])
                yield _case(fixture, "takeaways", {"text": text, "quotes": claim["quotes"]})


def duplicate(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Say the same twice: one of the two is kept."""
    for claim in fixture.takeaways:
        stopless = claim["text"].rstrip(".。")
        for text in dict.fromkeys((claim["text"], stopless, _plain_typography(claim["text"]))):
            yield _case(fixture, "takeaways", claim, _with(claim, text=text), keeps=1)
    for claim in fixture.partnerships:
        for parties in (claim["parties"], claim["parties"][::-1]):
            yield _case(fixture, "partnerships", claim, _with(claim, parties=parties), keeps=1)
            bare = {"region": None, "date": None, "purpose": None, "attribution": None}
            yield _case(fixture, "partnerships", claim, _with(claim, parties=parties, **bare), keeps=1)


# --- true: written otherwise -----------------------------------------------------------------------------------

_TYPOGRAPHY = str.maketrans("’‘“”„«»–—\u00a0\u202f\u2009", '\'\'"""""--   ', "\u00ad") | {ord("…"): "..."}
_STRAIGHT = str.maketrans("’“”", '\'""')
_OTHER_QUOTES = str.maketrans("'’‘“”„«»–", "´ʼ´«»«“”—")
_FULL_WIDTH = {ord(a): chr(ord(a) + 0xFEE0) for a in "0123456789%"}
_HALF_WIDTH = {full: chr(plain) for plain, full in ((a, ord(b)) for a, b in _FULL_WIDTH.items())}


def _plain_typography(text: str) -> str:
    return text.translate(_TYPOGRAPHY)


def _lose_accents(text: str) -> str:
    if re.search(r"[\u3040-\u30ff]", text):
        return text  # the voicing marks of kana are no accents
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,’'\u00a0\u202f ]\d{3})+(?![\d.,]*\d)")


def _regroup(text: str) -> str:
    return _GROUPED.sub(lambda match: "".join(c for c in match[0] if c.isdigit()), text)


def _respace(text: str) -> str:
    return _GROUPED.sub(lambda match: re.sub(r"\D", "\u202f", match[0]), text)


def _wrapped(left: str, right: str) -> Callable[[str], str]:
    """Put a quote between quotation marks, where it has none of its own at its ends."""
    return lambda t: t if t[0] in '"“«„‘' or t[-1] in '"”»“’' else left + t + right


def _as_it_stands(text: str) -> str:
    return text + " "


_SPELLINGS: dict[str, tuple[Callable[[str], str], ...]] = {
    "as_it_stands": (_as_it_stands,),
    "plain_typography": (_plain_typography, lambda t: re.sub(r"\s+(?=[%:;!?])", "", _plain_typography(t))),
    "straight_quotes": (lambda t: t.translate(_STRAIGHT), _wrapped('"', '"'), _wrapped("« ", " »")),
    "other_quotes": (lambda t: t.translate(_OTHER_QUOTES),),
    "nfd": (lambda t: unicodedata.normalize("NFD", t),),
    "lost_accents": (_lose_accents,),
    "changed_case": (str.upper, str.lower, lambda t: t[:1].swapcase() + t[1:]),
    "changed_spaces": (
        lambda t: re.sub(r"\s+", " ", t),
        lambda t: t.replace(" ", "\n", 3),
        lambda t: t.replace(" ", "  "),
        lambda t: t.replace(" ", "\u00a0"),
        lambda t: f"\n {t}\t",
    ),
    "full_width_digits": (lambda t: t.translate(_FULL_WIDTH), lambda t: t.translate(_HALF_WIDTH)),
    "grouped_digits": (_regroup, _respace),
}  # fmt: skip


def _respelled(name: str) -> Callable[[Fixture, random.Random], Iterator[Case]]:
    def make(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
        for where, claim in fixture.claims:
            facts = {"keeps": 1, "spans": tuple(claim["spans"])}
            for spelling in _SPELLINGS[name]:
                quotes = [spelling(quote) for quote in claim["quotes"]]
                if quotes == claim["quotes"]:
                    continue
                yield _case(fixture, where, _with(claim, quotes=quotes), **facts)
                if name in ("plain_typography", "nfd", "grouped_digits", "full_width_digits", "lost_accents"):
                    whole = {k: spelling(v) for k, v in claim.items() if isinstance(v, str) and k != "status"}
                    if "parties" in claim:
                        whole["parties"] = [spelling(party) for party in claim["parties"]]
                    yield _case(fixture, where, _with(claim, quotes=quotes, **whole), **facts)

    make.__doc__ = f"Write the quotes of a true claim otherwise: {name.replace('_', ' ')}."
    return make


def context(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Leave out the quote that only names the party which the others leave to the context."""
    false = {one["claim_index"] for one in fixture.fallen if one["kind"] == "partnership"}
    said = [claim for i, claim in enumerate(fixture.draft["partnerships"]) if i not in false]
    for claim, drafted in zip(fixture.partnerships, said, strict=True):
        if len(drafted["quotes"]) < len(claim["quotes"]):
            facts = {"keeps": 1, "spans": tuple(claim["spans"])}
            yield _case(fixture, "partnerships", _with(claim, quotes=claim["quotes"][:-1]), **facts)


def reversed_parties(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Name the parties in the other order."""
    for claim in fixture.partnerships:
        facts = {"keeps": 1, "spans": tuple(claim["spans"])}
        yield _case(fixture, "partnerships", _with(claim, parties=claim["parties"][::-1]), **facts)


# Words before which no quote is cut, for they may settle the matter.
_NEVER_CUT = re.compile(
    r"\b(?:but|before|not|no|never|without|nobody|mais|avant|sans|ne|n|pas|aucun\w*|faute|aber|bevor|ohne|nicht|kein\w*|nie|pero|antes|sin|no|ma|prima|senza|non|"
    r"mas|antes|sem|não|maar|nog|zonder|niet|geen|after|après|nach|nachdem|después|dopo|depois|na|deny|denied|nega|dément|until|jusqu|bis|hasta|fino|até|tot|"
    r"while|although|tandis|während|mientras|mentre|enquanto|terwijl)\b|が、|ない|なかっ|断念|否定|解消",
    re.IGNORECASE,
)  # fmt: skip


def trimmed(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Cut off a clause that the claim does not need, before or behind."""
    for where, claim in fixture.claims:
        for i, (quote, (start, _)) in enumerate(zip(claim["quotes"], claim["spans"], strict=True)):
            for a, b in _trimmings(quote, claim):
                quotes = [*claim["quotes"][:i], quote[a:b], *claim["quotes"][i + 1 :]]
                spans = [*claim["spans"][:i], (start + a, start + b), *claim["spans"][i + 1 :]]
                yield _case(fixture, where, _with(claim, quotes=quotes), keeps=1, spans=tuple(spans))
            stopless = quote.rstrip(".。”’»」")
            if stopless != quote:
                quotes = [*claim["quotes"][:i], stopless, *claim["quotes"][i + 1 :]]
                spans = [*claim["spans"][:i], (start, start + len(stopless)), *claim["spans"][i + 1 :]]
                yield _case(fixture, where, _with(claim, quotes=quotes), keeps=1, spans=tuple(spans))


def _trimmings(quote: str, claim: Claim) -> Iterator[Span]:
    wanted = _stems(_words_of(claim))
    for comma in re.finditer(r",\s|、", quote):
        for a, b in ((comma.end(), len(quote)), (0, comma.start())):
            lost = quote[: comma.end()] if a else quote[comma.start() :]
            if b - a >= 25 and not _needed(lost, wanted):
                yield a, b


def _needed(lost: str, wanted: set[str]) -> bool:
    """Tell whether a claim may need these words: its own, a figure, a name, a word that settles the matter."""
    return bool(wanted & _stems(lost) or re.search(r"\d|(?<=\s)[A-ZÀ-Ý]|^[A-ZÀ-Ý]", lost) or _NEVER_CUT.search(lost))


def elision(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Replace the middle of a quote by an ellipsis."""
    for where, claim in fixture.claims:
        wanted = _stems(_words_of(claim))
        for i, quote in enumerate(claim["quotes"]):
            words = list(re.finditer(r"\S+", quote))
            middles = [
                (words[a].start(), words[a + size].start())
                for size in (2, 3, 5)
                for a in range(3, len(words) - size - 3)
                if not _needed(quote[words[a].start() : words[a + size].start()], wanted)
            ]
            for a, b in draw.sample(middles, min(2, len(middles))):
                for dots in ("… ", "[…] ", "[...] ", "... ", "(...) "):
                    left = quote[:a].rstrip() if draw.random() < 0.5 else quote[:a]
                    quotes = [*claim["quotes"][:i], left + dots + quote[b:], *claim["quotes"][i + 1 :]]
                    yield _case(fixture, where, _with(claim, quotes=quotes), keeps=1, spans=tuple(claim["spans"]))


def slip(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Misspell a word of no consequence in a quote, or drop a small one."""
    for where, claim in fixture.claims:
        wanted = _stems(_words_of(claim))
        for i, quote in enumerate(claim["quotes"]):
            words = list(re.finditer(r"(?<=\s)[^\W\d_]+(?=\s)", quote))
            plain = [w for w in words[2:-1] if len(w[0]) >= 8 and w[0].islower() and not _needed(w[0], wanted)]
            small = [w for w in words[2:-1] if w[0] in TABLES["small"].get(fixture.language, ())]
            if len(words) < 9:
                continue
            for kind, found in (("spelling", plain), ("small", small)):
                if found:
                    word = draw.choice(found)
                    middle = len(word[0]) // 2
                    a, b = word[0][middle], word[0][middle + 1 : middle + 2]
                    if kind == "spelling" and a == b:
                        continue
                    other = word[0][:middle] + b + a + word[0][middle + 2 :] + " " if kind == "spelling" else ""
                    changed = quote[: word.start()] + other + quote[word.end() :].lstrip()
                    quotes = [*claim["quotes"][:i], changed, *claim["quotes"][i + 1 :]]
                    yield _case(fixture, where, _with(claim, quotes=quotes), keeps=1, spans=tuple(claim["spans"]))


def notation(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Write the figures of a takeaway in another notation of its language."""
    for claim in fixture.takeaways:
        for pattern, replacement in TABLES["notations"].get(fixture.language, ()):
            text = re.sub(pattern, replacement, claim["text"])
            if text != claim["text"]:
                yield _case(fixture, "takeaways", _with(claim, text=text), keeps=1, spans=tuple(claim["spans"]))


def fields(fixture: Fixture, draw: random.Random) -> Iterator[Case]:
    """Give one optional field that the article proves: it is kept."""
    for claim in fixture.partnerships:
        for field in ("purpose", "region", "date", "attribution"):
            if claim[field]:
                bare = {"purpose": None, "region": None, "date": None, "attribution": None, field: claim[field]}
                yield _case(fixture, "partnerships", _with(claim, **bare), keeps=1, spans=tuple(claim["spans"]))


# --- the tables ------------------------------------------------------------------------------------------------


FALSE: dict[str, Callable[[Fixture, random.Random], Iterator[Case]]] = {
    "invented_partner": invented_partner,
    "other_organisation": other_organisation,
    "other_name": other_name,
    "exchanged_names": exchanged_names,
    "self_partnership": self_partnership,
    "trap": trap,
    "swapped_status": swapped_status,
    "wrong_region": _wrong_field("region", "Patagonia"),
    "wrong_source": _wrong_field("attribution", "Global Courier"),
    "party_as_source": wrong_party_as_source,
    "wrong_date": _wrong_field("date", "2031"),
    "changed_number": _changed_figure("number"),
    "changed_percentage": _changed_figure("percentage"),
    "changed_year": _changed_figure("year"),
    "changed_date": changed_date,
    "changed_scale": _changed_word(TABLES["scales"]),
    "changed_unit": changed_unit,
    "changed_currency": changed_currency,
    "borrowed_number": borrowed_number,
    "flipped_negation": flipped_negation,
    "negated_quote": negated_quote,
    "flipped_direction": flipped_direction,
    "invented_quote": invented_quote,
    "paraphrased_quote": paraphrased_quote,
    "irrelevant_quote": irrelevant_quote,
    "topical_quote": topical_quote,
    "wrong_language": wrong_language,
    "duplicate": duplicate,
}
TRUE: dict[str, Callable[[Fixture, random.Random], Iterator[Case]]] = {
    **{name: _respelled(name) for name in _SPELLINGS},
    "context": context,
    "reversed_parties": reversed_parties,
    "trimmed": trimmed,
    "elision": elision,
    "slip": slip,
    "notation": notation,
    "fields": fields,
}
KINDS = FALSE | TRUE
