"""What can go wrong, as a tree.

    SummarizerError
    ├── ConfigError           a setting or a key is missing or contradictory
    ├── SourceError           the article could not be read
    ├── PromptError           a template is missing, malformed, or uses an unknown variable
    └── EngineError           the model gave no usable answer
        ├── EngineRefused     key, permission, quota, content filter: a retry will not help
        ├── EngineUnavailable timeout, 429, 5xx: raised after the last retry
        └── InvalidDraft      the answer did not have the requested shape

A message says what could not be done, with which value, and what to do next. What does not stop an article is not an
exception: a rejected claim is data in the summary, and a failed article of a batch is a `Failure`. A setting stands in
backquotes, as `base_url` or `allow_private=True`: the command shows its flag instead.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self


class SummarizerError(Exception):
    """Anything that stops one article and that a user can act on."""

    source: str | None = None
    """The article: path, URL or identifier; None for a text without one, and where it is not about one article."""


class ConfigError(SummarizerError):
    """A setting, an option or a key is missing or contradictory."""


class SourceError(SummarizerError):
    """The article could not be read: missing, empty, binary, too large, unreachable."""

    status: int | None = None
    """The HTTP status of a page that its site refuses."""


class PromptError(SummarizerError):
    """A prompt template is missing, malformed, or uses an unknown variable."""


class EngineError(SummarizerError):
    """The model gave no usable answer."""

    model: str | None = None
    """The model that was asked, as `provider/name`."""
    status: int | None = None
    """The HTTP status; None where there was no answer, or 200 without a draft."""
    retry_after: float | None = None
    """Seconds for which the server asks to wait, if it does."""
    request_id: str | None = None
    """What the server calls the request, for its support."""

    def knowing(self, other: "EngineError") -> Self:
        """Return this error, knowing what the one that caused it knew."""
        self.status, self.retry_after, self.request_id = other.status, other.retry_after, other.request_id
        return self


class EngineRefused(EngineError):
    """Key, permission, quota or content filter: a retry will not help."""

    about_text = False
    """Whether only this text is refused, by a content filter or for its length; another one may be accepted."""


class EngineUnavailable(EngineError):
    """Timeouts, 429 and 5xx: raised after the last retry."""


class InvalidDraft(EngineError):
    """The model answered, but never in the requested shape."""


@contextmanager
def about(source: str | None, model: str | None = None) -> Iterator[None]:
    """Let an error that is raised inside know its article, and its model."""
    try:
        yield
    except SummarizerError as error:
        error.source = error.source or source
        if isinstance(error, EngineError):
            error.model = error.model or model
        raise
