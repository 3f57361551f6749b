"""From jobs to drafts: answers are fetched, parsed and cached; for the rest the reason is recorded.

The articles of a run are then summarized by an engine that answers with these drafts, and requests no others.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from ..cache import CachedEngine
from ..cache.keys import CacheKey
from ..engines.llm.batch_api import GONE, BatchJob, BatchService, CutOff
from ..engines.llm.engine import LlmEngine
from ..errors import ConfigError, EngineError, EngineRefused, InvalidDraft
from ..foreign_json import read_json
from ..schema import Article, Draft, Passage, Rejected, Summary, Takeaway
from .journal import ANSWERED, CUT, FAILED, WAITING, BatchRun, Journal, Outcome, SubmittedJob
from .submit import send_written

_BATCH = 500
"""Answers of one transaction."""
_GIVEN_UP = 172_800
"""Seconds after which a job that the service does not know is given up; before, a wrong key is more likely."""


@dataclass
class Collected:
    """The result of a collection."""

    answered: int = 0
    failed: int = 0
    unknown: int = 0
    """Lines that are no JSON, a repetition, or for no request of ours."""
    under_way: int = 0
    """Requests of jobs that are not over."""


def collect(
    engine: LlmEngine,
    answers: "AnsweredEngine",
    journal: Journal,
    service: BatchService,
    *,
    run: BatchRun | None = None,
    notify: Callable[[str], None] = lambda _: None,
) -> Collected:
    """Fetch what the service has answered to jobs of this engine's endpoint; it may be called at any time.

    Answers of a `run` that the cache has lost are fetched again, for as long as the service has them. Raises
    `EngineError` where the service is unavailable, and `ConfigError` where an answer cannot be stored: nothing is lost.
    """
    collection = _Collection(engine, answers, journal, service, notify)
    with journal.alone():
        send_written(journal, engine, service, notify)
        if run is not None:
            collection.reopen_lost(run)
        for job in journal.jobs("sent"):
            if (job.model, job.address) == (engine.model, engine.address):
                collection.add(job)
    return collection.result


def update_status(job: SubmittedJob, journal: Journal, service: BatchService) -> BatchJob:
    """Request the status of a job, and record it."""
    seen = service.look(str(job.batch))
    journal.note(job.ticket, status=seen.status, completed=seen.completed, failed=seen.failed, complaint=seen.complaint)
    return seen


@dataclass
class _Collection:
    """Reads the answers to several jobs, which come in any order."""

    engine: LlmEngine
    answers: "AnsweredEngine"
    journal: Journal
    service: BatchService
    notify: Callable[[str], None]
    result: Collected = field(default_factory=Collected)

    def reopen_lost(self, run: BatchRun) -> None:
        """Reopen the jobs of a run whose answers were cached and no longer are."""
        requests = [self.journal.request(key) for keys in self.journal.keys(run) for key in keys]
        answered = [request for request in requests if request is not None and request.state == ANSWERED]
        for ticket in {each.ticket for each in answered if self.answers.recall(CacheKey(each.parts)) is None}:
            self.journal.reopen(ticket)

    def add(self, job: SubmittedJob) -> None:
        """Fetch and read the answers to a job, if it is over."""
        seen = update_status(job, self.journal, self.service)
        is_missed = seen.status == GONE and time.time() - job.created < _GIVEN_UP
        if is_missed:
            self.notify(f"the service does not know {job.batch}: is it another key's? Its requests stay under way")
        if is_missed or not seen.is_over:
            self.result.under_way += self.journal.waiting(job.ticket)
            return
        files = filter(None, (seen.output_file, seen.error_file))
        missing = [file for file in files if not self._fetch(file, job)]
        why = "the service no longer has the answers" if missing else _why(seen)
        self.result.failed += self.journal.close_job(job.ticket, why)

    def _fetch(self, file: str, job: SubmittedJob) -> bool:
        """Download and read a file of answers; return whether the service still has it."""
        path = self.journal.file_of(job.ticket).with_suffix(".answers")
        if not self.service.download(file, path):
            return False
        with path.open("rb") as lines:
            while batch := list(islice(lines, _BATCH)):
                self._add_lines(job, batch)
        path.unlink()
        return True

    def _add_lines(self, job: SubmittedJob, lines: list[bytes]) -> None:
        """Cache each answer, then record its outcome: after a crash in between, it is read again."""
        found = {outcome.key: outcome for line in lines if (outcome := self._outcome(job, line))}
        settled = self.journal.settle(job.ticket, list(found.values()))
        answered = sum(outcome.state == ANSWERED for outcome in found.values())
        self.result.answered += answered
        self.result.failed += len(found) - answered
        self.result.unknown += len(lines) - settled

    def _outcome(self, job: SubmittedJob, line: bytes) -> Outcome | None:
        try:
            reply: Any = read_json(line)
            request = self.journal.request(str(reply["custom_id"]))
        except (ValueError, KeyError, TypeError):
            return None
        if request is None or request.ticket != job.ticket or request.state != WAITING:
            return None
        return self._read(request.key, request.parts, request.source, reply)

    def _read(self, key: str, parts: dict[str, str], source: str | None, reply: Any) -> Outcome:
        response = _response(reply)
        body = response.get("body")
        if reply.get("error") or response.get("status_code") != 200 or not isinstance(body, dict):
            return Outcome(key, FAILED, _complaint(reply))
        try:
            draft = self.engine.read(body)
        except CutOff as error:
            return Outcome(key, CUT, str(error))
        except (EngineError, LookupError, TypeError, ValueError, ArithmeticError) as error:
            return Outcome(key, FAILED, str(error) or type(error).__name__)
        cache_key = CacheKey(parts)
        self.answers.keep(cache_key, source, draft)
        if self.answers.recall(cache_key) is None:
            raise ConfigError("the cache does not keep the answers of the batch; make room, and collect again")
        usage = draft.usage
        return Outcome(key, ANSWERED, None, usage.input_tokens, usage.output_tokens, usage.cost_usd)


def _why(seen: BatchJob) -> str:
    """Return why a request of a job that is over has no answer."""
    if seen.complaint:
        return f"the service refused the whole job: {seen.complaint}"
    known = {
        "expired": "the job expired before its turn",
        "cancelled": "the job was cancelled",
        GONE: "the service no longer knows the job",
    }
    return known.get(seen.status, "the service gave no reason")


def _complaint(reply: Any) -> str:
    """Return the error message of a line."""
    response = _response(reply)
    body = response.get("body")
    for place in (reply.get("error"), body.get("error") if isinstance(body, dict) else None):
        if isinstance(place, dict) and (place.get("message") or place.get("code")):
            return str(place.get("message") or place.get("code"))
    return f"the service answered {response.get('status_code')}"


def _response(reply: Any) -> dict[str, Any]:
    response = reply.get("response")
    return response if isinstance(response, dict) else {}


@dataclass(frozen=True)
class CollectedRun:
    """The articles of a run whose requests all have an outcome, in order."""

    run: BatchRun
    journal: Journal

    def sources(self) -> Iterator[Article]:
        """Yield the articles that are ready."""
        return (article for keys, article in self.journal.articles(self.run) if not self._is_under_way(keys))

    def under_way(self) -> int:
        """Return the number of articles that wait for an answer."""
        return sum(self._is_under_way(keys) for keys in self.journal.keys(self.run))

    def _is_under_way(self, keys: list[str]) -> bool:
        requests = (self.journal.request(key) for key in keys)
        return any(request is not None and request.state == WAITING for request in requests)


class AnsweredEngine(CachedEngine):
    """The cached drafts of a model, with the cost of each; rejected claims are repaired, as in any run.

    If it is `silent`, nothing is requested at all.
    """

    def __init__(self, engine: LlmEngine, place: Path | str, journal: Journal, *, silent: bool = False) -> None:
        super().__init__(engine, place)
        self._silent = silent
        self._llm = engine
        self._journal = journal

    def recall(self, key: CacheKey) -> Draft | None:
        """Return the cached draft. Raises `ConfigError` where the cache cannot be read."""
        draft = super().recall(key)
        if draft is None and self.trouble:
            raise ConfigError(
                f"{self.trouble}, and a batch keeps its answers there: repair it, then run the same command again"
            )
        return draft

    async def draft(self, passage: Passage) -> Draft:
        """Return the draft that the service answered with. Raises `InvalidDraft` where there is none."""
        key = CacheKey.of(self._llm, passage)
        draft = self.recall(key)
        request = self._journal.request(key.key.hex())
        if draft is None:
            why = (request and request.why) or "it was in the cache, and no longer is"
            raise InvalidDraft(f"the batch brought no answer for {passage.article.source!r}: {why}; submit it again")
        if request is None or request.state != ANSWERED:
            return draft
        used = {"input_tokens": request.input_tokens or 0, "output_tokens": request.output_tokens or 0}
        paid = {**used, "cost_usd": request.cost_usd, "calls": 1, "cached": False}
        return draft.model_copy(update={"usage": draft.usage.model_copy(update=paid)})

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        """Repair rejected claims. Raises `EngineRefused` where nothing may be requested."""
        self._refuse_if_silent()
        return await super().repair(failed, nearest, language)

    async def choose(self, candidates: Sequence[Takeaway], count: int, title: str | None, language: str) -> Draft:
        """Choose among the takeaways of all passages. Raises `EngineRefused` where nothing may be requested."""
        self._refuse_if_silent()
        return await super().choose(candidates, count, title, language)

    def _refuse_if_silent(self) -> None:
        if self._silent:
            raise EngineRefused("--max-cost 0 leaves nothing to ask again with")

    def recall_summary(self, article: Article, request: str) -> Summary | None:
        """Return None: a cached summary does not say what its answers cost."""
        return None

    async def keep_summary(self, article: Article, request: str, summary: Summary) -> None:
        """Store nothing, for the same reason."""
