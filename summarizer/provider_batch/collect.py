"""From jobs to drafts: what the service has done is fetched, read, remembered; the rest is told why not."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ..cache.keys import CacheKey
from ..engines.llm.batch_api import GONE, BatchService
from ..engines.llm.batch_api import BatchJob as Seen
from ..engines.llm.batch_requests import CutOff
from ..engines.llm.engine import LlmEngine
from ..errors import ConfigError, EngineError
from ..schema import Article
from .answered_engine import AnsweredEngine
from .journal import ANSWERED, CUT, FAILED, WAITING, BatchRun, Job, Journal, Outcome
from .submit import send_written

_SOME = 500
"""Answers to one transaction."""
_FORGOTTEN = 172_800
"""Seconds after which a job that the service does not know is given up; before, a wrong key is the likelier reason."""


@dataclass
class Fetched:
    """What a look at the service brought."""

    answered: int = 0
    failed: int = 0
    strange: int = 0
    """Lines of no request of ours, said twice, or no JSON."""
    under_way: int = 0
    """Requests of jobs that are not over."""


def fetch(
    engine: LlmEngine,
    answers: AnsweredEngine,
    journal: Journal,
    service: BatchService,
    *,
    run: BatchRun | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Fetched:
    """Bring what the service has done for jobs of this engine's endpoint; as often as one likes.

    What the cache has lost of a `run` since it was fetched is fetched again, for as long as the service has it.
    Raises `EngineError` where it cannot be asked, and `ConfigError` where an answer cannot be kept: nothing is lost.
    """
    fetched = Fetched()
    with journal.alone():
        send_written(journal, engine, service, told)
        for ticket in _lost(run, answers, journal) if run else ():
            journal.reopen(ticket)
        for job in journal.jobs("sent"):
            if (job.model, job.address) == (engine.model, engine.address):
                _fetch_job(job, fetched, _Reader(engine, answers, journal, fetched), journal, service, told)
    return fetched


def _lost(run: BatchRun, answers: AnsweredEngine, journal: Journal) -> set[str]:
    """Return the jobs whose answers to articles of a run were remembered and are no longer."""
    asked = (journal.request(key) for keys in journal.keys(run) for key in keys)
    answered = (each for each in asked if each is not None and each.state == ANSWERED)
    return {each.ticket for each in answered if answers.recall(CacheKey(each.parts)) is None}


def _fetch_job(
    job: Job,
    fetched: Fetched,
    reader: "_Reader",
    journal: Journal,
    service: BatchService,
    told: Callable[[str], None],
) -> None:
    seen = look(job, journal, service)
    is_missed = seen.status == GONE and time.time() - job.created < _FORGOTTEN
    if is_missed:
        told(f"the service does not know {job.batch}: is it another key's? What was asked in it stays under way")
    if is_missed or not seen.is_over:
        fetched.under_way += journal.waiting(job.ticket)
        return
    files = filter(None, (seen.output_file, seen.error_file))
    missing = [file for file in files if not _read_file(file, job, reader, journal, service)]
    why = "the service no longer has the answers" if missing else _why(seen)
    fetched.failed += journal.close_job(job.ticket, why)


def look(job: Job, journal: Journal, service: BatchService) -> Seen:
    """Ask how far a job is, and write it down."""
    seen = service.look(str(job.batch))
    journal.note(job.ticket, status=seen.status, completed=seen.completed, failed=seen.failed, complaint=seen.complaint)
    return seen


def _read_file(file: str, job: Job, reader: "_Reader", journal: Journal, service: BatchService) -> bool:
    """Read a file of answers; whether the service still has it."""
    path = journal.file_of(job.ticket).with_suffix(".answers")
    if not service.download(file, path):
        return False
    reader.read(job, path)
    path.unlink()
    return True


def _why(seen: Seen) -> str:
    """Why a request of a job that is over has no answer."""
    if seen.complaint:
        return f"the service refused the whole job: {seen.complaint}"
    known = {
        "expired": "the day was over before it was its turn",
        "cancelled": "the job was cancelled",
        GONE: "the service no longer knows the job",
    }
    return known.get(seen.status, "the service said nothing about it")


class _Reader:
    """Reads a file of answers, in whatever order they come."""

    def __init__(self, engine: LlmEngine, answers: AnsweredEngine, journal: Journal, fetched: Fetched) -> None:
        self._engine = engine
        self._answers = answers
        self._journal = journal
        self._fetched = fetched

    def read(self, job: Job, path: Path) -> None:
        """Remember each answer, then write down that it was one: dying in between, it is read again."""
        with path.open("rb") as file:
            while lines := list(islice(file, _SOME)):
                found = {outcome.key: outcome for line in lines if (outcome := self._outcome(job, line))}
                settled = self._journal.settle(job.ticket, list(found.values()))
                answered = sum(outcome.state == ANSWERED for outcome in found.values())
                self._fetched.answered += answered
                self._fetched.failed += len(found) - answered
                self._fetched.strange += len(lines) - settled

    def _outcome(self, job: Job, line: bytes) -> Outcome | None:
        try:
            told: Any = json.loads(line)
            request = self._journal.request(str(told["custom_id"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        if request is None or request.ticket != job.ticket or request.state != WAITING:
            return None
        return self._read(request.key, request.parts, request.source, told)

    def _read(self, key: str, parts: dict[str, str], source: str | None, told: Any) -> Outcome:
        response = _response(told)
        body = response.get("body")
        if told.get("error") or response.get("status_code") != 200 or not isinstance(body, dict):
            return Outcome(key, FAILED, _complaint(told))
        try:
            draft = self._engine.read(body)
        except CutOff as error:
            return Outcome(key, CUT, str(error))
        except (EngineError, KeyError, IndexError, TypeError) as error:
            return Outcome(key, FAILED, str(error) or type(error).__name__)
        question = CacheKey(parts)
        self._answers.keep(question, source, draft)
        if self._answers.recall(question) is None:
            raise ConfigError("the cache does not keep the answers of the batch; make room, and collect again")
        usage = draft.usage
        return Outcome(key, ANSWERED, None, usage.input_tokens, usage.output_tokens, usage.cost_usd)


def _complaint(told: Any) -> str:
    """What a line says went wrong."""
    response = _response(told)
    body = response.get("body")
    for place in (told.get("error"), body.get("error") if isinstance(body, dict) else None):
        if isinstance(place, dict) and (place.get("message") or place.get("code")):
            return str(place.get("message") or place.get("code"))
    return f"the service answered {response.get('status_code')}"


def _response(told: Any) -> dict[str, Any]:
    response = told.get("response")
    return response if isinstance(response, dict) else {}


@dataclass(frozen=True)
class Ready:
    """The articles of a run of which everything is known, in order."""

    run: BatchRun
    journal: Journal

    def sources(self) -> Iterator[Article]:
        """Yield what can be summarized now, or never will."""
        return (article for keys, article in self.journal.articles(self.run) if not self._is_under_way(keys))

    def under_way(self) -> int:
        """Return how many articles wait for an answer."""
        return sum(self._is_under_way(keys) for keys in self.journal.keys(self.run))

    def _is_under_way(self, keys: list[str]) -> bool:
        requests = (self.journal.request(key) for key in keys)
        return any(request is not None and request.state == WAITING for request in requests)
