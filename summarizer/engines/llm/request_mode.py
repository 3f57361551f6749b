"""How a server is asked: the output mode, and the parts of a request that a server may refuse.

Servers accept complementary forms of the same request. The modes go from the one that constrains the model most to the
one that any server accepts.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

RefusedPart = Literal["mode", "limit", "size", "temperature", "bounds"]


class OutputMode(StrEnum):
    """The forms of a request for JSON, from the one that constrains the model most."""

    SCHEMA = "json_schema"
    TOOLS = "tools"
    JSON = "json"
    FENCED = "fenced"


@dataclass(frozen=True)
class RequestMode:
    """All that a server may refuse of a request."""

    mode: OutputMode = OutputMode.SCHEMA
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """The name of the output limit: OpenAI's newer models require `max_completion_tokens`."""
    temperature: bool = True
    """Whether a temperature may be given: reasoning models accept none."""
    bounds: bool = True
    """Whether a schema may say how many items a list has at least: some gateways do not know the keyword."""

    def without(self, part: RefusedPart) -> "RequestMode | None":
        """The mode to try after a server refused a part; None if none is left."""
        if part == "temperature":
            return replace(self, temperature=False)
        if part == "bounds":
            return replace(self, bounds=False)
        if part == "limit":
            return replace(self, limit="max_tokens" if self.limit != "max_tokens" else "max_completion_tokens")
        weaker = list(OutputMode)[list(OutputMode).index(self.mode) + 1 :]
        return replace(self, mode=weaker[0]) if weaker else None
