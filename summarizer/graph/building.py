"""Build the graph: collect the statements, merge the names, and assign the statements to pairs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, starmap

from ..language.dates import read_period
from ..schema import ArticleInfo, Failure, Partnership, Status, Summary
from .graph_model import Edge, Graph, Organisation, State
from .organisation_names import Introduction, OrganisationKey, OrganisationNames, introductions, name_key
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


def graph(summaries: Iterable[Summary | Failure], *, names: OrganisationNames | None = None) -> Graph:
    """Build the graph of many summaries, of which only the partnerships are kept in memory.

    Of several summaries of one article the newest counts; failures are counted.
    """
    names = names or OrganisationNames()
    records: dict[str, _SummaryRecord] = {}
    repeated = failures = 0
    for summary in summaries:
        if isinstance(summary, Failure):
            failures += 1
            continue
        record = _SummaryRecord.of(summary)
        # A text with neither a fingerprint nor a source cannot be recognized.
        article = record.article.sha256 or record.article.source or f"\0{len(records)}"
        known = records.setdefault(article, record)
        repeated += known is not record
        if record.timestamp >= known.timestamp:
            records[article] = record
    statements = list(_statements(list(records.values()), names))
    introduced = {names.key(each.long): each.long for record in records.values() for each in record.introduced}
    spellings: dict[OrganisationKey, Counter[str]] = defaultdict(Counter)
    for statement in statements:
        for key, spelling in statement.spellings.items():
            spellings[key][spelling] += 1
    shown = _display_names(spellings, introduced)
    edges = sorted(_edges(statements, shown), key=lambda edge: (-edge.articles, edge.parties))
    return Graph(
        articles=len(records),
        repeated=repeated,
        failures=failures,
        alone=sum(len(statement.spellings) == 1 for statement in statements),
        crowds=sum(statement.is_crowd for statement in statements),
        organisations=tuple(_organisations(statements, shown, spellings, edges)),
        edges=tuple(edges),
    )


def only(graph: Graph, statuses: Sequence[Status]) -> Graph:
    """Keep the edges with one of these current statuses, and the organisations that still have an edge."""
    edges = tuple(edge for edge in graph.edges if set(edge.status) & set(statuses))
    named = {name for edge in edges for name in edge.parties}
    organisations = tuple(each for each in graph.organisations if each.name in named)
    return graph.model_copy(update={"edges": edges, "organisations": organisations})


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
                key = names.key(party)
                meant = None if key.named else here.get(key.words) or everywhere.get(key.words)
                spellings.setdefault(meant or key, party)
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


# --- nodes and edges -----------------------------------------------------------------------------------------------


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
    named = {(statement.article, key) for statement in statements for key in statement.spellings}
    articles = Counter(key for _, key in named)
    partners = Counter(name for edge in edges for name in edge.parties)
    for key, name in sorted(shown.items(), key=lambda item: (-articles[item[0]], item[1])):
        yield Organisation(
            name=name,
            spellings=dict(spellings[key].most_common()),
            articles=articles[key],
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
    yield from starmap(edge_of, pairs.items())


def _dated(number: int, statement: _Statement) -> Dated:
    article, partnership = statement.record.article, statement.partnership
    stated = read_period(partnership.date_iso or partnership.date, article.language)
    created = read_period(statement.record.created)
    planned = bool(stated and created and stated.first > created.last)  # "by 2030"
    period = read_period(article.published) or (None if planned else stated)
    state = State(
        statement=number,
        article=statement.article,
        when=str(period) if period else None,
        model=statement.record.model,
        **article.model_dump(include={"published", "source", "title", "language", "sha256"}),
        **dict(partnership),
    )
    return Dated(state, period)
