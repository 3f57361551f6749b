"""From summaries to edges: gather what is said, bring the names together, and give each pair what is said of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from ..schema import ArticleInfo, Failure, Partnership, Summary
from .introductions import Introduction, introductions
from .model import Edge, Graph, Organisation, State
from .organisation_names import OrganisationKey, OrganisationNames
from .periods import Period, read_period
from .spelling_keys import name_key
from .timeline import Dated, edge_of

CROWD = 50
"""Parties of one statement above which it is counted, and no pairs are drawn."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is held of a summary."""

    article: ArticleInfo
    model: str
    created: str
    partnerships: tuple[Partnership, ...]
    introduced: tuple[Introduction, ...]

    @classmethod
    def of(cls, summary: Summary) -> "Said":
        """Take from a summary what the map needs."""
        proofs = (*(each.evidence for each in summary.partnerships), *(each.evidence for each in summary.takeaways))
        quotes = [evidence.quote for proof in proofs for evidence in proof]
        parties = {party for each in summary.partnerships for party in each.parties}
        made = summary.provenance
        return cls(
            summary.article, made.model, made.created, summary.partnerships, tuple(introductions(quotes, parties))
        )

    @property
    def age(self) -> float:
        """When it was made, in seconds since 1970; 0 where nobody says so."""
        try:
            return datetime.fromisoformat(self.created).timestamp()
        except (ValueError, OverflowError):
            return 0.0


class StatementTally:
    """What was said so far, once for each article."""

    def __init__(self) -> None:
        self._said: dict[str, Said] = {}
        self._repeated = 0
        self._failures = 0

    def add(self, summary: Summary | Failure) -> None:
        """Take a summary, or a newer one of the same article."""
        if isinstance(summary, Failure):
            self._failures += 1
            return
        said = Said.of(summary)
        # A text without a fingerprint that came from nowhere cannot be known again.
        article = said.article.sha256 or said.article.source or f"\0{len(self._said)}"
        known = self._said.setdefault(article, said)
        self._repeated += known is not said
        if said.age >= known.age:
            self._said[article] = said

    def drawn(self, names: OrganisationNames) -> Graph:
        """Draw the map of all that was said."""
        articles = list(self._said.values())
        statements = list(_statements(articles, names))
        spellings = _spellings(statements)
        shown = _shown_names(
            spellings, {names.key(each.long): each.long for said in articles for each in said.introduced}
        )
        edges = sorted(_edges(statements, shown), key=_prominence)
        return Graph(
            articles=len(self._said),
            repeated=self._repeated,
            failures=self._failures,
            alone=sum(len(statement.spellings) == 1 for statement in statements),
            crowds=sum(statement.is_crowd for statement in statements),
            organisations=tuple(_organisations(statements, shown, spellings, edges)),
            edges=tuple(edges),
        )


# --- who is meant --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Statement:
    """A partnership, and the organisations that its parties are."""

    article: int
    said: Said
    partnership: Partnership
    spellings: dict[OrganisationKey, str]
    """Who takes part, each with its spelling."""

    @property
    def is_crowd(self) -> bool:
        """Whether there are too many to pair: nobody can read the map of an assembly."""
        return len(self.spellings) > CROWD


def _statements(articles: Sequence[Said], names: OrganisationNames) -> Iterator[_Statement]:
    everywhere = _short_forms(articles, names)
    for number, said in enumerate(articles, 1):
        here = {each.short: names.key(each.long) for each in said.introduced}
        for partnership in said.partnerships:
            spellings: dict[OrganisationKey, str] = {}
            for party in filter(str.strip, partnership.parties):
                spellings.setdefault(_meant(names.key(party), here, everywhere), party)
            if spellings:
                yield _Statement(number, said, partnership, spellings)


def _short_forms(articles: Sequence[Said], names: OrganisationNames) -> dict[str, OrganisationKey]:
    """Return the short forms that mean one organisation in all articles that introduce them."""
    meant: dict[str, set[OrganisationKey]] = defaultdict(set)
    for said in articles:
        for each in said.introduced:
            if not each.is_acronym:
                meant[each.short].add(names.key(each.long))
    return {short: keys.pop() for short, keys in meant.items() if len(keys) == 1}


def _meant(
    key: OrganisationKey, here: Mapping[str, OrganisationKey], everywhere: Mapping[str, OrganisationKey]
) -> OrganisationKey:
    """Follow a short form to what it stands for; the user's table has the last word."""
    if key.named is not None:
        return key
    return here.get(key.words) or everywhere.get(key.words) or key


# --- nodes and edges -----------------------------------------------------------------------------------------------


def _spellings(statements: Iterable[_Statement]) -> dict[OrganisationKey, Counter[str]]:
    """Count the spellings of each organisation."""
    counted: dict[OrganisationKey, Counter[str]] = defaultdict(Counter)
    for statement in statements:
        for key, spelling in statement.spellings.items():
            counted[key][spelling] += 1
    return counted


def _shown_names(
    spellings: Mapping[OrganisationKey, Counter[str]], introduced: Mapping[OrganisationKey, str]
) -> dict[OrganisationKey, str]:
    """Choose a name for each: the table's, else its most frequent spelling that can be nobody else's.

    Of equals it is the shortest; where there is none, for all are acronyms of others too, the words that an article
    introduces the acronym for.
    """
    meant = Counter(words for key, counted in spellings.items() for words in {key.words, *map(name_key, counted)})
    shown = {}
    for key, counted in spellings.items():
        best = sorted(counted, key=lambda spelling: (-counted[spelling], len(spelling)))
        own = (each for each in best if name_key(each) == key.words or meant[name_key(each)] == 1)
        shown[key] = key.named or next(own, introduced.get(key, key.words))
    return shown


def _organisations(
    statements: Iterable[_Statement],
    shown: Mapping[OrganisationKey, str],
    spellings: Mapping[OrganisationKey, Counter[str]],
    edges: list[Edge],
) -> Iterator[Organisation]:
    articles: dict[OrganisationKey, set[int]] = defaultdict(set)
    for statement in statements:
        for key in statement.spellings:
            articles[key].add(statement.article)
    partners = Counter(name for edge in edges for name in edge.parties)
    for key, name in sorted(shown.items(), key=lambda item: (-len(articles[item[0]]), item[1])):
        yield Organisation(
            name=name,
            spellings=dict(spellings[key].most_common()),
            articles=len(articles[key]),
            partners=partners[name],
        )


def _edges(statements: Iterable[_Statement], shown: Mapping[OrganisationKey, str]) -> Iterator[Edge]:
    """Give each pair what was said of it; three parties are three pairs."""
    pairs: dict[tuple[str, str], list[Dated]] = defaultdict(list)
    for number, statement in enumerate(statements, 1):
        if statement.is_crowd:
            continue
        dated = _dated(number, statement)
        for one, other in combinations(sorted(shown[key] for key in statement.spellings), 2):
            pairs[one, other].append(dated)
    for pair, said in pairs.items():
        yield edge_of(pair, said)


def _dated(number: int, statement: _Statement) -> Dated:
    article, partnership = statement.said.article, statement.partnership
    period = read_period(article.published) or _as_said(statement)
    state = State(
        statement=number,
        article=statement.article,
        when=str(period) if period else None,
        published=article.published,
        source=article.source,
        title=article.title,
        language=article.language,
        sha256=article.sha256,
        model=statement.said.model,
        **dict(partnership),
    )
    return Dated(state, period)


def _as_said(statement: _Statement) -> Period | None:
    """Return the partnership's own date, unless it lay ahead when the article was read: "to be signed by 2030"."""
    said = read_period(statement.partnership.date, statement.said.article.language)
    made = read_period(statement.said.created)
    return None if said and made and said.first > made.last else said


def _prominence(edge: Edge) -> tuple[int, tuple[str, str]]:
    return -edge.articles, edge.parties
