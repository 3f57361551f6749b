"""What can be set: defaults < file < environment < keyword or flag, read on demand and never at import.

The file is `config.toml` in the user's configuration folder, or the one that `SUMMARIZER_CONFIG` names. Each
setting is a key in it, and a variable in the environment: `SUMMARIZER_` and its name in capitals.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypedDict

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from . import defaults
from .docstrings import docstrings_of
from .errors import ConfigError

EXTRACTIVE = "extractive"
OFF = "off"
_REDIS_SCHEMES = ("redis://", "rediss://", "unix://")
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+:)(?=/|.*@)", re.IGNORECASE)
"""How an address begins; a single letter is a drive of Windows."""

_PREFIX = "SUMMARIZER_"
_CALLER = "the caller"
_FILE_VARIABLE = "SUMMARIZER_CONFIG"
_BASE_URL_VARIABLE = "OPENAI_BASE_URL"  # where every client of OpenAI looks
_KEY_VARIABLE = "OPENAI_API_KEY"

_Positive = Annotated[int, Field(ge=1)]


class Settings(BaseModel):
    """Everything that can be set, with its default; the docstring under a field says what it may be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Annotated[str, Field(min_length=1)] | None = None
    """extractive, or provider/name such as openai/gpt-5.4-mini or ollama/llama3"""
    base_url: Annotated[str, Field(pattern=r"^https?://[^\s/?#@]+(?:[/?#]\S*)?$")] | None = None
    """the address of an OpenAI-compatible server, beginning with http:// or https://, without user and password"""
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    """a tag such as fr, en or pt-BR: the output language; default: the article's own"""
    takeaways: Annotated[int, Field(ge=1, le=50)] = defaults.TAKEAWAYS
    """a whole number from 1 to 50: maximum number of takeaways"""
    prompt: Annotated[str, Field(min_length=1)] = defaults.PROMPT
    """name or path of a prompt template"""
    proof: Literal["code", "assisted"] = defaults.PROOF
    """code or assisted: what code doubts is rejected, or is put to a second look by the language model"""
    cache: Annotated[str, Field(min_length=1)] | None = None
    """path of the cache file, the address of a Redis server (redis://host:6379/0?ttl=30d), or off"""
    concurrency: Annotated[int, Field(ge=1, le=1_000)] = defaults.CONCURRENCY
    """a whole number from 1 to 1000: maximum number of concurrent requests"""
    processes: Annotated[int, Field(ge=0, le=64)] | None = None
    """a whole number from 0 to 64: maximum number of worker processes; default: one for each other core, up to eight"""
    window: Annotated[int, Field(ge=1_000)] | None = None
    """a whole number from 1000: maximum number of characters of an article in one request; default: what suits the
    model"""
    rpm: _Positive | None = None
    """a whole number from 1: maximum number of requests per minute"""
    tpm: _Positive | None = None
    """a whole number from 1: maximum number of tokens per minute"""
    max_cost: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """a number from 0: maximum cost of a run in US dollars"""
    timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] = defaults.TIMEOUT
    """a number above 0: seconds after which a request fails"""
    allow_private: bool = False
    """true or false: allow URLs on a private network"""

    origins: dict[str, str] = Field(default_factory=dict, exclude=True, repr=False)
    """Where each setting that is not a default comes from: a file, a variable, or "the caller"."""

    @property
    def cache_place(self) -> Path | str | None:
        """Path of the cache file (by default in the user's cache folder), or address of a Redis server.

        None if the cache is off. Raises `ConfigError` for any other address.
        """
        if self.cache is None:
            from platformdirs import user_cache_path

            return user_cache_path("summarizer", appauthor=False) / "drafts.sqlite"
        if self.cache.lower() == OFF:
            return None
        if self.cache.lower().startswith(_REDIS_SCHEMES):
            return self.cache
        if address := _ADDRESS.match(self.cache):  # whose password must not become the name of a folder
            raise ConfigError(
                f"the cache cannot be at an address that begins with {address[1]!r}: give a file, or the address of a "
                f"Redis server that begins with {', '.join(_REDIS_SCHEMES)}"
            )
        path = Path(self.cache).expanduser()
        return path / "drafts.sqlite" if path.is_dir() else path

    def base_url_applies_to(self, model: str) -> bool:
        """Tell whether `base_url` applies to a model: `OPENAI_BASE_URL` applies to `openai/` only."""
        return self.origins.get("base_url") != _BASE_URL_VARIABLE or model.startswith("openai/") or "/" not in model


class Options(TypedDict, total=False):
    """The settings that `summarize` and its like take beyond those that they name; None is the default."""

    base_url: str | None
    prompt: str | Path | None
    proof: Literal["code", "assisted"] | None
    cache: str | Path | None
    concurrency: int | None
    processes: int | None
    window: int | None
    rpm: int | None
    tpm: int | None
    max_cost: float | None
    timeout: float | None
    allow_private: bool | None


class ModelChoice(NamedTuple):
    """A model, and why it was chosen."""

    model: str
    reason: str


def read_settings(*, environ: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Read the settings from the file, the environment and `given`; each overrides the one before.

    None in `given` counts as not given. Raises `ConfigError`, which says where, which key and what is allowed.
    """
    environ = os.environ if environ is None else environ
    layers = (*_file_layer(environ), *_environment_layers(environ))
    by_caller = {key: (_CALLER, _plain(value)) for key, value in given.items() if value is not None}
    chosen: dict[str, tuple[str, Any]] = {}
    for layer in (*layers, by_caller):
        _refuse_unknown(layer)
        chosen |= layer
    return _validated(chosen)


def _plain(value: Any) -> Any:
    return os.fspath(value) if isinstance(value, os.PathLike) else value


def choose_model(settings: Settings, environ: Mapping[str, str] | None = None) -> ModelChoice:
    """Choose the model: the one that is named, else OpenAI's if there is a key or a server, else the embedded one."""
    environ = os.environ if environ is None else environ
    if settings.model:
        return ModelChoice(settings.model, f"set by {settings.origins.get('model', _CALLER)}")
    if settings.base_url:
        return ModelChoice(defaults.MODEL, f"base_url is set by {settings.origins.get('base_url', _CALLER)}")
    if environ.get(_KEY_VARIABLE, "").strip():
        return ModelChoice(defaults.MODEL, f"{_KEY_VARIABLE} is set")
    return ModelChoice(EXTRACTIVE, f"no model is named, and neither {_KEY_VARIABLE} nor {_BASE_URL_VARIABLE} is set")


def config_path(environ: Mapping[str, str] | None = None) -> Path:
    """Return the path of the settings file, whether it exists or not."""
    environ = os.environ if environ is None else environ
    if named := environ.get(_FILE_VARIABLE):
        return Path(named).expanduser()
    from platformdirs import user_config_path

    return user_config_path("summarizer", appauthor=False) / "config.toml"


# --- layers: each key → where it is set, and its value -------------------------------------------

_Layer = dict[str, tuple[str, Any]]
_KEYS = tuple(key for key in Settings.model_fields if key != "origins")


def _file_layer(environ: Mapping[str, str]) -> tuple[_Layer, ...]:
    path = config_path(environ)
    try:
        found = _parsed(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        if environ.get(_FILE_VARIABLE):
            raise ConfigError(f"there is no settings file {os.fspath(path)!r}: check {_FILE_VARIABLE}") from error
        return ()
    except OSError as error:
        raise ConfigError(f"cannot read the settings file {os.fspath(path)!r}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:  # not UTF-8, not TOML, or nested too deeply
        raise ConfigError(f"cannot read the settings file {os.fspath(path)!r}: it is not TOML: {error}") from error
    return ({key: (str(path), value) for key, value in found.items()},)


def _parsed(text: str) -> dict[str, Any]:
    import tomllib  # imported here: most users have no settings file

    return tomllib.loads(text)


def _environment_layers(environ: Mapping[str, str]) -> tuple[_Layer, ...]:
    """Read the variables of other programs, then our own; an empty one counts as not set."""
    others: _Layer = {}
    if base_url := environ.get(_BASE_URL_VARIABLE, "").strip():
        others["base_url"] = (_BASE_URL_VARIABLE, base_url)
    ours: _Layer = {}
    for variable, value in environ.items():
        if variable.startswith(_PREFIX) and variable != _FILE_VARIABLE and value.strip():
            key = variable.removeprefix(_PREFIX).lower()
            if key in _KEYS:
                ours[key] = (variable, value.strip())
            elif near := _nearest(key):
                raise ConfigError(f"{variable} is not a setting: did you mean {_PREFIX}{near.upper()}?")
    return others, ours


def _nearest(typed: str) -> str | None:
    import difflib  # imported here: only an error needs it

    return next(iter(difflib.get_close_matches(typed, _KEYS, n=1, cutoff=0.8)), None)


def _refuse_unknown(layer: _Layer) -> None:
    for key, (origin, _) in layer.items():
        if key not in _KEYS:
            where = "" if origin == _CALLER else f"{origin}: "
            guess = f"; did you mean {near!r}?" if (near := _nearest(key)) else ";"
            raise ConfigError(f"{where}{key!r} is not a setting{guess} the settings are {', '.join(_KEYS)}")


def _validated(chosen: _Layer) -> Settings:
    values = {key: value for key, (_, value) in chosen.items()}
    try:
        return Settings(**values, origins={key: origin for key, (origin, _) in chosen.items()})
    except ValidationError as error:
        key = str(error.errors()[0]["loc"][0])
        origin, value = chosen[key]
        allowed = docstrings_of(Settings)[key]
        where = "" if origin == _CALLER else f"{origin}: "
        shown = re.sub(r"(?<=//)[^\s/]*@", "…@", repr(value))
        raise ConfigError(f"{where}{key} cannot be {shown}; it is {allowed}") from None  # it holds the value
