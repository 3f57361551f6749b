"""An adapter for Ray: a Dataset of articles in, the same Dataset with their summaries out.

    import ray
    from summarizer.ray import summarize_dataset
    summarize_dataset(ray.data.read_parquet("articles/"), model="openai/gpt-5.4-mini").write_parquet("summaries/")

Ray schedules, restarts and stores; each of its actors is an ordinary asynchronous run. Where the provider's rate is the
limit, a single process is as fast, and starts sooner.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Unpack

from .batch import Row, spare_for, summaries
from .batch.circuit_breaker import CircuitBreaker
from .engines import open_engine
from .errors import ConfigError
from .schema import Failure, Summary
from .settings import OFF, Options, Settings, choose_model, read_settings
from .version import DISTRIBUTION

if TYPE_CHECKING:
    from pyarrow import Table
    from ray.data import Dataset

SUMMARY, FAILURE = "summary", "failure"
"""The columns that are added: JSON text of a `Summary` or of a `Failure`, and null in the other."""

_TEXTS = frozenset(("string", "large_string", "string_view", "null", "object"))  # the last from pandas

BLOCK = 4
"""Times the concurrency of an actor: the rows of a block, which is what a lost worker costs. Files of articles come in
blocks of thousands."""


def summarize_dataset(
    dataset: "Dataset",
    *,
    text_column: str = "text",
    id_column: str | None = None,
    actors: int | None = None,
    num_cpus: float = 0.5,
    model: str | None = None,
    language: str | None = None,
    takeaways: int | None = None,
    api_key: str | None = None,
    **options: Unpack[Options],
) -> "Dataset":
    """Return the dataset with two more columns, `summary` and `failure`: JSON text, one of them null.

    `actors` (one fewer than the cluster has CPUs) share the rates: `concurrency`, `rpm`, `tpm` and `max_cost` are those
    of the whole. `id_column` holds the name of each article in its summary; without it, rows are numbered within each
    batch. Settings are read from the environment of the caller, but a key that is not given as `api_key` from that of
    the workers. Nothing runs until the dataset is consumed; rows come in no order. The block of a lost worker is done
    again: a shared cache (`cache="redis://…"`) avoids paying for it twice.

    Raises `ConfigError`. If the model is unavailable, the job ends with Ray's own error.
    """
    try:
        import ray
        from ray.data import ActorPoolStrategy
    except ImportError as error:
        raise ConfigError(f"Ray is not installed here: pip install '{DISTRIBUTION}[ray]', on every node") from error

    chosen = read_settings(model=model, language=language, takeaways=takeaways, **options)
    named = choose_model(chosen).model
    _refuse_columns(dataset, text_column, id_column)
    if actors is not None and actors < 1:
        raise ConfigError(f"actors cannot be {actors}: at least one")
    pool = actors or max(1, int(ray.cluster_resources().get("CPU", 2)) - 1)
    share = shared(chosen, pool)
    # Raise here what would end each actor with a traceback; only the workers know whether there is a key.
    open_engine(named, share.model_copy(update={"cache": OFF}), api_key="the-workers-have-it")
    small = dataset.repartition(target_num_rows_per_block=BLOCK * share.concurrency)
    return small.map_batches(
        Summarizing,
        fn_constructor_args=(share.model_dump(), named, api_key, text_column, id_column),
        batch_size=share.concurrency,
        batch_format="pyarrow",
        compute=ActorPoolStrategy(size=pool),
        num_cpus=num_cpus,
    )


def shared(settings: Settings, actors: int) -> Settings:
    """Return the settings of one actor, which together keep to the rates of the whole. Raises `ConfigError`."""
    if settings.concurrency < actors:
        raise ConfigError(f"concurrency {settings.concurrency} is too little for {actors} actors: at least one each")
    rates = {name: rate for name, rate in (("rpm", settings.rpm), ("tpm", settings.tpm)) if rate is not None}
    for name, rate in rates.items():
        if rate < actors:
            raise ConfigError(f"{name} {rate} is too little for {actors} actors: at least one each")
    return settings.model_copy(
        update={
            "concurrency": settings.concurrency // actors,
            "max_cost": None if settings.max_cost is None else settings.max_cost / actors,
            **{name: rate // actors for name, rate in rates.items()},
        }
    )


def _refuse_columns(dataset: "Dataset", text_column: str, id_column: str | None) -> None:
    columns = dataset.columns() or []
    for wanted in filter(None, (text_column, id_column)):
        if columns and wanted not in columns:
            raise ConfigError(f"the dataset has no column {wanted!r}, but {', '.join(map(repr, columns))}")
    if taken := {SUMMARY, FAILURE} & set(columns):
        raise ConfigError(f"the dataset has a column {min(taken)!r} already; rename it")
    kinds = dict(zip(columns, dataset.schema().types if columns else (), strict=True))
    if str(kinds.get(text_column, "string")) not in _TEXTS:
        raise ConfigError(f"the column {text_column!r} holds {kinds[text_column]}, not text: name another text_column")


class Summarizing:
    """Summarizes the batches of an actor; the engine, its connections and its rate limit last as long as the actor."""

    def __init__(
        self, settings: dict[str, Any], model: str, api_key: str | None, text_column: str, id_column: str | None
    ) -> None:
        self._settings = Settings(**settings)
        self._engine = open_engine(model, self._settings, api_key=api_key)
        self._text_column = text_column
        self._id_column = id_column
        self._breaker = CircuitBreaker(self._settings.concurrency)  # of all batches

    async def __call__(self, batch: "Table") -> "Table":
        """Return the batch with the summary or failure of each article."""
        import pyarrow

        stream = summaries(
            self._rows(batch),
            self._engine,
            language=self._settings.language,
            takeaways=self._settings.takeaways,
            concurrency=self._settings.concurrency,
            spare=spare_for(self._settings.concurrency),
            breaker=self._breaker,
        )
        outcomes = [outcome async for _, outcome in stream if outcome]
        for name, kind in ((SUMMARY, Summary), (FAILURE, Failure)):
            values = [outcome.model_dump_json() if isinstance(outcome, kind) else None for outcome in outcomes]
            batch = batch.append_column(name, pyarrow.array(values, pyarrow.string()))
        return batch

    def _rows(self, batch: "Table") -> Iterator[Row]:
        texts = batch.column(self._text_column).to_pylist()
        names = batch.column(self._id_column).to_pylist() if self._id_column else [None] * len(texts)
        rows = ({"text": text or "", "id": name} for text, name in zip(texts, names, strict=True))
        return (Row(json.dumps(row), f"row {number}") for number, row in enumerate(rows, 1))
