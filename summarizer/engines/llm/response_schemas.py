"""The JSON schemas of the answers, each made once from a model."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from ...schema import DescribedModel, Draft, DraftPartnership, DraftTakeaway

Json = dict[str, Any]


@dataclass(frozen=True)
class ResponseSchema:
    """A model, as instructor reads it and as a server that decodes strictly requires its schema."""

    model: type[BaseModel]

    @property
    def name(self) -> str:
        """The name of the schema, or of the tool, in a request."""
        return self.model.__name__

    @property
    def description(self) -> str:
        """What the model is, in a sentence."""
        return self.model.__doc__ or ""

    @cached_property
    def response_model(self) -> Any:
        """The model with instructor's `from_response`; made once, as instructor builds a class each time."""
        import instructor

        return instructor.response_schema(self.model)

    @cached_property
    def strict(self) -> Json:
        """The schema with every key required, no other allowed, no reference and no default."""
        plain = self.model.model_json_schema()
        strict: Json = _strict(plain, plain.pop("$defs", {}))
        return strict

    @cached_property
    def unbounded(self) -> Json:
        """The strict schema without how many items a list has at least."""
        bare: Json = json.loads(self.text, object_hook=lambda node: {k: v for k, v in node.items() if k != "minItems"})
        return bare

    @cached_property
    def text(self) -> str:
        """The strict schema as text, for servers that accept none."""
        return json.dumps(self.strict, ensure_ascii=False)

    @cached_property
    def size(self) -> int:
        """Bytes that the schema adds to a request."""
        return len(self.text.encode()) + len(self.description)


def _strict(node: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(node, list):
        return [_strict(child, definitions) for child in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if reference is not None:
        node = {**definitions[reference.rpartition("/")[2]], **{k: v for k, v in node.items() if k != "$ref"}}
    dropped = ("default", "title", "properties")
    kept = {key: _strict(child, definitions) for key, child in node.items() if key not in dropped}
    if "properties" in node:  # a property may itself be called "title"
        kept["properties"] = {key: _strict(child, definitions) for key, child in node["properties"].items()}
        kept |= {"required": list(kept["properties"]), "additionalProperties": False}
    return kept


# The docstrings below are part of what the model reads.


class Opinion(DescribedModel):
    """Whether the evidence of one claim proves it."""

    claim: int
    """The number of the claim."""
    entailed: bool
    """True only if the evidence alone proves every part of the claim."""
    why: str = ""
    """In one short sentence: what the evidence does not say; empty if it says it all."""


class Opinions(DescribedModel):
    """One opinion for each claim, in the order of their numbers."""

    opinions: tuple[Opinion, ...]
    """One for each claim."""


class Choice(DescribedModel):
    """Which candidates are chosen."""

    numbers: tuple[int, ...]
    """The numbers of the candidates that are chosen, the most important first."""


class TakeawayRevision(DescribedModel):
    """What a second look at claims finds."""

    stands: tuple[int, ...] = ()
    """The numbers of the claims that the sentences bear out as they are."""
    takeaways: tuple[DraftTakeaway, ...] = ()
    """Corrected takeaways."""


class Revision(TakeawayRevision):
    """What a second look at claims finds."""

    partnerships: tuple[DraftPartnership, ...] = ()
    """Corrected partnerships."""


DRAFT = ResponseSchema(Draft)
REVISION = ResponseSchema(Revision)
TAKEAWAY_REVISION = ResponseSchema(TakeawayRevision)
CHOICE = ResponseSchema(Choice)
OPINIONS = ResponseSchema(Opinions)
