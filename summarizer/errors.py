"""What can go wrong with an article, as a tree.

    SummarizerError
    ├── ConfigError           a setting or a key is missing or contradictory
    ├── SourceError           the article could not be read
    ├── PromptError           a template is missing, malformed, or wants a variable that we do not have
    └── EngineError           the model gave no usable answer
        ├── EngineRefused     key, permission, quota, content filter: trying again will not help
        ├── EngineUnavailable timeout, 429, 5xx: retried; raised when patience ran out
        └── InvalidDraft      the model never gave the shape that was asked for

A message says what could not be done, with which value, and what to do next. What does not stop an article is not an
exception: a rejected claim is data in the summary, and an article of a batch that failed is a `Failure`.
"""


class SummarizerError(Exception):
    """Anything that stops one article and that a person can act on."""


class ConfigError(SummarizerError):
    """A setting, an option or a key is missing or contradictory."""


class SourceError(SummarizerError):
    """The article could not be read: missing, empty, binary, too large, unreachable."""


class PromptError(SummarizerError):
    """A prompt template is missing, malformed, or asks for a variable that we do not have."""


class EngineError(SummarizerError):
    """The model gave no usable answer."""


class EngineRefused(EngineError):
    """Key, permission, quota or content filter: trying again will not help."""

    about_text = False
    """Whether it is this text alone that is refused, by a filter or for its length: another one may be answered."""


class EngineUnavailable(EngineError):
    """Timeouts, 429 and 5xx: raised when patience ran out."""


class InvalidDraft(EngineError):
    """The model answered, but never in the shape that was asked for."""
