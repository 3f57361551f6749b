"""From articles to jobs: what is neither cached nor under way is recorded in the journal, then sent."""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from ..batch.sources import Source, read, read_slowly
from ..cache.keys import CacheKey
from ..cache.stored_values import pack
from ..chunking import split
from ..engines.llm.batch_api import MOST_BYTES, MOST_REQUESTS, BatchService
from ..engines.llm.engine import LlmEngine
from ..errors import SourceError
from ..schema import Article, Passage
from .journal import CUT, WAITING, BatchRun, Journal

if TYPE_CHECKING:
    from .collect import AnsweredEngine

_BATCH = 500
"""Rows of one transaction."""


@dataclass(frozen=True)
class Bounds:
    """The maximum size of a job, and the maximum cost of all."""

    requests: int = MOST_REQUESTS
    bytes: int = MOST_BYTES
    max_cost: float | None = None


@dataclass
class Submitted:
    """The result of a submission."""

    run: str | None = None
    articles: int = 0
    unread: list[str] = field(default_factory=list)
    """Why articles could not be read, which are not part of the run."""
    requests: int = 0
    """Recorded now, each once."""
    remembered: int = 0
    under_way: int = 0
    beyond_budget: int = 0
    jobs: int = 0
    most_usd: float | None = 0.0
    """The maximum cost of the requests, at the price of a batch; None where that is unknown."""


def submit(
    sources: Iterable[Source],
    engine: LlmEngine,
    answers: "AnsweredEngine",
    journal: Journal,
    service: BatchService,
    settings: dict[str, object],
    *,
    bounds: Bounds | None = None,
    notify: Callable[[str], None] = lambda _: None,
) -> Submitted:
    """Request what is neither cached nor under way.

    Jobs that were recorded before and never sent are sent too. Raises `EngineError` where the service does not accept a
    job: it stays in the journal, and the next submission or collection sends it.
    """
    with journal.alone():
        send_written(journal, engine, service, notify)
        writer = _Writer(engine, answers, journal, settings, bounds or Bounds())
        for source in sources:
            if writer.add(source):
                send_written(journal, engine, service, notify)
        done = writer.finish()
        send_written(journal, engine, service, notify)
    return done


def send_written(journal: Journal, engine: LlmEngine, service: BatchService, notify: Callable[[str], None]) -> None:
    """Send each complete job for this engine's endpoint; one that the service already has is found by its ticket."""
    for job in journal.jobs("written"):
        if (job.model, job.address) != (engine.model, engine.address):
            continue  # of another service: it waits for a run with that
        path, file = journal.file_of(job.ticket), job.file
        if file is None:
            file = service.upload(path, job.created)
            journal.note(job.ticket, file=file)
        seen = service.create(file, job.ticket)
        journal.note(job.ticket, batch=seen.id, status=seen.status, state="sent")
        path.unlink(missing_ok=True)
        notify(f"sent {job.requests:,} request{'' if job.requests == 1 else 's'}")


@dataclass
class _Writer:
    """Records the articles of a run and writes the files of its jobs."""

    engine: LlmEngine
    answers: "AnsweredEngine"
    journal: Journal
    settings: dict[str, object]
    bounds: Bounds

    def __post_init__(self) -> None:
        self._run: BatchRun = self.journal.begin(self.settings)
        self._done = Submitted(self._run.id)
        self._articles: list[tuple[str, int, str, bytes]] = []
        self._requests: list[tuple[str, str, str, str | None]] = []
        self._ticket: str | None = None
        self._file: BinaryIO | None = None
        self._keys: set[str] = set()
        self._size = 0

    def add(self, source: Source) -> bool:
        """Record what an article needs; return whether a job is ready to be sent."""
        try:
            found = read(source) or read_slowly(source)
        except SourceError as error:
            self._done.unread.append(str(error))
            return False
        before = self._done.jobs
        for article in found if isinstance(found, tuple) else (found,):
            self._add(article)
        return self._done.jobs > before

    def _add(self, article: Article) -> None:
        language, takeaways = self.settings.get("language"), self.settings.get("takeaways")
        passages = split(article, self.engine.window, output_language=language, takeaways=takeaways)  # type: ignore[arg-type]
        keys = json.dumps([self._request(passage) for passage in passages])
        packed = pack(article.model_dump_json().encode())
        self._articles.append((self._run.id, self._done.articles, keys, packed))
        self._done.articles += 1
        self._flush(_BATCH)

    def finish(self) -> Submitted:
        """Complete the last job, and the run."""
        self._seal()
        self._flush()
        if self._done.articles:
            self.journal.finish(self._run)
        else:
            self._done.run = None
        return self._done

    def _request(self, passage: Passage) -> str:
        cache_key = CacheKey.of(self.engine, passage)
        key = cache_key.key.hex()
        before = self.journal.request(key)
        if key in self._keys or (before is not None and before.state == WAITING):
            self._done.under_way += 1
        elif self.answers.recall(cache_key) is not None:
            self._done.remembered += 1
        else:
            written = self.engine.write(passage, key, higher=before is not None and before.state == CUT)
            if self._affords(written.cost_usd):
                self._write(cache_key, passage.article.source, written.line)
            else:
                self._done.beyond_budget += 1
        return key

    def _affords(self, cost: float | None) -> bool:
        known = self._done.most_usd
        most = None if known is None or cost is None else known + cost
        if self.bounds.max_cost is not None and (most is None or most > self.bounds.max_cost):
            return False
        self._done.most_usd = most
        return True

    def _write(self, key: CacheKey, source: str | None, line: bytes) -> None:
        if len(self._keys) >= self.bounds.requests or self._size + len(line) > self.bounds.bytes:
            self._seal()
        if self._file is None:
            self._ticket = self.journal.open_job(self._run, self.engine.model, self.engine.address)
            self._file = self.journal.file_of(self._ticket).open("wb")
        self._file.write(line)
        self._size += len(line)
        self._keys.add(key.key.hex())
        self._requests.append((key.key.hex(), str(self._ticket), key.json, source))
        self._done.requests += 1
        self._flush(_BATCH)

    def _seal(self) -> None:
        """Complete the file and then mark the job as `written`: only then is it sent."""
        if self._file is None or self._ticket is None:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._flush()
        self.journal.note(self._ticket, state="written", requests=len(self._keys))
        self._done.jobs += 1
        self._file, self._ticket, self._size = None, None, 0
        self._keys.clear()

    def _flush(self, at_least: int = 0) -> None:
        if len(self._articles) + len(self._requests) < at_least:
            return
        self.journal.add(self._articles, self._requests)
        self._articles.clear()
        self._requests.clear()
