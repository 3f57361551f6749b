"""Build the graph: collect the statements, merge the names, and assign the statements to pairs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from ..schema import ArticleInfo, Failure, Partnership, Summary
from .graph_model import Edge, Graph, Organisation, State
from .introductions import Introduction, introductions
from .organisation_names import OrganisationKey, OrganisationNames
from .periods import Period, read_period
from .spelling_keys import name_key
from .timeline import Dated, edge_of

CROWD = 50
"""Parties of a statement above which it is counted, but makes no edges."""


@dataclass(frozen=True, slots=True)
class _SummaryRecord:
    """The parts of a summary that the graph needs."""

    article: ArticleInfo
    model: str
    created: str
    partnerships: tuple[Partnership, ...]
    introduced: tuple[Introduction, ...]

    @classmethod
    def of(cls, summary: Summary) -> "_SummaryRecord":
        """Extract the record of a summary."""
        proofs = (*(each.evidence for each in summary.partnerships), *(each.evidence for each in summary.takeaways))
        quotes = [evidence.quote for proof in proofs for evidence in proof]
        parties = {party for each in summary.partnerships for party in each.parties}
        introduced = tuple(introductions(quotes, parties))
        provenance = summary.provenance
        return cls(summary.article, provenance.model, provenance.created, summary.partnerships, introduced)

    @property
    def timestamp(self) -> float:
        """When it was created, in seconds since 1970; 0 where that is unknown."""
        try:
            return datetime.fromisoformat(self.created).timestamp()
        except (ValueError, OverflowError):
            return 0.0


class GraphBuilder:
    """Collects the statements of summaries, once for each article."""

    def __init__(self) -> None:
        self._records: dict[str, _SummaryRecord] = {}
        self._repeated = 0
        self._failures = 0

    def add(self, summary: Summary | Failure) -> None:
        """Add a summary, or replace an older one of the same article."""
        if isinstance(summary, Failure):
            self._failures += 1
            return
        record = _SummaryRecord.of(summary)
        # A text with neither a fingerprint nor a source cannot be recognized.
        article = record.article.sha256 or record.article.source or f"\0{len(self._records)}"
        known = self._records.setdefault(article, record)
        self._repeated += known is not record
        if record.timestamp >= known.timestamp:
            self._records[article] = record

    def build(self, names: OrganisationNames) -> Graph:
        """Build the graph of all statements."""
        articles = list(self._records.values())
        statements = list(_statements(articles, names))
        spellings = _spellings(statements)
        introduced = {names.key(each.long): each.long for record in articles for each in record.introduced}
        shown = _display_names(spellings, introduced)
        edges = sorted(_edges(statements, shown), key=lambda edge: (-edge.articles, edge.parties))
        return Graph(
            articles=len(self._records),
            repeated=self._repeated,
            failures=self._failures,
            alone=sum(len(statement.spellings) == 1 for statement in statements),
            crowds=sum(statement.is_crowd for statement in statements),
            organisations=tuple(_organisations(statements, shown, spellings, edges)),
            edges=tuple(edges),
        )


# --- organisations -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Statement:
    """A partnership with its organisations."""

    article: int
    record: _SummaryRecord
    partnership: Partnership
    spellings: dict[OrganisationKey, str]
    """Its organisations, each as it is spelled."""

    @property
    def is_crowd(self) -> bool:
        """Whether it has too many parties for edges: the graph of an assembly is unreadable."""
        return len(self.spellings) > CROWD


def _statements(articles: Sequence[_SummaryRecord], names: OrganisationNames) -> Iterator[_Statement]:
    everywhere = _short_forms(articles, names)
    for number, record in enumerate(articles, 1):
        here = {each.short: names.key(each.long) for each in record.introduced}
        for partnership in record.partnerships:
            spellings: dict[OrganisationKey, str] = {}
            for party in filter(str.strip, partnership.parties):
                spellings.setdefault(_resolved(names.key(party), here, everywhere), party)
            if spellings:
                yield _Statement(number, record, partnership, spellings)


def _short_forms(articles: Sequence[_SummaryRecord], names: OrganisationNames) -> dict[str, OrganisationKey]:
    """Return the short forms that stand for the same organisation in all articles that introduce them."""
    meant: dict[str, set[OrganisationKey]] = defaultdict(set)
    for record in articles:
        for each in record.introduced:
            if not each.is_acronym:
                meant[each.short].add(names.key(each.long))
    return {short: keys.pop() for short, keys in meant.items() if len(keys) == 1}


def _resolved(
    key: OrganisationKey, here: Mapping[str, OrganisationKey], everywhere: Mapping[str, OrganisationKey]
) -> OrganisationKey:
    """Resolve a short form to its organisation; the user's table takes precedence."""
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


def _display_names(
    spellings: Mapping[OrganisationKey, Counter[str]], introduced: Mapping[OrganisationKey, str]
) -> dict[OrganisationKey, str]:
    """Choose a name for each: the table's, else its most frequent unambiguous spelling, the shortest of equals.

    Where every spelling is also an acronym of another organisation, it is the long form that an article introduces.
    """
    uses = Counter(words for key, counted in spellings.items() for words in {key.words, *map(name_key, counted)})
    shown = {}
    for key, counted in spellings.items():
        best = sorted(counted, key=lambda spelling: (-counted[spelling], len(spelling)))
        own = (each for each in best if name_key(each) == key.words or uses[name_key(each)] == 1)
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
    """Build the edge of each pair from its statements; three parties are three pairs."""
    pairs: dict[tuple[str, str], list[Dated]] = defaultdict(list)
    for number, statement in enumerate(statements, 1):
        if statement.is_crowd:
            continue
        dated = _dated(number, statement)
        for one, other in combinations(sorted(shown[key] for key in statement.spellings), 2):
            pairs[one, other].append(dated)
    for pair, states in pairs.items():
        yield edge_of(pair, states)


def _dated(number: int, statement: _Statement) -> Dated:
    article, partnership = statement.record.article, statement.partnership
    period = read_period(article.published) or _own_period(statement)
    state = State(
        statement=number,
        article=statement.article,
        when=str(period) if period else None,
        published=article.published,
        source=article.source,
        title=article.title,
        language=article.language,
        sha256=article.sha256,
        model=statement.record.model,
        **dict(partnership),
    )
    return Dated(state, period)


def _own_period(statement: _Statement) -> Period | None:
    """Return the partnership's own date, unless it was in the future at the time of the summary: "by 2030"."""
    stated = read_period(statement.partnership.date, statement.record.article.language)
    created = read_period(statement.record.created)
    return None if stated and created and stated.first > created.last else stated
