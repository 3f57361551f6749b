"""The engine that asks a language model: drafts, and on request repairs, choices and second opinions."""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...prompting import Message, Prompt, find
from ...schema import Draft, DraftUsage, Passage, Rejected, Takeaway, draft_fingerprint
from .providers import PROVIDERS, Endpoint

if TYPE_CHECKING:  # imported when a request is made: a cached summary needs none of them
    from .batch_api import BatchRequest, BatchService
    from .client import ModelClient
    from .output_modes import RequestMode
    from .response_schemas import Json, ResponseSchema
    from .retry import RetryPolicy
    from .tasks.verify import Claim, Review


class Preview(NamedTuple):
    """What would be sent, and the most that it would take."""

    messages: list[Message]
    input_tokens: int
    """An upper bound: no tokenizer makes more tokens of a text than it has bytes."""
    output_tokens: int
    """The limit that the request sets; a re-ask or a higher limit comes on top, within `max_cost`."""
    cost_usd: float | None
    """Null where the price is unknown."""


class LlmEngine:
    """A language model behind the protocol of every engine. Its client is opened by the first request."""

    def __init__(
        self,
        endpoint: Endpoint,
        open_client: "Callable[[], ModelClient]",
        prompt: Prompt,
        *,
        limit: int,
        window: int | None = None,
        prompts_folder: Path | None = None,
    ) -> None:
        self.model = endpoint.model
        """`provider/name`."""
        self.address = endpoint.address
        """The address of the server, without credentials."""
        self.window = window or PROVIDERS[endpoint.provider].window
        """How many characters of an article one draft may see."""
        self.prompt = (prompt.name, prompt.sha256)
        """Name and SHA-256 of the template."""
        self._endpoint = endpoint
        self._open_client = open_client
        self._prompt = prompt
        self._prompts_folder = prompts_folder
        self._limit = limit

    @cached_property
    def _client(self) -> "ModelClient":
        return self._open_client()

    @cached_property
    def identity(self) -> str:
        """A hash of all that shapes an answer besides the passage; never of the key."""
        parts = {"model": self.model, "address": self.address, "limit": self._limit}
        parts |= {"prompt": self._prompt.sha256, "schema": draft_fingerprint()}
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    @cached_property
    def summary_identity(self) -> str:
        """All that shapes a summary besides its drafts: the window, and the templates of later requests.

        No draft is requested again when one of these changes. Raises `PromptError`.
        """
        return f"{self.window} {self.repair_prompt} {self.merge_prompt}"

    reviews = True
    """Claims that code found nothing against may be put to `repair`, too."""

    @property
    def repair_prompt(self) -> str:
        """SHA-256 of the template of repairs. Raises `PromptError`."""
        return self._template("repair").sha256

    @property
    def merge_prompt(self) -> str:
        """SHA-256 of the template that selects the takeaways of a long article. Raises `PromptError`."""
        return self._template("merge").sha256

    @property
    def request_mode(self) -> "RequestMode":
        """How the server is asked now."""
        return self._client.mode

    @property
    def total(self) -> DraftUsage:
        """What all calls of this engine took, those of failed articles included."""
        return self._client.total

    async def draft(self, passage: Passage) -> Draft:
        """Request the draft of a passage: one call when all goes well. Raises `EngineError`."""
        from .tasks.drafting import DraftTask

        return await DraftTask(self._client, self.messages).draft(passage)

    def messages(self, passage: Passage) -> list[Message]:
        """The messages about a passage. Raises `PromptError`."""
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

        `nearest` are the sentences of the article that are nearest to each claim of `failed`; `language` is the BCP 47
        tag of the output. The draft holds only what came back. Raises `EngineError`, `PromptError`.
        """
        from .tasks import repair

        return await repair.repair(self._client, self._template("repair"), failed, nearest, named(language))

    async def choose(self, candidates: Sequence[Takeaway], count: int, title: str | None, language: str) -> Draft:
        """Select the takeaways of the whole article from those of its passages: up to `count`, the best first.

        Returns candidates, unchanged; none where the answer cannot be read. Raises `EngineError`, `PromptError`.
        """
        from .tasks.select import TakeawaySelector

        selector = TakeawaySelector(self._client, self._template("merge"), count, title, named(language))
        return await selector.select(candidates, self.window)

    async def verify(self, claims: "Sequence[Claim]", language: str) -> "Review":
        """Ask once whether each claim follows from its evidence. Raises `EngineError`, `PromptError`."""
        from .tasks import verify

        return await verify.verify(self._client, self._template("verify"), claims, named(language))

    def write(self, passage: Passage, key: str, *, higher: bool = False) -> "BatchRequest":
        """Write a request about a passage for the batch service. Raises `PromptError`."""
        from .batch_api import write_request

        return write_request(self._client, self.messages(passage), key, higher=higher)

    def read(self, completion: "Json") -> Draft:
        """Read an answer of the batch service. Raises `EngineError`."""
        from .batch_api import read_answer

        return read_answer(self._client, completion)

    def service(self, retry_policy: "RetryPolicy | None" = None) -> "BatchService":
        """The batch service of the same endpoint. Raises `ConfigError` where it has none."""
        from .batch_api import BatchService

        return BatchService(self._endpoint, retry_policy=retry_policy)

    def preview(self, passage: Passage) -> Preview:
        """The messages about a passage, and the most that its first request can take; sends nothing."""
        from .response_schemas import DRAFT

        return self._preview(self.messages(passage), DRAFT)

    def preview_choice(self, passages: int, takeaways: int) -> list[Preview]:
        """The most that selecting among the takeaways of so many passages can take, one preview per request."""
        from .response_schemas import CHOICE
        from .tasks.select import largest

        prompt = self._template("merge")
        sizes = largest(passages * takeaways, takeaways, self.window)
        variables = {"takeaways": takeaways, "language": ""}
        return [self._preview(prompt.render(variables, {"candidates": "x" * size}), CHOICE) for size in sizes]

    def _preview(self, messages: list[Message], schema: "ResponseSchema") -> Preview:
        request = self._client.prepare(messages, schema, self._client.limit)
        cost = self._client.pricing.cost(request.input_tokens, request.output_tokens)
        return Preview(request.body["messages"], request.input_tokens, request.output_tokens, cost)

    def _template(self, name: str) -> Prompt:
        """Another template: the user's, else the built-in one."""
        return find(name, self._prompts_folder)

    async def aclose(self) -> None:
        """Close connections."""
        if "_client" in vars(self):  # else nothing was sent
            await self._client.transport.aclose()


@lru_cache(maxsize=64)
def named(tag: str) -> str:
    """The English name of a language with its tag, `French (fr)`; the tag alone where it has no name."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(tag, sep="-").get_display_name("en")
    except (UnknownLocaleError, ValueError, TypeError):
        return tag if tag != "und" else "the article's own language"
    return f"{name} ({tag})" if name else tag
