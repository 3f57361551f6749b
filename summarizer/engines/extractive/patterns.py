"""The patterns of a relation between organisations, put together from the lexicon of a language.

All of them read masked text (see `masking`), in which an organisation is one mark. A list of organisations is one
pattern, and so are "with" and a list, "between" and a list, several as the subject, and verbs with another preposition.
"""

import re
from dataclasses import dataclass
from functools import cache

from ...language.entities.masking import PARTY_MARK
from ...language.lexicon import Lexicon, alternatives, lexicon


@dataclass(frozen=True)
class RelationPatterns:
    """The patterns of one language."""

    tables: Lexicon
    cue: re.Pattern[str]
    """Any word of doing something together, or of talking about it."""
    strong: re.Pattern[str]
    """A word for a partnership that means nothing else."""
    belongs: re.Pattern[str]
    """What may stand between the word and "with": whose it is, and nobody else."""
    goes_on: re.Pattern[str]
    """What may stand between "A and B" and the word: one clause, and nobody else."""
    company: re.Pattern[str]
    """A word of doing something together, without the talks."""
    deal: re.Pattern[str]
    """A noun for a partnership."""
    doing: re.Pattern[str]
    """A verb that makes a partnership only in company: to build, to test with somebody."""
    with_word: re.Pattern[str]
    with_list: re.Pattern[str]
    to_list: re.Pattern[str]
    courts_list: re.Pattern[str]
    between_list: re.Pattern[str]
    licence_list: re.Pattern[str]
    granted_list: re.Pattern[str]
    """ "It has granted Hollis a licence", "accordé à Hollis une licence"."""
    route: re.Pattern[str]
    """A train, a flight, a road: "between" and two places follow."""
    whom_list: re.Pattern[str]
    """ "Alibaba, with whom …": who stands before is the partner, and who follows acts."""
    theirs: re.Pattern[str]
    """ "Their agreement", at the head of a sentence."""
    several: re.Pattern[str]
    """Two or more organisations side by side."""
    blocks: re.Pattern[str]
    oblique: re.Pattern[str]
    """A preposition and what may stand between it and the name: who follows is no subject."""
    owner: re.Pattern[str]
    """ "Of" and an article right before a name."""
    noun_capitals: bool
    """Every noun has a capital."""
    head_behind: re.Pattern[str]
    """A plain noun that the last name only describes: "RPA platforms"."""
    separate: re.Pattern[str]
    border: re.Pattern[str]
    """Where a clause begins."""
    resumes: re.Pattern[str]
    not_verb: re.Pattern[str]
    """A small word that is no verb: what stands before it is no subject."""
    licence: re.Pattern[str]
    cleft: re.Pattern[str]
    """ "It is with Galénis that Biovance …"."""
    not_here: re.Pattern[str]
    """What is no partnership, said of the deal itself: a purchase, a takeover, a loan, a lawsuit."""
    bought: re.Pattern[str]
    """A takeover or a stake, wherever it stands."""
    not_behind: re.Pattern[str]
    """The same, said of what talks are about."""


@cache
def relation_patterns(tag: str) -> RelationPatterns | None:
    """Return the patterns of a language by its BCP 47 tag, None where it has no tables."""
    tables = lexicon(tag)
    if tables is None or tables.get("statements") is None:
        return None
    together, verbal = tables.alternatives("statements.with"), tables.alternatives("statements.with_verb")
    of = tables.get("grammar.of") or ()
    to = alternatives(word for word in tables.get("statements.with_verb") or () if word not in of)
    between, joined = tables.alternatives("statements.between"), tables.alternatives("statements.and")
    stops = f"{tables.alternatives('statements.stops')}|{together}"
    own = tables.alternatives("organisations.possessives")
    among = tables.alternatives("statements.including")
    not_of = "".join(rf"(?<!\s{word}\s)" for word in tables.get("grammar.of") or () if not word.endswith("'"))
    word = rf"(?!(?:{stops})(?!\w))[\w.-]+(?:'|\s+'?)"
    gap = rf"(?:|(?:{word}){{1,6}}?{not_of})'?"
    name = rf"{PARTY_MARK}(?:'s?(?!\w))?(?:\s?\([^()]{{1,40}}\))?"
    item = rf"{gap}{name}"
    aside = r"(?:,\s[^,;:.()]{3,70}(?=,))?"
    link = rf"\s*,?\s*(?<!\w)(?:{joined})(?!\w)\s*(?:(?:{together}|{verbal})(?:(?<=')|\s+))?"
    several = rf"{item}{aside}(?:(?:\s*,\s*{item}{aside}){{0,12}}{link}{item}){{1,3}}"
    bare = rf"{name}(?:\s*,\s*{name}){{2,12}}(?=\s*(?:$|[.;)])|\s*,?\s(?:{joined})\s(?!{PARTY_MARK}))"
    some = rf"(?:{bare}|{item}(?:(?:\s*,\s*{item}){{0,12}}{link}{item}){{0,3}})"
    pair = rf"{item}(?:\s*,\s*{item}){{0,6}}(?:{link}|\s+(?:{together}|{verbal})(?:(?<=')|\s+)){item}(?:{link}{item})?"
    licences = tables.alternatives("partnership.licences")
    company = tables.alternatives("partnership.verbs", "partnership.partners", "partnership.nouns")
    return RelationPatterns(
        tables=tables,
        cue=_words(f"{company}|{tables.alternatives('partnership.talks', 'status.in_talks')}"),
        strong=tables.pattern("partnership.strong"),
        belongs=re.compile(
            rf"(?:\s(?:{tables.alternatives('grammar.of')})\s?(?:(?:{tables.alternatives('grammar.definite')})\s?)?"
            rf"{PARTY_MARK})?[^;:.()\ue000-\uf000]*"
        ),
        goes_on=re.compile(rf"[^,;:.\ue000-\uf000]{{0,12}}(?:,[^,;:.]{{3,70}},)?(?:(?!(?<!\w)(?:{tables.alternatives('clauses.breaks')})(?!\w))[^;:.\ue000-\uf000])*"),
        company=_words(company),
        deal=_words(tables.alternatives("partnership.nouns")),
        doing=_words(tables.alternatives("statements.doing", "statements.plans", "status.considered")),
        with_word=_words(together),
        with_list=re.compile(rf"(?<!\w)(?:{together})\s+(?:[^.;:()\ue000-\uf000]{{0,60}}(?<!\w)(?:{among})\s+)?(?P<list>(?:(?:{own}|{tables.alternatives('grammar.indefinite')})\s+(?:[\w-]+\s+){{0,3}}[\w-]+,\s+(?={PARTY_MARK}))?{some})"),
        to_list=re.compile(
            rf"(?<!\w)(?:{tables.alternatives('partnership.strong')})(?:\s+(?:{to})(?:(?<=')|\s+)|(?:(?<=\sof)|(?<=\sde))\s+)(?P<list>{some})"
        ),
        courts_list=re.compile(
            rf"(?<!\w)(?:{tables.alternatives('statements.courts')}|{tables.alternatives('partnership.partners')})\s+(?P<list>{some})"
        ),
        between_list=re.compile(rf"(?<!\w)(?:{between})\s+(?P<list>{pair})"),
        licence_list=re.compile(
            rf"(?<!\w)(?:{licences})(?!\w)[^.;]{{0,40}}(?P<left>{PARTY_MARK})[^.;,]{{0,30}}\s(?:{verbal})\s+(?P<list>{item})"
        ),
        granted_list=re.compile(
            rf"(?<!\w)(?:{tables.alternatives('statements.grants')})(?!\w)[^.;:,]{{0,40}}?(?P<list>{PARTY_MARK})\s"
            rf"(?:[\w'-]+\s){{0,3}}?(?:{licences})"
        ),
        route=re.compile(rf"(?<!\w)(?:{tables.alternatives('statements.routes')})(?!\w)(?:\s[\w-]+){{0,2}}\s$"),
        whom_list=re.compile(
            rf"(?P<list>{PARTY_MARK})(?:,\s[^,;:.()\ue000-\uf003]{{3,60}})?,?\s"
            rf"(?:{tables.alternatives('statements.with_whom')})(?!\w)"
        ),
        theirs=re.compile(
            rf"(?:{tables.alternatives('organisations.theirs')})\s(?:[\w-]+\s)?(?:{tables.alternatives('partnership.nouns')})(?!\w)"
        ),
        several=re.compile(several),
        blocks=tables.pattern("statements.blocks"),
        oblique=re.compile(rf"(?<!\w)(?:{tables.alternatives('statements.oblique')})\s+(?:[\w.-]+(?:'|\s+)){{0,3}}'?$"),
        owner=re.compile(
            rf"(?<!\w)(?:{tables.alternatives('grammar.of')})\s?(?:(?:{tables.alternatives('grammar.definite')})\s?)?$"
        ),
        noun_capitals=bool(tables.get("grammar.noun_capitals")),
        head_behind=re.compile(rf"\s(?!(?:{_small(tables)})(?!\w))(?:{tables.alternatives('grammar.heads_behind')})(?!\w)"),
        separate=tables.pattern("statements.separate"),
        border=_words(rf"{tables.alternatives('clauses.breaks')}|{tables.alternatives('grammar.that')}|:|;"),
        resumes=tables.pattern("statements.resumes"),
        not_verb=_words(_small(tables)),
        licence=re.compile(licences),
        cleft=re.compile(rf"^\W*(?:{tables.alternatives('grammar.cleft')})\s"),
        not_here=_not(tables, "acquisition", "investment", "purchase", "lawsuit"),
        bought=_not(tables, "acquisition", "investment"),
        not_behind=_not(tables, "acquisition", "investment", "lawsuit"),
    )  # fmt: skip


def _small(tables: Lexicon) -> str:
    words = tables.words("words.function") - tables.words("statements.auxiliaries")
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True)) or "(?!)"


def _not(tables: Lexicon, *kinds: str) -> re.Pattern[str]:
    return _words(tables.alternatives(*(f"not_partnership.{kind}" for kind in kinds)))


def _words(body: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)")
