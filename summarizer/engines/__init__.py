"""What proposes a draft: money, network, chance and test doubles all live behind one protocol."""

from typing import Protocol

from ..schema import Draft, Passage


class Engine(Protocol):
    """Anything that drafts: a language model, the embedded model, a recording, or a cache around any of them."""

    @property
    def model(self) -> str:
        """Who answers, as a person names it: `extractive`, `openai/gpt-…`."""

    @property
    def identity(self) -> str:
        """All that shapes an answer beside the passage: model, endpoint, parameters, prompt and schema fingerprints, never a key."""

    @property
    def prompt(self) -> tuple[str, str] | None:
        """Name and SHA-256 of the prompt template, None where no prompt is used."""

    @property
    def window(self) -> int:
        """How many characters of an article one draft may see."""

    async def draft(self, passage: Passage) -> Draft:
        """Propose takeaways and partnerships of a passage; `draft.effort` says what it took.

        Raises `EngineError` and its children when there is no usable answer.
        """

    async def aclose(self) -> None:
        """Let go of connections; the engine is not used afterwards."""
