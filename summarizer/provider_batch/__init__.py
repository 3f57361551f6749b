"""The provider's batch service: the same prompt, schema, cache and proof as any run, at half the price, within a day.

journal     what was written down before it was asked       submitting  from articles to jobs
answered    the engine of what came back                    collecting  from jobs to drafts
"""

from .answered_engine import AnsweredEngine
from .collect import Fetched, Ready, fetch, look
from .journal import BatchRun, Journal
from .submit import Bounds, Submitted, submit

__all__ = [
    "AnsweredEngine",
    "BatchRun",
    "Bounds",
    "Fetched",
    "Journal",
    "Ready",
    "Submitted",
    "fetch",
    "look",
    "submit",
]
