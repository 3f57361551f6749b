"""What stands beside a name and tells what it is, as patterns put together from the tables of a language."""

import re
from dataclasses import dataclass
from functools import cache

from ..lexicon import Lexicon, lexicon
from ..normalization import fold
from ..phrases import compile_phrases
from .gazetteer import places


@dataclass(frozen=True)
class FeaturePatterns:
    """What stands beside a name, as patterns of one language."""

    cue: re.Pattern[str]
    firm_before: re.Pattern[str]
    firm_of: re.Pattern[str]
    """ "L'entreprise de": who follows is where it is."""
    firm_after: re.Pattern[str]
    """An apposition: ", the broadband co-operative"."""
    firm_next: re.Pattern[str]
    firm_word: re.Pattern[str]
    firm_base: re.Pattern[str]
    """A word for a firm by itself, without what may be compounded with it."""
    source_before: re.Pattern[str]
    """ "According to": who follows reports."""
    met_before: re.Pattern[str]
    """ "With" or "between": whoever follows is a counterpart."""
    led_before: re.Pattern[str]
    led_after: re.Pattern[str]
    role: re.Pattern[str]
    person_before: re.Pattern[str]
    person_after: re.Pattern[str]
    place_before: re.Pattern[str]
    dative_before: re.Pattern[str]
    """A verb that takes "to" somebody: who follows is no place."""
    places: frozenset[str]
    noun_before: re.Pattern[str] | None
    """An article: the run is a noun, in a language that writes nouns with capitals."""
    nouns: frozenset[str]
    """Common nouns of a language that writes them with capitals."""
    branches: frozenset[str]
    """Nouns of a trade that a firm may be named by: "Energie Kärnten-Süd"."""
    noun: re.Pattern[str]
    """A word for a partnership: "Talks" at the start of a sentence is no name."""
    institution: re.Pattern[str]
    empty: frozenset[str]
    months: frozenset[str]
    companion: re.Pattern[str]
    """A word for a partnership and "with"."""
    we: re.Pattern[str]
    """A word of the first person, pronoun or verb."""
    compound: re.Pattern[str]
    """A compound that firms are named by, and that says nothing of its own: "Stadtbank"."""
    capitals: bool


@cache
def clues_of(tag: str) -> FeaturePatterns:
    tables = lexicon(tag) or Lexicon(tag, {})
    firms, people = _entries(tables, "firms"), _entries(tables, "people")
    adjectives = (
        r"(?:\s+(?:d[eiu]l?s?\s+|d')?(?!(?:avec|con|com|et|y|e|a|en|in|em|entre)\s)[\w-]+){0,2}"
        if tag in ("fr", "es", "it", "pt")
        else ""
    )
    capitals = tag == "de"
    chairs = rf",\s(?:who|qui|quien|que|che|der|die|wie)\s(?:{_entries(tables, 'leads')})(?!\w)"
    days = {fold(day) for day in tables.get("dates.weekdays") or ()}
    return FeaturePatterns(
        cue=tables.pattern("partnership.verbs"),
        firm_before=re.compile(
            rf"(?<!\w)(?P<head>{firms})(?:e?[snx]|e|en)?{adjectives}(?<!\sde)(?<!\sdu)(?<!\sdi)(?<!\sd)[\s'(]+$"
        ),
        firm_of=re.compile(
            rf"(?<!\w)(?:l'|l[ae] |el |il |o |a |son |sa |su )(?:{firms}) (?:d[ei] |d'){'$' if adjectives else '(?!)'}"
        ),
        firm_after=re.compile(
            rf",\s(?:an?|the|une?|l[ae]|l'|eine?[rnm]?|d(?:ie|er|as|em|en)|el|un[ao]?|il|uma?|[oa]|een|de|het)\s?(?:[\w-]+\s){{0,3}}?(?P<head>{firms})(?!\w)"
        ),
        firm_next=re.compile(rf"\s(?:{firms})\s"),
        firm_word=re.compile(rf"(?:{firms})$"),
        firm_base=re.compile(rf"(?:{firms.replace('[a-z-]*', '')})$"),
        source_before=re.compile(
            rf"(?<!\w)(?:{_entries(tables, 'according', 'statements')})\s+'?(?:[\w-]+\s+){{0,2}}'?$"
        ),
        met_before=re.compile(
            rf"(?<!\w)(?:{_entries(tables, 'with', 'statements')}|{_entries(tables, 'between', 'statements')})"
            rf"\s+'?(?:[\w-]+\s+){{0,4}}'?$"
        ),
        led_before=re.compile(rf"(?<!\w)(?:{people}|{_entries(tables, 'leads')})\s+(?:[\w-]+\s+){{0,3}}'?$"),
        led_after=re.compile(rf"(?:'s?)?\s+(?:{people})(?!\w)"),
        role=re.compile(rf"(?:{people})$"),
        person_before=re.compile(rf"(?<!\w)(?:{people})[\s,]+$"),
        person_after=re.compile(rf",\s*(?:\(?\d\d\)?,)?\s*(?:[\w'-]+\s+){{0,3}}(?:{people})(?!\w)|{chairs}"),
        place_before=re.compile(rf"(?<!\w)(?:{_entries(tables, 'places')})\s+(?:(?:the|el|il|la|le|as?|os?)\s+|l')?$"),
        dative_before=re.compile(rf"(?<!\w)(?:{_entries(tables, 'datives')})\s(?:[^\s,;.]+\s){{0,6}}?[a-z]{{1,3}}\s$"),
        places=places(tag),
        noun_before=re.compile(rf"(?<!\w)(?:{_entries(tables, 'articles')})\s+(?:[\w-]+\s+)?$") if capitals else None,
        nouns=frozenset(w for line in tables.words("organisations.nouns") for w in line.split()),
        branches=tables.words("organisations.branches"),
        noun=compile_phrases([*(tables.get("partnership.nouns") or ()), *(tables.get("partnership.talks") or ())]),
        institution=compile_phrases(tables.get("organisations.institutions") or ()),
        empty=frozenset(w for line in tables.words("takeaways.stop") for w in line.split())
        | tables.words("words.function"),
        months=frozenset(tables.months) | days,
        companion=re.compile(rf"(?<!\w)(?:{_nouns(tables)})(?!\w)[^.,;]{{0,12}} (?:mit|zwischen) '?$"),
        we=tables.pattern("organisations.we"),
        compound=re.compile(_entries(tables, "compounds")),
        capitals=capitals,
    )


def _entries(tables: Lexicon, name: str, section: str = "organisations") -> str:
    """Return a list as one alternative; the ends of compounds are one, so that a word is read once for all."""
    entries = [entry if entry.isascii() else fold(entry) for entry in tables.get(f"{section}.{name}") or ("(?!)",)]
    tails = [entry.removeprefix(_ANY) for entry in entries if entry.startswith(_ANY)]
    whole = [f"(?:{entry})" for entry in entries if not entry.startswith(_ANY)]
    return "|".join([*whole, f"{_ANY}(?:{'|'.join(tails)})"] if tails else whole)


_ANY = "[a-z-]*"


def _nouns(tables: Lexicon) -> str:
    return "|".join(
        fold(entry) if not entry.isascii() else entry for entry in tables.get("partnership.nouns") or ("(?!)",)
    )
