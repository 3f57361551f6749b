"""The provider's batch service: the same prompt, schema, cache and proof as any run, at half the price, within a day.

journal     what was written down before it was asked       submitting  from articles to jobs
answered    the engine of what came back                    collecting  from jobs to drafts
"""

from .answered import Answered
from .collecting import Fetched, Ready, fetch, look
from .journal import Journal, Run
from .submitting import Bounds, Submitted, submit

__all__ = ["Answered", "Bounds", "Fetched", "Journal", "Ready", "Run", "Submitted", "fetch", "look", "submit"]
