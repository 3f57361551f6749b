"""Partnerships of an article: the relations about the same organisations brought together, with one status."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from ...language.coreference import CoreferenceTracker, interviewee
from ...language.entities.masking import MaskedSentence
from ...language.entities.mentions import Mention, Mentions
from ...language.layout import Sentence, SentenceRole
from ...language.normalization import fold
from ...language.statuses import TERMINAL, read_status
from ...language.text_document import TextDocument
from ...schema import DraftPartnership, Status
from .confidence import Confidence
from .optional_fields import find_fields
from .patterns import RelationPatterns
from .relations import Relation, announcer, find_listed, find_relations

# What counts when sentences differ: who denies, ends or drops something has to say what.
_PRECEDENCE = ("denied", "ended", "abandoned", "established", "in_talks", "considered")

# How much a reader must know of a partnership in each state: a plan or a denial changes little yet.
_WORTH = {"established": 1.0, "ended": 1.0, "abandoned": 0.7, "in_talks": 0.7, "considered": 0.4, "denied": 0.4}
_NEAR = 2
"""Sentences in which a partnership is taken up."""
_PLAIN = 12
"""Words of a denial that names nobody: "That is wrong, a spokeswoman said"."""
_OPENING = 60
"""Characters in which a sentence takes up what the one before has relations: "This agreement …"."""


@dataclass
class _Partnership:
    """What the article says of the same parties, in order."""

    parties: dict[str, Mention]
    status: str
    sentences: list[Sentence] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    anchors: list[int] = field(default_factory=list)
    telling: set[int] = field(default_factory=set)
    """Indices of the sentences that bear the status out."""


def find_partnerships(
    document: TextDocument, mentions: Mentions, patterns: RelationPatterns
) -> tuple[list[DraftPartnership], dict[int, float]]:
    """Return the partnerships in the order of the article, and how much each sentence tells of them, by its index."""
    main = interviewee(document, mentions, patterns.tables) or mentions.main(document.title)
    coreference = CoreferenceTracker(mentions, patterns.tables.tag, main)
    confidence = Confidence(document, mentions, patterns, main)
    found: list[_Partnership] = []
    fresh: list[_Partnership] = []
    announced: Mention | None = None
    for sentence in document.layout:
        if sentence.role is not SentenceRole.BODY:
            continue
        coreference.begin_sentence(sentence)
        masked = MaskedSentence(sentence, mentions.of(sentence.index))
        relations = [] if _takes_up(fresh, masked, patterns) else find_relations(masked, patterns, coreference)
        relations = relations or (find_listed(masked, patterns, announced) if announced else [])
        announced = announcer(masked, patterns)
        relations = [relation for relation in relations if confidence.is_sure(relation)]
        if fresh and not relations:
            _go_on(fresh, masked, patterns)
        if relations:
            fresh = [_add(found, relation, patterns, mentions) for relation in relations]
        elif masked.parties and not {mention.key for mention in masked.parties} <= _keys(fresh):
            fresh = []
        coreference.end_sentence(masked, [relation.parties for relation in relations])
    weights = {one.sentences[0].index: _WORTH[one.status] for one in found}
    return [_draft(one, document) for one in found], weights


def _add(found: list[_Partnership], relation: Relation, patterns: RelationPatterns, mentions: Mentions) -> _Partnership:
    """Add a relation to what is known of its parties, or as a new partnership."""
    keys = {mention.key for mention in relation.parties}
    status = _status(relation, patterns, mentions)
    fields = find_fields(relation, patterns, mentions)
    anchors = [m.sentence for m in relation.parties if m.sentence != relation.sentence.index]
    for one in found:
        if keys <= one.parties.keys() or one.parties.keys() <= keys:
            one.parties = (
                {mention.key: mention for mention in relation.parties} | one.parties
                if keys > one.parties.keys()
                else one.parties
            )
            one.status = min(one.status, status, key=_PRECEDENCE.index)
            one.sentences.append(relation.sentence)
            one.telling |= {relation.sentence.index} if status == one.status in TERMINAL else set()
            one.fields = fields | one.fields
            one.anchors += anchors
            return one
    new = _Partnership({m.key: m for m in relation.parties}, status, [relation.sentence], fields, anchors)
    found.append(new)
    return new


def _status(relation: Relation, patterns: RelationPatterns, mentions: Mentions) -> str:
    if relation.relative:
        own = relation.masked.text[relation.start : relation.end]
        return _choose(read_status(own, patterns.tables, []), relation, patterns)
    aliases = [[fold(text) for text in mentions.spellings[m.key]] for m in relation.parties]
    read = read_status(relation.sentence.folded.text, patterns.tables, aliases)
    if relation.strong and (own := _own_clauses(relation, patterns)) != relation.masked.text:
        read = read_status(own, patterns.tables, [])
    return _choose(read, relation, patterns)


def _own_clauses(relation: Relation, patterns: RelationPatterns) -> str:
    """Leave out the clauses that speak of others alone: "…, while Volkmar and Forst are in talks"."""
    masked = relation.masked
    borders = [0, *(border.start() for border in patterns.border.finditer(masked.text)), len(masked.text)]
    kept = []
    for start, end in pairwise(borders):
        others = {mention.key for mention in masked.named(start, end)}
        if not others or others & relation.keys:
            kept.append(masked.text[start:end])
    return "".join(kept)


def _choose(read: Iterable[str], relation: Relation, patterns: RelationPatterns) -> str:
    """Choose among what the words bear out: talks and plans are dropped, a partnership ends."""
    plausible = set(read)
    if not plausible:
        return "established"
    if plausible >= {"denied", "in_talks"}:  # "nothing is signed yet" leaves it open
        return "in_talks"
    if plausible >= {"abandoned", "ended"}:
        text = relation.masked.text
        pending = _is_plan(text, patterns)
        ran = patterns.tables.pattern("status.ended").search(text) or patterns.deal.search(text, relation.start)
        return "abandoned" if pending or not ran else "ended"
    return next(
        status
        for status in ("denied", "ended", "abandoned", "established", "in_talks", "considered")
        if status in plausible
    )


def _keys(fresh: list[_Partnership]) -> set[str]:
    return {key for one in fresh for key in one.parties}


def _takes_up(fresh: list[_Partnership], masked: MaskedSentence, patterns: RelationPatterns) -> bool:
    """Tell whether "that collaboration ended when X was bought" refers to the partnership just found."""
    found = patterns.resumes.match(masked.text)
    if not fresh or found is None or not patterns.deal.search(found[0]):
        return False
    known = {mention.key for mention in masked.parties} & _keys(fresh)
    border = re.compile(rf"[,;:]|{patterns.border.pattern}").search(masked.text, found.end())
    clause = masked.text[: border.start()] if border else masked.text
    behind = patterns.with_word.match(masked.text[found.end() :].lstrip())
    return bool(known) and behind is None and bool(TERMINAL & read_status(clause, patterns.tables, []))


def _go_on(fresh: list[_Partnership], masked: MaskedSentence, patterns: RelationPatterns) -> None:
    """Let "this came to an end in May", or a plain "that is wrong", change the status of the partnership just found."""
    if masked.sentence.index - fresh[-1].sentences[-1].index > _NEAR:
        return
    if not {mention.key for mention in masked.parties} <= _keys(fresh) and not _takes_up(fresh, masked, patterns):
        return
    resumed = patterns.resumes.search(masked.text, 0, _OPENING)
    resumes = resumed is not None and not _speaks_of_another(masked, patterns, *resumed.span())
    read = read_status(masked.text, patterns.tables, [])
    begun = read == {"in_talks"} and not patterns.tables.pattern("negation.cues").search(masked.text)
    if begun and fresh[-1].status == "considered" and _is_next(masked.sentence, fresh[-1]):
        fresh[-1].status = "in_talks"  # "the airline is open to it: negotiations have begun"
        fresh[-1].sentences.append(masked.sentence)
    if not read <= TERMINAL:  # "we could not agree on the price" ends nothing by itself
        return
    if read >= {"abandoned", "ended"} and not patterns.tables.pattern("status.ended").search(masked.text):
        read -= {"ended"}  # "nothing came of it"
    for status in TERMINAL & read:
        one = fresh[-1]
        plain = (
            status == "denied"
            and _is_next(masked.sentence, one)
            and (bool(masked.parties) or len(masked.text.split()) <= _PLAIN)
            and patterns.with_word.search(masked.text) is None
        )
        if (resumes or plain) and _PRECEDENCE.index(status) < _PRECEDENCE.index(one.status):
            one.status = (
                "abandoned" if status == "ended" and _is_plan(masked.text, patterns) else _dropped(status, one.status)
            )
            one.sentences.append(masked.sentence)


def _is_next(sentence: Sentence, one: _Partnership) -> bool:
    return sentence.index - one.sentences[-1].index == 1


def _speaks_of_another(masked: MaskedSentence, patterns: RelationPatterns, start: int, end: int) -> bool:
    """Tell "this agreement ended" from "the agreement with the town bank ended", a new partner."""
    if masked.parties:
        return False
    behind = patterns.with_word.match(masked.text[end:].lstrip())
    return behind is not None or patterns.with_word.match(masked.text[:start]) is not None


def _is_plan(text: str, patterns: RelationPatterns) -> bool:
    """Tell whether what is over had not begun: talks, a plan, a project before any signature."""
    tables = patterns.tables
    return any(tables.pattern(name).search(text) for name in ("statements.plans", "status.before_deal"))


def _dropped(status: str, before: str) -> str:
    """What ends before anything was agreed is dropped."""
    return "abandoned" if status == "ended" and before in ("in_talks", "considered") else status


def _draft(one: _Partnership, document: TextDocument) -> DraftPartnership:
    return DraftPartnership(
        parties=tuple(mention.text for mention in one.parties.values()),
        status=Status(one.status),
        quotes=tuple(dict.fromkeys(_quotes(one, document))),
        **one.fields,
    )


def _quotes(one: _Partnership, document: TextDocument) -> list[str]:
    """Return the sentences that state a partnership, and the nearest that name parties missing from them."""
    telling = sorted(one.sentences, key=lambda sentence: sentence.index not in one.telling)
    quotes = list(dict.fromkeys(sentence.text for sentence in telling[:2]))
    texts = [mention.text for mention in one.parties.values()]
    if any(all(text in quote for text in texts) for quote in quotes):
        return quotes
    together = next((s for s in document.body if all(text in s.text for text in texts)), None)
    if together is not None:
        return [*quotes, together.text]
    named = " ".join(quotes)
    for index in one.anchors:
        anchor = document.layout[index]
        if not all(text in named for text in texts):
            quotes.append(anchor.text)
            named += " " + anchor.text
    return quotes
