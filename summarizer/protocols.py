"""The seams between the rooms: what an engine must have, and what it may have besides.

An engine of your own needs `identity`, `window` and `draft`, and nothing else:

    class MyEngine:
        identity = "my-engine/1"
        window = 40_000

        async def draft(self, passage: Passage) -> Draft:
            return Draft(takeaways=(DraftTakeaway(text="…", quotes=("…",)),))

Each further protocol here is optional, and found with `isinstance`: an engine declares a capability by having its
members. The functions at the end say what is assumed of an engine without them.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from .schema import Article, Draft, DraftUsage, Partnership, Passage, Rejected, Summary, Takeaway


class Engine(Protocol):
    """What proposes a draft: a language model, the embedded model, a recording, or a cache around any of them."""

    @property
    def identity(self) -> str:
        """Everything besides the passage that shapes a draft: model, endpoint, prompt, schema; never a key."""

    @property
    def window(self) -> int:
        """How many characters of an article one draft may see."""

    async def draft(self, passage: Passage) -> Draft:
        """Propose takeaways and partnerships of a passage; `draft.usage` says what it took.

        Raises `EngineError` and its children when there is no usable answer.
        """


# --- how an engine is named and closed -------------------------------------------------------------------------------


@runtime_checkable
class Named(Protocol):
    """An engine with a name for people; the others are named by their identity."""

    @property
    def model(self) -> str:
        """`extractive`, `openai/gpt-…`."""


@runtime_checkable
class Prompted(Protocol):
    """An engine that may use a prompt template."""

    @property
    def prompt(self) -> tuple[str, str] | None:
        """Name and SHA-256 of the template; None if there is none."""


@runtime_checkable
class Closable(Protocol):
    """An engine that holds connections or files."""

    async def aclose(self) -> None:
        """Close them; the engine is not used afterwards."""


class OpenEngine(Engine, Named, Prompted, Closable, Protocol):
    """An engine that this program has opened, and closes."""


# --- what else shapes a summary --------------------------------------------------------------------------------------


@runtime_checkable
class Translating(Protocol):
    """An engine that may be unable to answer in another language than the article's; the others can."""

    @property
    def translates(self) -> bool:
        """Whether drafts are in the output language of the passage, not in the article's."""


@runtime_checkable
class Configured(Protocol):
    """An engine with settings that shape a summary but no single draft: how articles are split, follow-up prompts."""

    @property
    def summary_identity(self) -> str | None:
        """A fingerprint of them."""


@runtime_checkable
class SyncDrafter(Protocol):
    """An engine whose drafts are plain computation: it can be pickled and called in another process."""

    def draft_sync(self, passage: Passage) -> Draft:
        """Propose takeaways and partnerships of a passage."""


# --- follow-up requests ----------------------------------------------------------------------------------------------


@runtime_checkable
class Repairer(Protocol):
    """An engine that can be asked again about rejected claims."""

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        """Propose better versions of rejected claims, and nothing else.

        `nearest` holds, for each of them, the sentences of the article that come nearest to it. Raises `EngineError`.
        """


@runtime_checkable
class Reviewer(Repairer, Protocol):
    """A repairer that may also be given claims that code found nothing against.

    It returns unchanged those that stand. One that it neither returns nor corrects falls, unless it returns none of all
    that it was given: then it has said nothing of them.
    """

    @property
    def reviews(self) -> bool:
        """Whether it can be given them."""


@runtime_checkable
class Selector(Protocol):
    """An engine that can choose among the takeaways of an article that was read in several passages."""

    async def choose(self, candidates: Sequence[Takeaway], count: int, title: str | None, language: str) -> Draft:
        """Return up to `count` of the candidates, unchanged, the most important first.

        Raises `EngineError`, `PromptError`.
        """


@runtime_checkable
class FollowUpPrompts(Protocol):
    """An engine whose follow-up requests have templates of their own: part of the keys of their cached answers."""

    @property
    def repair_prompt(self) -> str:
        """SHA-256 of the template of repairs. Raises `PromptError`."""

    @property
    def merge_prompt(self) -> str:
        """SHA-256 of the template that selects takeaways. Raises `PromptError`."""


class VerifierOpinions(Protocol):
    """What a model thinks of each claim, in the order in which they were given."""

    @property
    def entailed(self) -> Sequence[bool | None]:
        """Whether the claim follows from its evidence; None without an opinion."""

    @property
    def why(self) -> Sequence[str]:
        """Why not."""

    @property
    def usage(self) -> DraftUsage:
        """What the answer took."""


class Verifier(Named, Closable, Protocol):
    """A model that gives a second opinion on proven claims."""

    @property
    def identity(self) -> str:
        """Everything besides the claims that shapes an opinion."""

    async def verify(self, claims: Sequence[Takeaway | Partnership], language: str) -> VerifierOpinions:
        """Say of each claim whether it follows from its evidence. Raises `EngineError`, `PromptError`."""


# --- caching ---------------------------------------------------------------------------------------------------------


@runtime_checkable
class SummaryStore(Protocol):
    """An engine that remembers whole summaries; `request` is the fingerprint of what was asked for."""

    def recall_summary(self, article: Article, request: str) -> Summary | None:
        """Return the summary of an article from an earlier request, None if there is none."""

    async def keep_summary(self, article: Article, request: str, summary: Summary) -> None:
        """Store the summary of an article."""


# --- what is assumed of an engine that does not say ------------------------------------------------------------------


def model_of(engine: Engine) -> str:
    """Return the name of an engine for people: its identity if it has no other."""
    return engine.model if isinstance(engine, Named) else engine.identity


def prompt_of(engine: Engine) -> tuple[str, str] | None:
    """Return name and SHA-256 of the template of an engine; None if it uses none."""
    return engine.prompt if isinstance(engine, Prompted) else None


def translates(engine: Engine) -> bool:
    """Tell whether an engine answers in the requested language."""
    return engine.translates if isinstance(engine, Translating) else True


def reviews(engine: Engine) -> bool:
    """Tell whether an engine may also be given claims that code found nothing against."""
    return isinstance(engine, Reviewer) and engine.reviews


def summary_identity_of(engine: Engine) -> str | None:
    """Return the fingerprint of all that shapes a summary but no single draft; None if there is nothing."""
    return engine.summary_identity if isinstance(engine, Configured) else None
