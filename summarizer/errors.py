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
exception: a rejected claim is data in the summary, and a failed article of a batch is a `Failure`.
"""


class SummarizerError(Exception):
    """Anything that stops one article and that a user can act on."""


class ConfigError(SummarizerError):
    """A setting, an option or a key is missing or contradictory."""


class SourceError(SummarizerError):
    """The article could not be read: missing, empty, binary, too large, unreachable."""


class PromptError(SummarizerError):
    """A prompt template is missing, malformed, or uses an unknown variable."""


class EngineError(SummarizerError):
    """The model gave no usable answer."""


class EngineRefused(EngineError):
    """Key, permission, quota or content filter: a retry will not help."""

    about_text = False
    """Whether only this text is refused, by a content filter or for its length; another one may be accepted."""


class EngineUnavailable(EngineError):
    """Timeouts, 429 and 5xx: raised after the last retry."""


class InvalidDraft(EngineError):
    """The model answered, but never in the requested shape."""
