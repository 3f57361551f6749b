"""What stands beside a name and tells what it is, as patterns put together from the lexicon of a language."""

import re
from dataclasses import dataclass
from functools import cache

from ..lexicon import Lexicon, across, alternatives, lexicon
from ..normalization import fold
from ..phrases import compile_phrases
from .gazetteer import places
from .nouns import NounRules, common_nouns, function_words, noun_rules


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
    nationality: re.Pattern[str]
    """An adjective before a name that is no part of it; in English it may be: "British Gas"."""
    acts: re.Pattern[str]
    """A verb of business behind a name: "X launches"."""
    owns_before: re.Pattern[str]
    """What only a firm has, before its name: "the customers of"."""
    owns_after: re.Pattern[str]
    definite_before: re.Pattern[str]
    """A definite article right before a name: it is a country's, a product's or a plain noun."""
    firm_base: re.Pattern[str]
    """A word for a firm by itself, without what may be compounded with it."""
    source_before: re.Pattern[str]
    """ "According to": who follows reports."""
    met_before: re.Pattern[str]
    """ "With" or "between": whoever follows is a counterpart."""
    interview: re.Pattern[str]
    """A word that makes of "with" a conversation."""
    before_noun: re.Pattern[str]
    led_before: re.Pattern[str]
    led_after: re.Pattern[str]
    role: re.Pattern[str]
    person_before: re.Pattern[str]
    person_after: re.Pattern[str]
    place_before: re.Pattern[str]
    dative_before: re.Pattern[str]
    """A verb that takes "to" somebody: who follows is no place."""
    places: frozenset[str]
    branches: frozenset[str]
    """Nouns of a trade that a firm may be named by: "Energie Kärnten-Süd"."""
    noun: re.Pattern[str]
    """A word for a partnership: "Talks" at the start of a sentence is no name."""
    institution: re.Pattern[str]
    function_words: frozenset[str]
    nouns: frozenset[str]
    months: frozenset[str]
    we: re.Pattern[str]
    """A word of the first person, pronoun or verb."""
    noun_before: re.Pattern[str]
    """An article: what follows is a noun, in a language that writes nouns with capitals."""
    name_article: re.Pattern[str]
    """An article that a name may have: "die Alpenbahn"."""
    name_adjective: re.Pattern[str]
    house: re.Pattern[str]
    rules: NounRules | None
    """How to distinguish names from nouns with capitals, None where nouns have none."""


@cache
def feature_patterns(tag: str) -> FeaturePatterns:
    """Return the patterns of a language; those of an unknown one match nothing."""
    tables = lexicon(tag) or Lexicon(tag, {})
    words = tables.alternatives
    firms, people, leads = words("organisations.firms"), words("organisations.people"), words("organisations.leads")
    definite, met = words("grammar.definite"), words("statements.with", "statements.between")
    article = rf"(?:{definite}|{words('grammar.indefinite')})"
    led_before = re.compile(rf"(?<!\w)(?:{people}|{leads})\s+(?:[\w-]+\s+){{0,3}}'?$")
    return FeaturePatterns(
        cue=tables.pattern("partnership.verbs"),
        firm_before=re.compile(rf"(?<!\w)(?P<head>{firms})(?:e?[snx]|e|en)?{_adjectives(tables)}[\s'(]+$"),
        firm_of=re.compile(
            rf"(?<!\w)(?:{definite}|{words('organisations.possessives')})\s?(?:{firms}) (?:{words('grammar.of')})\s?$"
        ),
        firm_after=re.compile(rf",\s{article}\s?(?:[\w-]+\s){{0,3}}?(?P<head>{firms})(?!\w)"),
        firm_next=re.compile(rf"\s(?:{firms})\s"),
        firm_word=re.compile(rf"(?:{firms})$"),
        nationality=re.compile("(?!)" if tables.tag.startswith("en") else words("grammar.nationalities")),
        acts=re.compile(rf"\s(?:{words('organisations.acts')})(?!\w)"),
        owns_before=re.compile(
            rf"(?<!\w)(?:{words('organisations.belongings')})\s(?:{words('grammar.of')})\s?(?:(?:{definite})\s?)?$"
        ),
        owns_after=re.compile(rf"(?:'s?)?\s(?:[\w-]+\s)?(?:{words('organisations.belongings')})(?!\w)"),
        definite_before=re.compile(rf"(?<!\w)(?:{definite})\s?$" if tables.get("grammar.bare_names") else "(?!)"),
        firm_base=re.compile(rf"(?:{firms.replace('[a-z-]*', '')})$"),
        source_before=re.compile(rf"(?<!\w)(?:{words('statements.according')})\s+'?(?:[\w-]+\s+){{0,2}}'?$"),
        met_before=re.compile(rf"(?<!\w)(?:{met})\s+'?(?:[\w-]+\s+){{0,4}}'?$"),
        interview=re.compile(words("grammar.interviews")),
        before_noun=re.compile(rf"(?<!\w)(?:{words('grammar.before_noun')}) '?$"),
        led_before=led_before,
        led_after=re.compile(rf"(?:'s?)?\s+(?:{people})(?!\w)"),
        role=re.compile(rf"(?:{people})$"),
        person_before=re.compile(
            rf"(?<!\w)(?:{people})(?:\s(?:{alternatives(across('grammar.nationalities'))}))?[\s,]+$"
        ),
        person_after=re.compile(
            rf",\s*(?:\(?\d\d\)?,)?\s*(?:[\w'-]+\s+){{0,3}}(?:{people})(?!\w)"
            rf"|,\s(?:{words('grammar.who')})\s(?:{leads})(?!\w)"
        ),
        place_before=re.compile(rf"(?<!\w)(?:{words('organisations.places')})\s+(?:(?:{definite})\s*)?$"),
        dative_before=re.compile(
            rf"(?<!\w)(?:{words('organisations.datives')})\s(?:[^\s,;.]+\s){{0,6}}?[a-z]{{1,3}}\s$"
        ),
        places=places(tag),
        branches=tables.words("organisations.branches"),
        noun=compile_phrases([*(tables.get("partnership.nouns") or ()), *(tables.get("partnership.talks") or ())]),
        institution=tables.pattern("organisations.institutions"),
        function_words=function_words(tables),
        nouns=common_nouns(tables),
        months=frozenset(tables.months) | {fold(day) for day in tables.get("dates.weekdays") or ()},
        we=tables.pattern("organisations.we"),
        noun_before=re.compile(rf"(?<!\w)(?:{words('organisations.articles')})\s+(?:[\w-]+\s+)?$"),
        name_article=re.compile(rf"(?:{words('grammar.name_articles')})$"),
        name_adjective=re.compile(rf"(?:{words('grammar.name_adjectives')})$"),
        house=re.compile(rf"(?:{words('organisations.houses')})$"),
        rules=noun_rules(tables, led_before),
    )


def _adjectives(tables: Lexicon) -> str:
    """Return what may stand between a word for a firm and its name where adjectives follow their noun."""
    if not tables.get("grammar.not_adjectives"):
        return ""
    of = tables.get("grammar.of")
    linked = "|".join(word if word.endswith("'") else rf"{word}\s+" for word in of)
    not_linked = "".join(rf"(?<!\s{word.rstrip(chr(39))})" for word in of)
    others = tables.alternatives("grammar.not_adjectives")
    return rf"(?:\s+(?:{linked})?(?!(?:{others})\s)[\w-]+){{0,2}}{not_linked}"
