"""The provider's batch service: the same prompt, schema, cache and grounding as any run, at half the price, in a day.

journal          the record of what is submitted         submit   from articles to jobs
answered_engine  the engine of the collected answers     collect  from jobs to drafts
"""

from .answered_engine import AnsweredEngine
from .collect import Collected, CollectedRun, collect, update_status
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
