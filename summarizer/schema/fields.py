"""The optional fields of a partnership, in one table: what each is called, how it is proven, where it is shown.

A new field is a row here, and a field of `DraftPartnership` and `StatedPartnership`; the prompt that asks for it, its
label in each language, and the kind of proof if it needs a new one.
"""

from enum import StrEnum
from typing import NamedTuple

from .base import FrozenModel


class FieldProof(StrEnum):
    """How the value of an optional field is proven."""

    WORDING = "wording"
    """Free wording: its numbers, dates and names are in the quoted sentences."""
    PLACE = "place"
    """It is in the quoted sentences, or in their neighbours where the quotes name no other place."""
    DATE = "date"
    """It is in the quoted sentences, or in their neighbours where the quotes have no date of their own."""
    SOURCE = "source"
    """It is in the quoted sentences or their neighbours, as the one who reports."""


class OptionalField(NamedTuple):
    """One optional field of a partnership."""

    name: str
    """In `DraftPartnership` and `Partnership`; also its column in CSV."""
    label: str
    """Its name for a reader, in English, and the name of its filter on a page."""
    proof: FieldProof
    verbatim: bool = True
    """Whether it is in the article's own words; else it is in the output language."""
    lasting: bool = False
    """Whether it stays true when the partnership changes its status: a purpose does, a date does not."""
    filters: bool = False
    """Whether partnerships on a page can be filtered by it."""


OPTIONAL_FIELDS = (
    OptionalField("purpose", "purpose", FieldProof.WORDING, verbatim=False, lasting=True),
    OptionalField("region", "region", FieldProof.PLACE, lasting=True, filters=True),
    OptionalField("date", "date", FieldProof.DATE),
    OptionalField("attribution", "source", FieldProof.SOURCE, filters=True),
)
"""In the order in which they are asked for and shown."""


def field_values(partnership: FrozenModel) -> dict[str, str | None]:
    """Return the optional fields of a partnership, proposed or proven, by name."""
    return {field.name: getattr(partnership, field.name) for field in OPTIONAL_FIELDS}
