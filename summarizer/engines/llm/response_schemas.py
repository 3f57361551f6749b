"""What an answer must look like: the schema that is sent, made once of a noun."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from ...schema import DescribedModel, Draft

Json = dict[str, Any]


@dataclass(frozen=True)
class ResponseSchema:
    """A noun, as instructor wraps it and as a server that decodes strictly wants its schema."""

    noun: type[BaseModel]

    @property
    def name(self) -> str:
        """What the schema, or the tool, is called on the wire."""
        return self.noun.__name__

    @cached_property
    def wrapped(self) -> Any:
        """The noun with instructor's `from_response`: wrapped once, as each wrapping builds a class anew."""
        import instructor

        return instructor.response_schema(self.noun)

    @cached_property
    def description(self) -> str:
        """What the noun is, in a sentence that the model reads."""
        return str(self.wrapped.openai_schema["description"])

    @cached_property
    def schema(self) -> Json:
        """Strict: every key required, no other allowed, no reference beside other keys, no default."""
        plain = self.noun.model_json_schema()
        definitions = plain.pop("$defs", {})
        strict: Json = _strict(plain, definitions)
        return strict

    @cached_property
    def unbounded(self) -> Json:
        """The same without how many items a list has at least."""
        bare: Json = _without(self.schema, "minItems")
        return bare

    @cached_property
    def text(self) -> str:
        """The schema as a text, for the servers that take none."""
        return json.dumps(self.schema, ensure_ascii=False)

    @cached_property
    def size(self) -> int:
        """Bytes of the schema, which goes along with the messages."""
        return len(self.text.encode()) + len(self.noun.__doc__ or "")


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


def _without(node: Any, key: str) -> Any:
    if isinstance(node, list):
        return [_without(child, key) for child in node]
    if not isinstance(node, dict):
        return node
    return {name: _without(child, key) for name, child in node.items() if name != key}


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


DRAFT = ResponseSchema(Draft)
CHOICE = ResponseSchema(Choice)
OPINIONS = ResponseSchema(Opinions)
