"""Who is meant: every party named in a quote, or brought in by the nearby earlier sentence that the quote leans on.

"Elle a aussi envisagé une coopération avec Google" names one party and leaves the other to the context. The sentence
that names it is found and joins the evidence, unless another organisation of the article is the one that is meant.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from ..language.entities.names import NameSpan, aliases_of, core
from ..language.lexicon import Lexicon
from ..language.normalization import fold
from ..language.statuses import find_word, is_unspaced, speaks_of_partnership
from ..schema import Reason, ReasonCode
from .document import Document
from .evidence import ClaimEvidence
from .salient_names import mentioned

REACH = 3
"""Sentences before a quote in which the party that it leaves to the context may be named."""
OPENING = 5
"""Sentences of an article, its title included, in which the organisation that it is about is introduced."""


@dataclass(frozen=True)
class Party:
    """An organisation of a claim, with the folded forms under which the article names it."""

    name: str
    forms: tuple[str, ...]

    def stands_in(self, folded: str) -> bool:
        """Tell whether a folded text names it."""
        return any(find_word(folded, form) >= 0 for form in self.forms)

    def at(self, folded: str) -> int:
        """Return where a folded text names it first, -1 where it does not."""
        return min((at for form in self.forms if (at := find_word(folded, form)) >= 0), default=-1)


def parties_of(names: Sequence[str], reading: Document) -> list[Party]:
    """Return the parties of a claim with their aliases."""
    return [reading.remember(("party", name), partial(_party, name, reading)) for name in names]


def _party(name: str, reading: Document) -> Party:
    return Party(name, aliases_of(name, reading.bracketed, reading.names_with))


def distinct(parties: Sequence[Party]) -> list[Reason]:
    """Return a reason where two parties are one organisation under two names."""
    for i, left in enumerate(parties):
        for right in parties[i + 1 :]:
            if set(left.forms) & set(right.forms) and same_organisation(left, right):
                message = f"{left.name!r} and {right.name!r} are one organisation"
                return [Reason(code=ReasonCode.PARTY_NOT_IN_EVIDENCE, message=message, value=right.name)]
    return []


def same_organisation(left: Party, right: Party) -> bool:
    """Tell whether two names are one organisation's, short for another or not."""
    a, b = core(fold(left.name)), core(fold(right.name))
    return a == b or a in right.forms or b in left.forms


def find_parties(parties: Sequence[Party], grounds: ClaimEvidence) -> tuple[ClaimEvidence, list[Reason]]:
    """Find every party in the evidence; return it with the sentences that had to join it, and what is missing.

    One sentence names them all, or the sentence that tells the most of them names one and clearly means the others, or
    a second quote joins them to it.
    """
    quoted = grounds.folded
    if not any(party.stands_in(quoted) for party in parties):
        return grounds, [_missing(party) for party in parties]
    main = main_sentence(parties, grounds)
    own = grounds.reading.folded_sentence(main)
    present = [party for party in parties if party.stands_in(own) and party.stands_in(quoted)]
    meant = AntecedentResolver(parties, present, main, grounds.reading)
    if len(present) == len(parties) and meant.are_counterparts():
        return grounds, [_missing(parties[0])]
    reasons, context, brought = [], list(grounds.context), False
    for party in parties:
        if party in present or meant.is_joined(party, grounds.sentences):
            continue
        sentence = meant.sentence_that_names(party) if len(present) == 1 else None
        if sentence is None or (brought and not meant.is_plural()):
            reasons.append(_missing(party))
        else:
            brought = True
            context.append(sentence)
    return replace(grounds, context=tuple(dict.fromkeys(context))), reasons


def find_name(party: Party, others: Sequence[Party], grounds: ClaimEvidence) -> ClaimEvidence:
    """Add the sentence that names whom a takeaway names and its quote does not; nothing where that is not clear."""
    main = main_sentence(others, grounds)
    own = grounds.reading.folded_sentence(main)
    present = [other for other in others if other.stands_in(own)]
    sentence = AntecedentResolver([party, *others], present, main, grounds.reading).sentence_that_names(party)
    if sentence is None:
        return grounds
    return replace(grounds, context=(*grounds.context, sentence))


def has_subject(parties: Sequence[Party], grounds: ClaimEvidence) -> bool:
    """Tell whether the quotes have a subject of their own that is none of these: then nobody is left to the context."""
    main = main_sentence(parties, grounds)
    return bool(AntecedentResolver(parties, [], main, grounds.reading).subjects(main))


def is_meant(party: Party, grounds: ClaimEvidence) -> bool:
    """Tell whether the quotes, which name nobody, can only mean `party`."""
    return AntecedentResolver([party], [], main_sentence([party], grounds), grounds.reading).is_protagonist(party)


def is_another_meant(party: Party, others: Sequence[Party], i: int, grounds: ClaimEvidence) -> bool:
    """Tell whether a quoted sentence that does not name `party` means another: it names one, or follows on one.

    `others` are whom the claim names as well. What follows on nobody is said of the one that the article is about.
    """
    own = grounds.reading.folded_sentence(i)
    present = [other for other in others if other.stands_in(own)]
    meant = AntecedentResolver([party, *others], present, i, grounds.reading)
    follows = i > 0 and party.stands_in(grounds.reading.folded_sentence(i - 1))
    if follows or is_topic(party, grounds.reading):
        return meant.has_subject_of_its_own()
    speaks = is_first_person(i, grounds.reading)
    earlier = [] if speaks else [other for other in grounds.sentences if other < i]
    if meant.sentence_that_names(party) is not None or meant.is_joined(party, earlier):
        return False
    return speaks or meant.has_subject_of_its_own() or has_topic(grounds.reading)


def main_sentence(parties: Sequence[Party], grounds: ClaimEvidence) -> int:
    """Return the quoted sentence that names most of the parties; of equals the one with the rarest, then the last.

    One that names only whom the article is about is there for the name.
    """
    reading = grounds.reading
    if len(grounds.sentences) == 1:
        return grounds.sentences[0]
    we = any(is_first_person(i, reading) for i in grounds.sentences)

    def rank(i: int) -> tuple[int, bool, int, int]:
        named = [party for party in parties if party.stands_in(reading.folded_sentence(i))]
        tells = not all(is_topic(party, reading) or (we and _is_introduced_first(party, reading)) for party in named)
        return len(named), tells, -min((mentions(party, reading) for party in named), default=0), i

    return max(grounds.sentences, key=rank)


def _missing(party: Party) -> Reason:
    message = f"{party.name!r} is neither named in the quoted words nor clearly meant by them"
    return Reason(code=ReasonCode.PARTY_NOT_IN_EVIDENCE, message=message, value=party.name)


@dataclass(frozen=True)
class AntecedentResolver:
    """Whom the main sentence of a claim means beside those that it names."""

    parties: Sequence[Party]
    present: Sequence[Party]
    main: int
    reading: Document

    def is_joined(self, party: Party, quoted: Sequence[int]) -> bool:
        """Tell whether another quote names a party together with one of the others, or as one more that joins in."""
        for i in quoted:
            folded = self.reading.folded_sentence(i)
            if i == self.main or not party.stands_in(folded):
                continue
            if any(other.stands_in(folded) for other in self.parties if other is not party):
                return True
            if self._is_meant_by(party, i) and not self._names_another():
                return True
            if (
                len(self.present) > 1
                and i > self.main
                and not self._outsiders(i)
                and _tells_of_doing_together(folded, self.reading)
            ):
                return True
        return False

    def are_counterparts(self) -> bool:
        """Tell whether all parties stand in one list behind a "with": then they are partners of a third."""
        own = self.reading.folded_sentence(self.main)
        places = sorted(party.at(own) for party in self.present)
        if self.reading.lexicon is None or not all(_is_behind(own, at, self.reading, "with") for at in places):
            return False
        links = self.reading.lexicon.pattern("clauses.links")
        linked = all(links.search(own, a, b) for a, b in pairwise(places[-2:]))
        return linked and all(in_one_list(own, a, b) for a, b in pairwise(places))

    def is_plural(self) -> bool:
        """Tell whether the main sentence may mean several at once: "their pact", "les deux groupes"."""
        tables = self.reading.lexicon
        own = self.reading.folded_sentence(self.main)
        return tables is None or tables.pattern("anaphora.plural").search(own) is not None

    def sentence_that_names(self, party: Party) -> int | None:
        """Return the sentence that makes clear that the main one means `party`, None where it may mean another."""
        if party.stands_in(self.reading.folded_sentence(self.main)):  # the quote is a clause of it
            return self.main if self._is_meant_by(party, self.main) else None
        if self._names_another():
            return None
        if self.is_protagonist(party):
            return self._nearest_that_names(party)
        for i in range(self.main - 1, max(-1, self.main - 1 - REACH), -1):
            if party.stands_in(self.reading.folded_sentence(i)):
                return i if self._is_meant_by(party, i) and not self._is_told_by_another(party, i) else None
            if self.subjects(i):
                return None  # an organisation named since then is the one that is meant
        return None

    def has_subject_of_its_own(self) -> bool:
        """Tell whether the main sentence is about another organisation of the article, named in it."""
        return any(
            is_organisation(name, self.reading) and _opens(name, self.main, self.reading, words=3)
            for name in self.subjects(self.main)
        )

    def is_protagonist(self, party: Party) -> bool:
        """Tell whether the article is about `party`, or it is whose side is told where the main sentence says "we"."""
        if is_topic(party, self.reading):
            return True
        return is_first_person(self.main, self.reading) and _is_introduced_first(party, self.reading)

    def _nearest_that_names(self, party: Party) -> int | None:
        """Return the nearest earlier sentence with the protagonist, unless the talk came to another since then.

        It did where a sentence of the same paragraph begins with another, or the paragraph before is about one; "we"
        goes on being the one that is asked.
        """
        rivalled = not _prevails(party, self.reading)
        told_by_us = is_first_person(self.main, self.reading)
        breaks = 0
        for i in range(self.main - 1, -1, -1):
            breaks += self.reading.is_apart(i)
            if party.stands_in(self.reading.folded_sentence(i)):
                if told_by_us or not rivalled or self._leads(party, i):
                    return i
                if self.subjects(i):
                    return None
            if told_by_us or breaks > 1 or (breaks == 1 and not (i == 0 or self.reading.is_apart(i - 1))):
                continue
            nearer = self.subjects(i)
            heads = nearer and (rivalled or _opens(nearer[0], i, self.reading))
            if heads and not _takes_up(i, self.reading):
                return None
        return None

    def _is_told_by_another(self, party: Party, i: int) -> bool:
        """Tell whether the main sentence says "we", and the sentence that names a party brings nobody who speaks."""
        tables = self.reading.lexicon
        if tables is None or not is_first_person(self.main, self.reading):
            return False
        own = self.reading.folded_sentence(i)
        return not any(tables.pattern(f"organisations.{table}").search(own) for table in ("people", "leads"))

    def _is_meant_by(self, party: Party, i: int) -> bool:
        """Tell whether a sentence's first organisation is `party`, and not a counterpart: a pronoun takes that one up.

        Or whether the sentence brings it together with a party that the main one names.
        """
        own = self.reading.folded_sentence(i)
        if i != self.main and any(other.stands_in(own) for other in self.present):
            return True
        return is_topic(party, self.reading) or self._leads(party, i)

    def _leads(self, party: Party, i: int) -> bool:
        """Tell whether `party` is the first organisation of a sentence, and nobody's counterpart in it."""
        own = self.reading.folded_sentence(i)
        at = party.at(own)
        before = [name for name in self.subjects(i) if find_word(own, name.folded) < at]
        if before or _is_behind(own, at, self.reading, "with"):
            return False
        alone = not self._outsiders(i) and not any(p.stands_in(own) for p in self.parties if p is not party)
        return alone or not _follows_with(own, at, self.reading)

    def subjects(self, i: int) -> list[NameSpan]:
        """Return the other organisations of a sentence that stand behind no preposition: what a pronoun may take up."""
        own = self.reading.folded_sentence(i)
        places = [(name, find_word(own, name.folded)) for name in self._outsiders(i)]
        return [name for name, at in places if at >= 0 and not _follows_with(own, at, self.reading)]

    def _outsiders(self, i: int) -> list[NameSpan]:
        return outsiders(i, self.parties, self.reading)

    def _names_another(self) -> bool:
        """Tell whether the main sentence has an organisation of its own in the place of one that is missing.

        It stands there as a subject, or as a counterpart beside which the party that is named does not stand:
        "with Deepseek and Bytedance" leaves its subject open for both.
        """
        own = self.reading.folded_sentence(self.main)
        found = min((at for party in self.present if (at := party.at(own)) >= 0), default=-1)
        for name in self._outsiders(self.main):
            at = find_word(own, name.folded)
            listed = in_one_list(own, *sorted((at, found))) and _is_behind(own, min(at, found), self.reading, "with")
            if (
                at >= 0
                and not listed
                and (_is_counterpart(name, self.main, self.reading) or _is_nominal(own, at, self))
            ):
                return True
        return False


def _is_nominal(own: str, at: int, meant: AntecedentResolver) -> bool:
    """Tell whether a name stands as a subject or an object, behind no preposition, and does not only say something."""
    tables = meant.reading.lexicon
    if tables is None:
        return True
    return not _follows_with(own, at, meant.reading) and not _reports(own, at, tables)


def _reports(own: str, at: int, tables: Lexicon) -> bool:
    """Tell whether a name only says something: "said Orrin", not "said that Orrin"."""
    cues = tables.pattern("reporting.cues")
    if cues.search(own, at, min(len(own), at + 40)):
        return True
    before = [cue.end() for cue in cues.finditer(own, max(0, at - 16), at)]
    return bool(before) and not _THAT.search(own, before[-1], at)


_THAT = re.compile(r"(?<!\w)(?:that|dass|que|qu'|che|dat)(?!\w)")


def outsiders(i: int, parties: Sequence[Party], reading: Document) -> list[NameSpan]:
    """Return the organisations of a sentence that are no party of a claim: by their number, or by where they stand."""
    names = tuple(party.name for party in parties)
    return reading.remember(("outsiders", i, names), partial(_outsiders, i, parties, reading))


def _outsiders(i: int, parties: Sequence[Party], reading: Document) -> list[NameSpan]:
    return [
        name
        for name in mentioned(i, reading)
        if not any(_same_name(party, name) for party in parties)
        and (
            is_organisation(name, reading)
            or _is_counterpart(name, i, reading)
            or _is_beside(name, i, parties, reading)
            or is_unspaced(name.folded[0])
            or _is_head(name, i, reading)
        )
    ]


def _is_head(name: NameSpan, i: int, reading: Document) -> bool:
    """Tell whether a name is the subject that a sentence begins with, however seldom the article has it."""
    named = mentioned(i, reading)
    own = reading.folded_sentence(i)
    at = find_word(own, name.folded)
    tables = reading.lexicon
    if not named or named[0] != name or at < 1 or tables is None or _follows_with(own, at, reading):
        return False  # a single word that opens a sentence may be any word
    return tables.pattern("reporting.cues").search(own, max(0, at - 10), min(len(own), at + 40)) is None


def _is_beside(name: NameSpan, i: int, parties: Sequence[Party], reading: Document) -> bool:
    """Tell whether a name stands in one list with a party: "Brévane et l'enseigne Verdomis"."""
    own = reading.folded_sentence(i)
    at = find_word(own, name.folded)
    places = [place for party in parties if (place := party.at(own)) >= 0]
    return at >= 0 and any(in_one_list(own, *sorted((at, place))) for place in places)


def _opens(name: NameSpan, i: int, reading: Document, *, words: int = 1) -> bool:
    """Tell whether a name stands at the head of its sentence, as what it is about."""
    return len(reading.text[reading.sentences[i].start : name.start].split()) <= words


def _same_name(party: Party, name: NameSpan) -> bool:
    return party.stands_in(name.folded) or find_word(fold(party.name), name.folded) >= 0


_ADJECTIVE = re.compile(r"\s(?!(?:en|et|and|und|y|e|ed|ou|or|o)\s)[a-zà-öø-ÿ-]+\s(?:[a-zà-öø-ÿ-]+\s)?[A-ZÀ-Ý]")


def _is_counterpart(name: NameSpan, i: int, reading: Document) -> bool:
    """Tell whether a name follows a "with", a "between" or the word for a firm, and is no adjective.

    "with Faroese operator Skarvair" has one counterpart.
    """
    if _ADJECTIVE.match(reading.text[name.end : name.end + 60]) or reading.lexicon is None:
        return False
    own = reading.folded_sentence(i)
    at = find_word(own, name.folded)
    if at < 0:
        return False
    if any(_behind(own, at, reading.lexicon, f"statements.{word}", nearest=True) for word in ("with", "between")):
        return True
    firms = reading.lexicon.pattern("organisations.firms").finditer(own, max(0, at - 40), at)
    return any(len(own[firm.end() : at].split()) <= 1 for firm in firms)


def _is_behind(folded: str, at: int, reading: Document, word: str) -> bool:
    return reading.lexicon is not None and _behind(folded, at, reading.lexicon, f"statements.{word}")


def _follows_with(folded: str, at: int, reading: Document) -> bool:
    """Tell whether a name follows a "with", a few words between: "avec le laboratoire sud-coréen Kelmade"."""
    tables = reading.lexicon
    if tables is None:
        return at > 3
    return any(_behind(folded, at, tables, table) for table in ("statements.with", "clauses.prepositions"))


def _behind(folded: str, at: int, tables: Lexicon, table: str, *, nearest: bool = False) -> bool:
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
    return len(_IN_A_LIST.sub("", between).split()) <= 4 and not _END.search(between)


_SIGN, _END = re.compile(r"[,.;:()]"), re.compile(r"[.;:()]")
_IN_A_LIST = re.compile(r"(?:,|\b(?:et|and|und|y|e|en|ed)\b)\s*")


def _tells_of_doing_together(folded: str, reading: Document) -> bool:
    return reading.lexicon is None or speaks_of_partnership(folded, reading.lexicon)


_LISTED = re.compile(
    r"^[\w&.'’-]+(?:\s[\w&.'’-]+){0,3}?"
    r"(?:(?:,\s?|、|と|や|\s(?:et|and|und|y|e|ed|en|ou|or|oder|o|&)\s)(?:[\w'-]+\s?){0,4}?)+$"
)


_JOINING = re.compile(r"[,、とや]|\s(?:et|and|und|y|e|ed|en|ou|or|oder|o|&)\s")
"""What such a list has, looked for first."""


def in_one_list(folded: str, left: int, right: int) -> bool:
    """Tell whether two names stand side by side: "with Deepseek and Bytedance", a few words between."""
    between = folded[left:right]
    return len(between) < 80 and _JOINING.search(between) is not None and _LISTED.match(between) is not None


def is_organisation(name: NameSpan, reading: Document) -> bool:
    """Tell whether a name may be an organisation's: its last word stands there again, or it has a legal form."""
    if core(name.folded) != name.folded:
        return True
    return reading.count(_GAP.split(name.folded)[-1]) >= 2


_GAP = re.compile(r"[\s-]")


def is_topic(party: Party, reading: Document) -> bool:
    """Tell whether the article is about `party`: it is named far more than others, or first and not much less."""
    return reading.remember(("topic", party.forms), partial(_is_topic, party, reading))


def has_topic(reading: Document) -> bool:
    """Tell whether an article is about one organisation more than about any other."""
    return any(
        is_topic(party, reading)
        for name, count in reading.name_counts.most_common(3)
        if count > 1
        for party in parties_of([name], reading)
    )


def _is_topic(party: Party, reading: Document) -> bool:
    if _prevails(party, reading):
        return True
    own = mentions(party, reading)
    return own >= 2 and _is_introduced_first(party, reading) and own >= _most_of_organisations(party, reading)


def _prevails(party: Party, reading: Document) -> bool:
    """Tell whether no other name stands in an article nearly as often."""
    own = mentions(party, reading)
    return own >= 3 and own >= 1.5 * _most_of_others(party, reading)


def _most_of_organisations(party: Party, reading: Document) -> int:
    names = (name.folded for i in range(len(reading.sentences)) for name in mentioned(i, reading))
    ranked = reading.remember("organisations by count", lambda: _ranked(names, reading))
    return next((count for count, name in ranked if not party.stands_in(name)), 0)


def _most_of_others(party: Party, reading: Document) -> int:
    ranked = reading.remember("names by count", lambda: _ranked(reading.name_counts, reading))
    return next((count for count, name in ranked if not party.stands_in(name)), 0)


def _ranked(names: Iterable[str], reading: Document) -> list[tuple[int, str]]:
    return sorted(((reading.count(name), name) for name in set(names)), reverse=True)


def is_first_person(i: int, reading: Document) -> bool:
    """Tell whether a sentence says "we" or "I", or speaks to the one who does: "you"."""
    tables = reading.lexicon
    own = reading.folded_sentence(i)
    return tables is not None and any(tables.pattern(f"organisations.{table}").search(own) for table in ("we", "me"))


def _takes_up(i: int, reading: Document) -> bool:
    """Tell whether a sentence goes on with whom it does not name: "the bank lent the company 20 million"."""
    tables = reading.lexicon
    own = reading.folded_sentence(i)
    return tables is not None and any(
        tables.pattern(f"organisations.{table}").search(own) for table in ("anaphors", "we")
    )


def _is_introduced_first(party: Party, reading: Document) -> bool:
    """Tell whether an article begins with a party: before all other organisations, and beside none."""
    for i in range(min(OPENING, len(reading.sentences))):
        own = reading.folded_sentence(i)
        at = party.at(own)
        others = [name for name in mentioned(i, reading) if not _same_name(party, name)]
        before = [name for name in others if at < 0 or find_word(own, name.folded) < at]
        if any(is_organisation(name, reading) for name in before):
            return False
        if at >= 0:
            return not _is_behind(own, at, reading, "with")
        if others and reading.lexicon is not None and reading.lexicon.pattern("organisations.leads").search(own):
            return False
    return False


def mentions(party: Party, reading: Document) -> int:
    """Return how often the article names a party, in whatever form."""
    return max((reading.count(form) for form in party.forms), default=0)
