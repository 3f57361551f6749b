"""The evidence of one claim, as the checks read it."""

from dataclasses import dataclass, field
from functools import cached_property, partial

from ..language.lexicon import lexicon
from ..schema import Reason
from .alignment import AlignedQuote
from .checks.table import INSTRUCTION
from .document import Document, TextSpan


@dataclass(frozen=True)
class ClaimEvidence:
    """The evidence of one claim: the article's words that were quoted, and the sentences in which they stand."""

    reading: Document
    found: tuple[AlignedQuote, ...]
    context: tuple[int, ...] = field(default=())
    """Indices of the sentences that were added because they name what the quotes leave to the context."""
    organisations: frozenset[str] = frozenset()
    """The folded names of all organisations that the draft speaks of."""

    @cached_property
    def quoted(self) -> list[TextSpan]:
        """The quoted words, sentence by sentence."""
        pieces = (piece for one in self.found for piece in one.pieces)
        return [stretch for piece in pieces for stretch in self.reading.stretches(*piece)]

    @cached_property
    def folded(self) -> str:
        """The quoted words and the added sentences, folded: these bring a name, and nothing else."""
        added = map(self.reading.folded_sentence, self.context)
        return "\n".join([*(stretch.folded for stretch in self.quoted), *added])

    @cached_property
    def sentences(self) -> list[int]:
        """Indices of the sentences that the quotes touch, in the article's order, without the added ones."""
        touched = {i for one in self.found for piece in one.pieces for i in self.reading.sentences_of(*piece)}
        return sorted(touched)


def instructed(evidence: ClaimEvidence) -> list[Reason]:
    """Return a reason where a quote stands in an instruction to a machine, in the article's language or in English."""
    if any(is_instruction(i, evidence.reading) for i in evidence.sentences):
        return [INSTRUCTION.reason("the quoted words are an instruction to a machine, not news")]
    return []


def is_instruction(i: int, document: Document) -> bool:
    """Tell whether a sentence is an instruction to a machine."""
    return document.remember(("instruction", i), partial(_is_instruction, i, document))


def _is_instruction(i: int, document: Document) -> bool:
    tables = [table for table in (document.lexicon, lexicon("en")) if table is not None]
    return any(table.pattern("takeaways.instructions").search(document.sentence(i).plain) for table in tables)
