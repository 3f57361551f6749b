"""The engine that asks a language model: drafts, and on request repairs and second opinions."""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...prompting import Message, Prompt, find
from ...schema import Draft, DraftUsage, Passage, Rejected, Takeaway, draft_fingerprint
from .providers import Endpoint

if TYPE_CHECKING:  # imported when something is asked: a summary that is remembered needs none of them
    from . import batch_requests
    from .batch_api import BatchService
    from .client import ModelClient, ModelRequest
    from .output_modes import RequestMode
    from .response_schemas import Json
    from .retry import RetryPolicy
    from .tasks import verify
    from .tasks.draft import DraftTask


class Preview(NamedTuple):
    """What would be sent, and at the most what it would take."""

    messages: list[Message]
    input_tokens: int
    """Never fewer than the model reads: no tokenizer makes more tokens of a text than it has bytes."""
    output_tokens: int
    """The limit that the request sets; a re-ask or a higher limit comes on top, within `max_cost`."""
    cost_usd: float | None
    """Null where the price is unknown."""


class LlmEngine:
    """A language model behind the protocol of every engine. Its line is opened when something is asked."""

    def __init__(
        self,
        endpoint: Endpoint,
        line: "Callable[[], ModelClient]",
        prompt: Prompt,
        *,
        limit: int,
        window: int | None = None,
        prompts_folder: Path | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._opened = line
        self._prompt = prompt
        self._prompts_folder = prompts_folder
        self._limit = limit
        self._window = window or endpoint.window

    @cached_property
    def _line(self) -> "ModelClient":
        return self._opened()

    @cached_property
    def _drafting(self) -> "DraftTask":
        from .tasks.draft import DraftTask

        return DraftTask(self._line, self.messages)

    @property
    def model(self) -> str:
        """`provider/name`."""
        return self._endpoint.model

    @property
    def address(self) -> str:
        """Where it is asked, without credentials."""
        return self._endpoint.address

    @cached_property
    def identity(self) -> str:
        """All that shapes an answer beside the passage; never the key."""
        parts = {
            "model": self.model,
            "address": self.address,
            "limit": self._limit,
            "prompt": self._prompt.sha256,
            "schema": draft_fingerprint(),
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    @property
    def prompt(self) -> tuple[str, str]:
        """Name and SHA-256 of the template."""
        return self._prompt.name, self._prompt.sha256

    @cached_property
    def summary_identity(self) -> str:
        """All that shapes a summary beside its drafts: how an article is cut, what is asked about claims afterwards.

        No draft is asked for again when one of these changes. Raises `PromptError`.
        """
        return f"{self._window} {self.repair_prompt} {self.merge_prompt}"

    @property
    def repair_prompt(self) -> str:
        """SHA-256 of the template of repairs. Raises `PromptError`."""
        return self._beside("repair").sha256

    @property
    def merge_prompt(self) -> str:
        """SHA-256 of the template that chooses the takeaways of a long article. Raises `PromptError`."""
        return self._beside("merge").sha256

    @property
    def window(self) -> int:
        """How many characters of an article one draft may see."""
        return self._window

    @property
    def dialect(self) -> "RequestMode":
        """How the server is asked at this moment."""
        return self._line.dialect

    @property
    def total(self) -> DraftUsage:
        """What all calls of this engine took, those of articles that failed included."""
        return self._line.total

    async def draft(self, passage: Passage) -> Draft:
        """Ask for the draft of a passage: one request when all goes well. Raises `EngineError`."""
        return await self._drafting.draft(passage)

    def messages(self, passage: Passage) -> list[Message]:
        """What is said to the model about a passage. Raises `PromptError`."""
        variables = {
            "takeaways": passage.takeaways,
            "language": named(passage.output_language),
            "title": passage.article.title,
            "published": passage.article.published,
            "part": (passage.start, passage.end) != (0, len(passage.article.text)),
        }
        return self._prompt.render(variables, {"article": passage.text})

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        """Ask once for better versions of claims that failed, and of nothing else.

        `nearest` are the true sentences of the article that come nearest to each claim of `failed`; `language` is
        the BCP 47 tag of the output. The draft holds only what came back. Raises `EngineError`, `PromptError`.
        """
        from .tasks import verify

        return await verify.repair(self._line, self._beside("repair"), failed, nearest, named(language))

    async def choose(self, candidates: Sequence[Takeaway], count: int, title: str | None, language: str) -> Draft:
        """Ask which of the proven takeaways of all passages are the whole article's: up to `count`, the best first.

        What comes back are candidates, unchanged; none where the answer cannot be read. Raises `EngineError`,
        `PromptError`.
        """
        from .tasks import select

        chooser = select.TakeawaySelector(self._line, self._beside("merge"), count, title, named(language))
        return await chooser.choose(candidates, self._window)

    async def verify(self, claims: "Sequence[verify.Claim]", language: str) -> "verify.ReviewTasks":
        """Ask once whether each kept claim follows from its evidence. Raises `EngineError`, `PromptError`."""
        from .tasks import verify

        return await verify.verify(self._line, self._beside("verify"), claims, named(language))

    def write(self, passage: Passage, key: str, *, higher: bool = False) -> "batch_requests.Written":
        """Write the request about a passage down for the batch service. Raises `PromptError`."""
        from . import batch_requests

        return batch_requests.write(self._line, self.messages(passage), key, higher=higher)

    def read(self, answer: "Json") -> Draft:
        """Read an answer of the batch service. Raises `EngineError`."""
        from . import batch_requests

        return batch_requests.read(self._line, answer)

    def service(self, patience: "RetryPolicy | None" = None) -> "BatchService":
        """Return the batch service of the same endpoint. Raises `ConfigError` where that is of another kind."""
        from .batch_api import BatchService

        return BatchService(self._endpoint, patience=patience)

    def preview(self, passage: Passage) -> Preview:
        """The exact messages about a passage, and the most that its first request can take; nobody is asked."""
        from .response_schemas import DRAFT

        ask = self._line.prepare(self.messages(passage), DRAFT, self._line.limit)
        return self._most(ask)

    def preview_choice(self, passages: int, takeaways: int) -> list[Preview]:
        """The most that choosing among the takeaways of so many passages can take, a request each."""
        from .response_schemas import CHOICE
        from .tasks import select

        prompt = self._beside("merge")
        sizes = select.largest(passages * takeaways, takeaways, self._window)
        asked = (prompt.render({"takeaways": takeaways, "language": ""}, {"candidates": "x" * size}) for size in sizes)
        return [self._most(self._line.prepare(messages, CHOICE, self._line.limit)) for messages in asked]

    def _most(self, ask: "ModelRequest") -> Preview:
        cost = self._line.tariff.cost(ask.input_tokens, ask.output_tokens)
        return Preview(ask.body["messages"], ask.input_tokens, ask.output_tokens, cost)

    def _beside(self, name: str) -> Prompt:
        """Another template: the user's, else the built-in one."""
        return find(name, self._prompts_folder)

    async def aclose(self) -> None:
        """Let go of connections."""
        if "_line" in vars(self):  # else nothing was asked
            await self._line.wire.aclose()


@lru_cache(maxsize=64)
def named(tag: str) -> str:
    """A language as a model knows it best, `French (fr)`; the tag itself where it has no name."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(tag, sep="-").get_display_name("en")
    except (UnknownLocaleError, ValueError, TypeError):
        return tag if tag != "und" else "the article's own language"
    return f"{name} ({tag})" if name else tag
