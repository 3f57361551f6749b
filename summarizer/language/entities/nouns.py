"""Names and nouns in a language that writes both with capitals: what stands around a word tells which it is."""

import re
from dataclasses import dataclass
from functools import cache

from ..lexicon import Lexicon


@dataclass(frozen=True)
class NounRules:
    """The rules of one language, which apply to a single folded word without an article."""

    nouns: frozenset[str]
    function_words: frozenset[str]
    abstract: re.Pattern[str]
    """A noun by its ending, never a name."""
    _adverb: re.Pattern[str]
    _plural: re.Pattern[str]
    _compound: re.Pattern[str]
    _led_before: re.Pattern[str]
    _partnership_with: re.Pattern[str]
    _and_the: re.Pattern[str]
    _with_the: re.Pattern[str]
    _preposition: re.Pattern[str]
    _verb_before: re.Pattern[str]
    _after_object: re.Pattern[str]
    _acts: re.Pattern[str]

    def is_common(self, word: str) -> bool:
        """Tell whether a word can be no name, whatever stands beside it."""
        return word in self.function_words or self.is_noun(word)

    def is_noun(self, word: str) -> bool:
        """Tell whether a word is a common noun, or ends as abstract nouns do."""
        return word in self.nouns or self.abstract.fullmatch(word) is not None

    def is_partner(self, word: str, before: str) -> bool:
        """Tell "die Kooperation mit der Stadtbank": a compound that firms are named by, where a partner stands."""
        if not self._compound.fullmatch(word) or word in self.nouns:
            return False
        if self._led_before.search(before) or self._and_the.search(before):
            return True  # "an der Spitze der Sonnenkasse", "Weizengold und die Saalebank"
        article = self._with_the.search(before)
        return article is not None and (
            article.start() == 0 or self._partnership_with.search(before[: article.end() - 4]) is not None
        )

    def is_bare(self, word: str, before: str, after: str) -> bool:
        """Tell whether a word without an article stands where a noun would need one, or a plural ending."""
        if self.is_noun(word):
            return False
        if self._partnership_with.search(before):
            return True  # "eine Kooperation mit Fjordlinien"
        if self._plural.fullmatch(word):
            return False
        return bool(
            self._preposition.search(before) or (self._verb_before.search(before) and self._after_object.match(after))
        )

    def is_subject(self, word: str, after: str) -> bool:
        """Tell whether the first word of a sentence acts: "Federleicht meldete Verluste"."""
        if self.is_common(word) or self._adverb.fullmatch(word):
            return False
        return self._acts.match(after) is not None


@cache
def noun_rules(tables: Lexicon, led_before: re.Pattern[str]) -> NounRules | None:
    """Return the rules of a language, None where nouns have no capitals."""
    if not tables.get("grammar.noun_capitals"):
        return None
    words = tables.alternatives
    acting, copulas = words("grammar.acting"), words("statements.copulas")
    return NounRules(
        nouns=common_nouns(tables),
        function_words=function_words(tables),
        abstract=_ending(words("grammar.abstract_endings")),
        _adverb=_ending(words("grammar.adverb_endings")),
        _plural=_ending(words("grammar.plural_endings")),
        _compound=re.compile(words("organisations.compounds")),
        _led_before=led_before,
        _partnership_with=re.compile(
            rf"(?<!\w)(?:{words('partnership.nouns')})(?!\w)[^.,;]{{0,12}} "
            rf"(?:{words('statements.with', 'statements.between')}) '?$"
        ),
        _and_the=re.compile(rf"[a-z] (?:{words('grammar.and_the')}) $"),
        _with_the=re.compile(rf"(?:^| )(?:{words('grammar.with_the')}) $"),
        _preposition=re.compile(rf"(?<!\w)(?:{words('grammar.name_prepositions')}) '?$"),
        _verb_before=re.compile(rf"(?:{words('grammar.finite')}) $"),
        _after_object=re.compile(rf" (?:{words('grammar.after_object')})(?!\w)"),
        # A verb and an object or an adverb, with no subject of its own; or a verb alone.
        _acts=re.compile(
            rf" (?:(?:{acting}) (?:{words('grammar.after_acting')})(?!\w)|(?!(?:{copulas}),)(?:{acting})[,:])"
        ),
    )


def common_nouns(tables: Lexicon) -> frozenset[str]:
    """Return the common nouns that a language writes with capitals."""
    return frozenset(word for line in tables.words("organisations.nouns") for word in line.split())


def function_words(tables: Lexicon) -> frozenset[str]:
    """Return the words of a language that mean nothing by themselves, folded."""
    stop = frozenset(word for line in tables.words("takeaways.stop") for word in line.split())
    return stop | tables.words("words.function")


def _ending(endings: str) -> re.Pattern[str]:
    return re.compile(rf".*(?:{endings})")
