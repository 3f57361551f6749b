"""The evidence of one claim, as the proofs read it."""

import unicodedata
from dataclasses import dataclass, field
from functools import cached_property, partial

from ..schema import Reason
from ..text.lexicon import lexicon
from .quotes import Found
from .reading import Reading


@dataclass(frozen=True)
class Grounds:
    """The evidence of one claim: the article's words that were quoted, and the sentences in which they stand."""

    reading: Reading
    found: tuple[Found, ...]
    context: tuple[int, ...] = field(default=())
    """Indices of the sentences that were added because they name what the quotes leave to the context."""
    organisations: frozenset[str] = frozenset()
    """The folded names of all organisations that the draft speaks of."""

    @cached_property
    def quoted(self) -> str:
        """The quoted pieces, as the article has them."""
        pieces = [self.reading.text[piece.start : piece.end] for one in self.found for piece in one.pieces]
        return unicodedata.normalize("NFC", "\n".join(pieces))

    @cached_property
    def words(self) -> str:
        """The quoted pieces and the added sentences: these bring a name, and nothing else."""
        added = [self.reading.text[slice(*self.reading.sentences[i])] for i in self.context]
        return unicodedata.normalize("NFC", "\n".join([self.quoted, *added]))

    @cached_property
    def sentences(self) -> list[int]:
        """Indices of the sentences that the quotes touch, in the article's order, without the added ones."""
        touched = {i for one in self.found for piece in one.pieces for i in self.reading.sentences_of(*piece)}
        return sorted(touched)


def instructed(grounds: Grounds) -> list[Reason]:
    """Return a reason where a quote stands in an instruction to a machine, in the article's language or in English."""
    if any(is_instruction(i, grounds.reading) for i in grounds.sentences):
        return [Reason(code="weak_evidence", message="the quoted words are an instruction to a machine, not news")]
    return []


def is_instruction(i: int, reading: Reading) -> bool:
    """Tell whether a sentence speaks to the machine that reads it."""
    return reading.remember(("instruction", i), partial(_is_instruction, i, reading))


def _is_instruction(i: int, reading: Reading) -> bool:
    tables = [table for table in (reading.lexicon, lexicon("en")) if table is not None]
    return any(table.pattern("takeaways.instructions").search(reading.folded_sentence(i)) for table in tables)
