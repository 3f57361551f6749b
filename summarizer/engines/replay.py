"""Replays a recorded draft: for golden tests, and to look at a summary again without a model."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import ConfigError, InvalidDraft
from ..foreign_json import read_json
from ..schema import Draft, Passage, salvage


class ReplayEngine:
    """Answers every passage with the same recorded draft, read item by item like a model's answer."""

    model = "replay"
    prompt = None
    window = 10_000_000  # characters: a recording answers for the whole article

    def __init__(self, recording: Draft | Mapping[str, Any] | Path) -> None:
        """Take a draft, its object, or the path of a `draft.json`. Raises `ConfigError`, `InvalidDraft`."""
        self._draft = recording if isinstance(recording, Draft) else salvage(_loaded(recording))
        self._sha256 = hashlib.sha256(self._draft.model_dump_json().encode()).hexdigest()

    @property
    def identity(self) -> str:
        """The recording itself."""
        return f"replay {self._sha256}"

    async def draft(self, passage: Passage) -> Draft:
        """The recorded draft, whatever the passage."""
        return self._draft

    async def aclose(self) -> None:
        """Nothing to close."""


def _loaded(recording: Mapping[str, Any] | Path) -> Mapping[str, Any]:
    if isinstance(recording, Mapping):
        return recording
    try:
        answer = read_json(recording.read_text("utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"the recorded draft {str(recording)!r} cannot be read: {reason}") from error
    except ValueError as error:
        raise InvalidDraft(f"the recorded draft {str(recording)!r} is not JSON: {error}") from error
    if not isinstance(answer, dict):
        raise InvalidDraft(f"the recorded draft {str(recording)!r} is not a JSON object with takeaways")
    return answer
