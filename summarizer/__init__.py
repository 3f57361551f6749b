"""Key takeaways and partnerships of a news article, each proven by the article's own words.

    from summarizer import summarize
    summary = summarize(Path("article.txt"))

Each name is imported when it is first used: `import summarizer` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from .batch import summarize_many
    from .errors import (
        ConfigError,
        EngineError,
        EngineRefused,
        EngineUnavailable,
        InvalidDraft,
        PromptError,
        SourceError,
        SummarizerError,
    )
    from .grounding import check_claim, ground
    from .loading import load
    from .pipeline import asummarize, summarize
    from .rendering import render
    from .schema import Article, Draft, Evidence, Failure, Partnership, Rejected, Status, Summary, Takeaway, Verdict

_ROOMS = {
    "batch": ("summarize_many",),
    "errors": (
        "ConfigError",
        "EngineError",
        "EngineRefused",
        "EngineUnavailable",
        "InvalidDraft",
        "PromptError",
        "SourceError",
        "SummarizerError",
    ),
    "grounding": ("check_claim", "ground"),
    "loading": ("load",),
    "pipeline": ("asummarize", "summarize"),
    "rendering": ("render",),
    "schema": (
        "Article",
        "Draft",
        "Evidence",
        "Failure",
        "Partnership",
        "Rejected",
        "Status",
        "Summary",
        "Takeaway",
        "Verdict",
    ),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "Article",
    "ConfigError",
    "Draft",
    "EngineError",
    "EngineRefused",
    "EngineUnavailable",
    "Evidence",
    "Failure",
    "InvalidDraft",
    "Partnership",
    "PromptError",
    "Rejected",
    "SourceError",
    "Status",
    "SummarizerError",
    "Summary",
    "Takeaway",
    "Verdict",
    "__version__",
    "asummarize",
    "check_claim",
    "ground",
    "load",
    "render",
    "summarize",
    "summarize_many",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_ROOM_OF[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
