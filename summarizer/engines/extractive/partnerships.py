"""Partnerships of an article: the statements about the same organisations brought together, with one status."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...schema import DraftPartnership, Status
from ...text.folding import fold
from ...text.status import TERMINAL, read_status
from .anaphora import Story
from .fields import Fields, find_fields
from .grammar import Grammar
from .masking import Masked
from .organisations import Mention, Names
from .reading import Kind, Reading, Sentence
from .statements import Statement, find_statements

# What counts when sentences differ: who denies, ends or drops something has to say what.
_PRECEDENCE = ("denied", "ended", "abandoned", "established", "in_talks", "considered")


@dataclass
class _Partnership:
    """What the article says of the same parties, in order."""

    parties: dict[str, Mention]
    status: str
    sentences: list[Sentence] = field(default_factory=list)
    fields: Fields = field(default_factory=Fields)
    anchors: list[int] = field(default_factory=list)


def find_partnerships(reading: Reading, names: Names, grammar: Grammar) -> list[DraftPartnership]:
    """Return the partnerships in the order in which the article comes to them."""
    story = Story(names, grammar.tables.tag, reading.title)
    found: list[_Partnership] = []
    fresh: list[_Partnership] = []
    for sentence in reading.sentences:
        if sentence.kind is not Kind.BODY:
            continue
        masked = Masked(sentence, names.of(sentence.index))
        told = find_statements(masked, grammar, story)
        if not told and fresh:
            _go_on(fresh, masked, grammar)
        fresh = [_add(found, statement, grammar, names) for statement in told] or (fresh if not masked.parties else [])
        for statement in told:
            story.remember(statement.parties)
        story.tell(sentence.index)
    return [_draft(one, reading) for one in found]


def _add(found: list[_Partnership], statement: Statement, grammar: Grammar, names: Names) -> _Partnership:
    """Add a statement to what is known of its parties, or as a new partnership."""
    keys = {mention.key for mention in statement.parties}
    status = _status(statement, grammar, names)
    fields = find_fields(statement, grammar, names)
    anchors = [m.sentence for m in statement.parties if m.sentence != statement.sentence.index]
    for one in found:
        if keys <= one.parties.keys() or one.parties.keys() <= keys:
            one.parties = (
                {mention.key: mention for mention in statement.parties} | one.parties
                if keys > one.parties.keys()
                else one.parties
            )
            one.status = min(one.status, status, key=_PRECEDENCE.index)
            one.sentences.append(statement.sentence)
            one.fields = one.fields | fields
            one.anchors += anchors
            return one
    new = _Partnership({m.key: m for m in statement.parties}, status, [statement.sentence], fields, anchors)
    found.append(new)
    return new


def _status(statement: Statement, grammar: Grammar, names: Names) -> str:
    aliases = [[fold(text) for text in names.spellings[m.key]] for m in statement.parties]
    read = read_status(statement.sentence.folded.text, grammar.tables, aliases)
    return _choose(read, statement, grammar)


def _choose(read: Iterable[str], statement: Statement, grammar: Grammar) -> str:
    """Choose among what the words bear out: talks and plans are dropped, a partnership ends."""
    plausible = set(read)
    if not plausible:
        return "established"
    if plausible >= {"abandoned", "ended"}:
        pending = grammar.tables.pattern("statements.plans").search(statement.masked.text)
        return "abandoned" if pending else "ended"
    return next(
        status
        for status in ("denied", "ended", "abandoned", "established", "in_talks", "considered")
        if status in plausible
    )


def _go_on(fresh: list[_Partnership], masked: Masked, grammar: Grammar) -> None:
    """Let "this came to an end in May" change the state of what the sentence before has told."""
    if masked.parties or not grammar.resumes.match(masked.text):
        return
    read = read_status(masked.text, grammar.tables, [])
    for status in TERMINAL & read:
        for one in fresh[-1:]:
            if _PRECEDENCE.index(status) < _PRECEDENCE.index(one.status):
                one.status = status
                one.sentences.append(masked.sentence)


def _draft(one: _Partnership, reading: Reading) -> DraftPartnership:
    quotes = list(dict.fromkeys(sentence.text for sentence in one.sentences[:2]))
    named = " ".join(quotes)
    for index in one.anchors:
        anchor = reading.sentences[index]
        if not all(mention.text in named for mention in one.parties.values()):
            quotes.append(anchor.text)
            named += " " + anchor.text
    return DraftPartnership(
        parties=tuple(mention.text for mention in one.parties.values()),
        status=Status(one.status),
        purpose=one.fields.purpose,
        region=one.fields.region,
        date=one.fields.date,
        attribution=one.fields.attribution,
        quotes=tuple(dict.fromkeys(quotes)),
    )
