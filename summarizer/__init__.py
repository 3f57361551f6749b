"""Key takeaways and partnerships of a news article, each proven by the article's own words.

    from summarizer import summarize
    summary = summarize(Path("article.txt"))

Each name is imported when it is first used: `import summarizer` costs next to nothing.
"""

from .version import __version__

TYPE_CHECKING = False  # as type checkers know it; importing typing would take ten times as long as all the rest
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
    from .loading import Address, load, load_all
    from .pipeline import asummarize, summarize
    from .protocols import (
        Closable,
        Configured,
        Engine,
        FollowUpPrompts,
        Named,
        Prompted,
        Repairer,
        Selector,
        SummaryStore,
        SyncDrafter,
        Translating,
        Verifier,
        VerifierOpinions,
    )
    from .rendering import Format, render
    from .schema import (
        Article,
        Draft,
        DraftPartnership,
        DraftTakeaway,
        DraftUsage,
        Evidence,
        Failure,
        Grade,
        Partnership,
        Passage,
        Provenance,
        Reason,
        ReasonCode,
        Rejected,
        Status,
        Summary,
        Takeaway,
        Verdict,
    )
    from .settings import Options, Settings

__all__ = [
    "Address",
    "Article",
    "Closable",
    "ConfigError",
    "Configured",
    "Draft",
    "DraftPartnership",
    "DraftTakeaway",
    "DraftUsage",
    "Engine",
    "EngineError",
    "EngineRefused",
    "EngineUnavailable",
    "Evidence",
    "Failure",
    "FollowUpPrompts",
    "Format",
    "Grade",
    "InvalidDraft",
    "Named",
    "Options",
    "Partnership",
    "Passage",
    "PromptError",
    "Prompted",
    "Provenance",
    "Reason",
    "ReasonCode",
    "Rejected",
    "Repairer",
    "Selector",
    "Settings",
    "SourceError",
    "Status",
    "SummarizerError",
    "Summary",
    "SummaryStore",
    "SyncDrafter",
    "Takeaway",
    "Translating",
    "Verdict",
    "Verifier",
    "VerifierOpinions",
    "__version__",
    "asummarize",
    "check_claim",
    "ground",
    "load",
    "load_all",
    "render",
    "summarize",
    "summarize_many",
]

if not TYPE_CHECKING:  # a type checker sees the imports above, and refuses a name that is not among them
    _ROOMS = {
        "batch": "summarize_many",
        "errors": "ConfigError EngineError EngineRefused EngineUnavailable InvalidDraft PromptError SourceError "
        "SummarizerError",
        "grounding": "check_claim ground",
        "loading": "Address load load_all",
        "pipeline": "asummarize summarize",
        "protocols": "Closable Configured Engine FollowUpPrompts Named Prompted Repairer Selector SummaryStore "
        "SyncDrafter Translating Verifier VerifierOpinions",
        "rendering": "Format render",
        "schema": "Article Draft DraftPartnership DraftTakeaway DraftUsage Evidence Failure Grade Partnership Passage "
        "Provenance Reason ReasonCode Rejected Status Summary Takeaway Verdict",
        "settings": "Options Settings",
    }
    _ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}

    def __getattr__(name: str) -> object:
        if name not in _ROOM_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(f".{_ROOM_OF[name]}", __name__), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return __all__
