"""The patterns of a relation between organisations, put together from the lexicon of a language.

All of them read masked text (see `masking`), in which an organisation is one mark. A list of organisations is one
pattern, and so are "with" and a list, "between" and a list, several as the subject, and verbs with another preposition.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property

from ...language.coreference import described_firms
from ...language.entities.masking import PARTY_MARK
from ...language.lexicon import Lexicon, alternatives, lexicon

_NAME = (
    rf"{PARTY_MARK}(?:'s?(?!\w))?(?:\s?\([^()]{{1,40}}\))?"
    r"(?:\s[a-z]{2,3}\s(?:[a-z]{3,9}\s)?(?:19|20)\d\d(?=,?\s(?!\d)))?"
)
"""A mark with its genitive, what stands in brackets behind it, and since when: "with Lidgen in 2017 and Halden"."""
_ASIDE = r"(?:,\s[^,;:.()]{3,70}(?=,))?"
"""An apposition."""
_OTHER_CLAUSE = "[^;:.()\ue000-\uf000]"
"""A character that ends no clause and is nobody."""


@cache
def relation_patterns(tag: str) -> "RelationPatterns | None":
    """Return the patterns of a language by its BCP 47 tag, None where it has no tables."""
    tables = lexicon(tag)
    return None if tables is None or tables.get("statements") is None else RelationPatterns(tables)


@dataclass(frozen=True)
class RelationPatterns:
    """The patterns of one language, each compiled on first use."""

    tables: Lexicon

    # --- words ------------------------------------------------------------------------------------------------------

    @cached_property
    def strong(self) -> re.Pattern[str]:
        """A word for a partnership that means nothing else."""
        return self.tables.pattern("partnership.strong")

    @cached_property
    def company(self) -> re.Pattern[str]:
        """A word of doing something together, without the talks."""
        return self._words("partnership.verbs", "partnership.partners", "partnership.nouns")

    @cached_property
    def cue(self) -> re.Pattern[str]:
        """Any word of doing something together, or of talking about it."""
        together = ("partnership.verbs", "partnership.partners", "partnership.nouns")
        return self._words(*together, "partnership.talks", "status.in_talks")

    @cached_property
    def deal(self) -> re.Pattern[str]:
        """A noun for a partnership."""
        return self._words("partnership.nouns")

    @cached_property
    def doing(self) -> re.Pattern[str]:
        """A verb that makes a partnership only in company: to build, to test with somebody."""
        return self._words("statements.doing", "statements.plans", "status.considered")

    @cached_property
    def with_word(self) -> re.Pattern[str]:
        return self._words("statements.with")

    @cached_property
    def licence(self) -> re.Pattern[str]:
        return re.compile(self._any("partnership.licences"))

    @cached_property
    def route(self) -> re.Pattern[str]:
        """A train, a flight, a road: "between" and two places follow."""
        return re.compile(rf"{self._words('statements.routes').pattern}(?:\s[\w-]+){{0,2}}\s$")

    @cached_property
    def separate(self) -> re.Pattern[str]:
        """Plurals: each of the list has a partnership of its own."""
        return self.tables.pattern("statements.separate")

    @cached_property
    def resumes(self) -> re.Pattern[str]:
        """What takes up the partnership of the sentence before."""
        return self.tables.pattern("statements.resumes")

    @cached_property
    def theirs(self) -> re.Pattern[str]:
        """ "Their agreement", at the head of a sentence."""
        return re.compile(
            rf"(?:{self._any('organisations.theirs')})\s(?:[\w-]+\s)?(?:{self._any('partnership.nouns')})(?!\w)"
        )

    # --- what is no partnership ---------------------------------------------------------------------------------------

    @cached_property
    def blocks(self) -> re.Pattern[str]:
        return self.tables.pattern("statements.blocks")

    @cached_property
    def not_here(self) -> re.Pattern[str]:
        """What is no partnership, said of the deal itself: a purchase, a takeover, a loan, a lawsuit."""
        return self._words(
            *(f"not_partnership.{kind}" for kind in ("acquisition", "investment", "purchase", "lawsuit"))
        )

    @cached_property
    def bought(self) -> re.Pattern[str]:
        """A takeover or a stake, wherever it stands."""
        return self._words("not_partnership.acquisition", "not_partnership.investment")

    @cached_property
    def not_behind(self) -> re.Pattern[str]:
        """The same, and a lawsuit, said of what talks are about."""
        return self._words(*(f"not_partnership.{kind}" for kind in ("acquisition", "investment", "lawsuit")))

    # --- clauses ------------------------------------------------------------------------------------------------------

    @cached_property
    def border(self) -> re.Pattern[str]:
        """Where a clause begins."""
        return re.compile(rf"(?<!\w)(?:{self._any('clauses.breaks', 'grammar.that')}|:|;)(?!\w)")

    @cached_property
    def belongs(self) -> re.Pattern[str]:
        """What may stand between the word and "with": whose it is, and nobody else."""
        return re.compile(rf"(?:\s{self._of_the}{PARTY_MARK})?{_OTHER_CLAUSE}*")

    @cached_property
    def goes_on(self) -> re.Pattern[str]:
        """What may stand between "A and B" and the word: one clause, and nobody else."""
        return re.compile(
            r"[^,;:.\ue000-\uf000]{0,12}(?:,[^,;:.]{3,70},)?"
            rf"(?:(?!{self._words('clauses.breaks').pattern})[^;:.\ue000-\uf000])*"
        )

    @cached_property
    def oblique(self) -> re.Pattern[str]:
        """A preposition and what may stand between it and the name: who follows is no subject."""
        return re.compile(rf"(?<!\w)(?:{self._any('statements.oblique')})\s+(?:[\w.-]+(?:'|\s+)){{0,3}}'?$")

    @cached_property
    def owner(self) -> re.Pattern[str]:
        """ "Of" and an article right before a name."""
        return re.compile(rf"(?<!\w){self._of_the}$")

    @cached_property
    def cleft(self) -> re.Pattern[str]:
        """ "It is with Galénis that Biovance …"."""
        return re.compile(rf"^\W*(?:{self._any('grammar.cleft')})\s")

    @cached_property
    def noun_capitals(self) -> bool:
        """Every noun has a capital."""
        return bool(self.tables.get("grammar.noun_capitals"))

    @cached_property
    def not_verb(self) -> re.Pattern[str]:
        """A small word that is no verb: what stands before it is no subject."""
        return re.compile(rf"(?<!\w)(?:{self._small})(?!\w)")

    @cached_property
    def head_behind(self) -> re.Pattern[str]:
        """A plain noun that the last name only describes: "RPA platforms"."""
        return re.compile(rf"\s(?!(?:{self._small})(?!\w))(?:{self._any('grammar.heads_behind')})(?!\w)")

    # --- slots: where partners stand ----------------------------------------------------------------------------------

    @cached_property
    def several(self) -> re.Pattern[str]:
        """Two or more organisations side by side."""
        return re.compile(
            rf"{self._item}{_ASIDE}(?:(?:\s*,\s*{self._item}{_ASIDE}){{0,12}}{self._link}{self._item}){{1,3}}"
        )

    @cached_property
    def with_list(self) -> re.Pattern[str]:
        """ "With A and B", "with several banks, including A", "with its partner, A"."""
        among = rf"[^.;:()\ue000-\uf000]{{0,60}}(?<!\w)(?:{self._any('statements.including')})\s+"
        own = self._any("organisations.possessives", "grammar.indefinite")
        described = rf"(?:{own})\s+(?:[\w-]+\s+){{0,3}}[\w-]+,\s+(?={PARTY_MARK})"
        return re.compile(
            rf"(?<!\w)(?:{self._any('statements.with')})\s+(?:{among})?(?P<list>(?:{described})?{self._some})"
        )

    @cached_property
    def with_described(self) -> re.Pattern[str]:
        """ "With the airline", which has been named before."""
        described = described_firms(self.tables.tag).pattern
        return re.compile(rf"(?<!\w)(?:{self._any('statements.with')})\s+(?P<described>{described})")

    @cached_property
    def with_nobody(self) -> re.Pattern[str]:
        """ "With several companies." at the end of a sentence: the next one may name them."""
        return re.compile(rf"(?<!\w)(?:{self._any('statements.with')})\s[^,;:.\ue000-\uf003]{{3,60}}[.:]?\s*$")

    @cached_property
    def listing(self) -> re.Pattern[str]:
        """ "They include: A, B and C", at the head of a sentence."""
        return re.compile(rf"(?:{self._any('statements.listings')})\s?:?\s+(?P<list>{self._some})")

    @cached_property
    def to_list(self) -> re.Pattern[str]:
        """ "A partnership to B", "a partner of B", "partnerships include B"."""
        of = self.tables.get("grammar.of") or ()
        to = alternatives(word for word in self.tables.get("statements.with_verb") or () if word not in of)
        return re.compile(
            rf"(?<!\w)(?:{self._any('partnership.strong')})"
            rf"(?:\s+(?:{to}|{self._any('statements.includes')})(?:(?<=')|\s+)|(?:(?<=\sof)|(?<=\sde))\s+)(?P<list>{self._some})"
        )

    @cached_property
    def binds_list(self) -> re.Pattern[str]:
        """ "The agreement that bound it to B"."""
        return re.compile(
            rf"{self._words('partnership.nouns').pattern}[^,;:.\ue000-\uf000]{{0,40}}?\s"
            rf"(?:{self._any('statements.binds')})\s+(?P<list>{self._some})"
        )

    @cached_property
    def courts_list(self) -> re.Pattern[str]:
        """ "It courted B", "its partner B", "A, partner of B"."""
        of = rf"(?:\s(?:{self._any('grammar.of')})(?:(?<=')|(?=\s)))?"
        return re.compile(
            rf"(?<!\w)(?:{self._any('statements.courts', 'partnership.partners')}){of}\s*(?P<list>{self._some})"
        )

    @cached_property
    def between_list(self) -> re.Pattern[str]:
        """ "Between A and B", "linking A to B"."""
        joined = rf"(?:{self._link}|\s+(?:{self._with_or_to})(?:(?<=')|\s+))"
        pair = rf"{self._item}(?:\s*,\s*{self._item}){{0,6}}{joined}{self._item}(?:{self._link}{self._item})?"
        return re.compile(rf"(?<!\w)(?:{self._any('statements.between')})\s+(?P<list>{pair})")

    @cached_property
    def licence_list(self) -> re.Pattern[str]:
        """ "A licence of A to B"."""
        return re.compile(
            rf"(?<!\w)(?:{self.licence.pattern})(?!\w)[^.;]{{0,40}}(?P<left>{PARTY_MARK})[^.;,]{{0,30}}"
            rf"\s(?:{self._any('statements.with_verb')})\s+(?P<list>{self._item})"
        )

    @cached_property
    def granted_list(self) -> re.Pattern[str]:
        """ "It has granted Hollis a licence", "accordé à Hollis une licence"."""
        return re.compile(
            rf"{self._words('statements.grants').pattern}[^.;:,]{{0,40}}?(?P<list>{PARTY_MARK})\s"
            rf"(?:[\w'-]+\s){{0,3}}?(?:{self.licence.pattern})"
        )

    @cached_property
    def whom_list(self) -> re.Pattern[str]:
        """ "Alibaba, with whom …": who stands before is the partner, and who follows acts."""
        return re.compile(
            rf"(?P<list>{PARTY_MARK})(?:,\s[^,;:.()\ue000-\uf003]{{3,60}})?,?\s"
            rf"(?:{self._any('statements.with_whom')})(?!\w)"
        )

    # --- pieces of them -----------------------------------------------------------------------------------------------

    def _any(self, *lists: str) -> str:
        return self.tables.alternatives(*lists)

    def _words(self, *lists: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{self._any(*lists)})(?!\w)")

    @cached_property
    def _small(self) -> str:
        words = self.tables.words("words.function") - self.tables.words("statements.auxiliaries")
        return "|".join(sorted(map(re.escape, words), key=len, reverse=True)) or "(?!)"

    @cached_property
    def _of_the(self) -> str:
        return rf"(?:{self._any('grammar.of')})\s?(?:(?:{self._any('grammar.definite')})\s?)?"

    @cached_property
    def _with_or_to(self) -> str:
        return f"{self._any('statements.with')}|{self._any('statements.with_verb')}"

    @cached_property
    def _item(self) -> str:
        """A name and up to six words before it, none of which ends the list: "the Swiss retailer A"."""
        word = rf"(?!(?:{self._any('statements.stops', 'statements.with')})(?!\w))[\w.-]+(?:'|\s+'?)"
        not_of = "".join(rf"(?<!\s{word}\s)" for word in self.tables.get("grammar.of") or () if not word.endswith("'"))
        return rf"(?:|(?:{word}){{1,6}}?{not_of})['(]?{_NAME}"

    @cached_property
    def _link(self) -> str:
        """ "And" between two names, with a preposition again or not."""
        return rf"\s*,?\s*(?<!\w)(?:{self._any('statements.and')})(?!\w)\s*(?:(?:{self._with_or_to})(?:(?<=')|\s+))?"

    @cached_property
    def _some(self) -> str:
        """One name, or a list of them."""
        joined = self._any("statements.and")
        bare = rf"{_NAME}(?:\s*,\s*{_NAME}){{2,12}}(?=\s*(?:$|[.;)])|\s*,?\s(?:{joined})\s(?!{PARTY_MARK}))"
        return rf"(?:{bare}|{self._item}(?:(?:\s*,\s*{self._item}){{0,12}}{self._link}{self._item}){{0,3}})"
