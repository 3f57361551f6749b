"""The provider's batch service: the same prompt, schema, cache and grounding as any run, at half the price, in a day.

journal  the record of what is submitted
submit   from articles to jobs
collect  from jobs to drafts, and the engine that answers with them
"""

from .collect import AnsweredEngine, Collected, CollectedRun, collect, update_status
from .journal import BatchRun, Journal
from .submit import Bounds, Submitted, submit

__all__ = [
    "AnsweredEngine",
    "BatchRun",
    "Bounds",
    "Collected",
    "CollectedRun",
    "Journal",
    "Submitted",
    "collect",
    "submit",
    "update_status",
]
