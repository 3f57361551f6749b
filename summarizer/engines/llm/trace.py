"""A log line for each call, and on request a JSONL trace of all requests and answers, without keys."""

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path

from ...errors import ConfigError
from .providers import Endpoint
from .response_schemas import Json
from .transports.answer import Answer

_LOG = logging.getLogger("summarizer.llm")


class Trace:
    """Records calls; without a path, in the log only."""

    def __init__(self, endpoint: Endpoint, path: Path | None = None) -> None:
        self._endpoint = endpoint
        self._path = path
        if path is not None:
            self._append(path, "")  # a file that cannot be written is reported before anything is paid

    def answered(self, body: Json, answer: Answer, mode: str, seconds: float, cost: float | None) -> None:
        """Record a call that was answered."""
        _LOG.info(
            "%s %s: %s tokens in, %s out, %.2f s, %s, %s",
            self._endpoint.model,
            mode,
            "?" if answer.input_tokens is None else answer.input_tokens,
            "?" if answer.output_tokens is None else answer.output_tokens,
            seconds,
            "price unknown" if cost is None else f"${cost:.6f}",
            answer.finish,
        )
        self._write(body, seconds, answer=answer.raw, cost_usd=cost)

    def failed(self, body: Json, error: Exception, mode: str, seconds: float) -> None:
        """Record a call that failed."""
        _LOG.info("%s %s: %.2f s, %s", self._endpoint.model, mode, seconds, error)
        self._write(body, seconds, error=f"{type(error).__name__}: {error}")

    def _write(self, body: Json, seconds: float, **outcome: object) -> None:
        if self._path is None:
            return
        row = {
            "time": datetime.now(UTC).isoformat(),
            "model": self._endpoint.model,
            "address": self._endpoint.address,
            "seconds": round(seconds, 3),
            "request": body,
            **outcome,
        }
        line = json.dumps(row, ensure_ascii=False, default=str)
        if self._endpoint.api_key:  # some servers repeat it
            line = line.replace(self._endpoint.api_key, "…")
        self._append(self._path, line + "\n")

    def _append(self, path: Path, text: str) -> None:
        """In one write, so that lines of several tasks or processes do not mix; readable by the user only."""
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab", buffering=0) as file:
                file.write(text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigError(f"the trace {str(path)!r} cannot be written: {reason}") from error
