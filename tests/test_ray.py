"""A Ray Dataset of articles: plain rows out, rates shared, and a node that dies loses nothing."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from loopback import EMPTY, Loopback, Play, Request, answer, error

from summarizer.errors import ConfigError
from summarizer.ray import shared, summarize_dataset
from summarizer.settings import Settings

TEXT = "Airbus and Thales signed a partnership in May. It is worth 3 million euros."


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"concurrency": 64, "rpm": 600, "tpm": 100_001, "max_cost": 9.0}, (21, 200, 33_333, 3.0)),
        ({"concurrency": 3}, (1, None, None, None)),
    ],
)
def test_actors_share_the_rates_of_the_whole(given: dict[str, Any], expected: tuple[Any, ...]) -> None:
    share = shared(Settings(**given), 3)
    assert (share.concurrency, share.rpm, share.tpm, share.max_cost) == expected


@pytest.mark.parametrize("given", [{"concurrency": 2}, {"concurrency": 9, "rpm": 2}, {"concurrency": 9, "tpm": 1}])
def test_a_rate_that_cannot_be_shared_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="is too little for 3 actors"):
        shared(Settings(**given), 3)


# --- on a cluster of two nodes ---------------------------------------------------------------------------------------

ray = pytest.importorskip("ray", reason="the extra [ray] is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # those of Ray itself, and the sockets of nodes that were killed
]


class Nodes:
    """A cluster of this machine's: a head that does no work, and two nodes of two CPUs each."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        soon = {
            "health_check_initial_delay_ms": 1_000,
            "health_check_period_ms": 500,
            "health_check_failure_threshold": 2,
        }
        head = {"num_cpus": 1, "include_dashboard": False, "_system_config": soon}
        self._cluster = Cluster(initialize_head=True, head_node_args=head)
        self.workers = [self._cluster.add_node(num_cpus=2) for _ in range(2)]
        ray.init(address=self._cluster.address, log_to_driver=False, logging_level="ERROR")
        ray.data.DataContext.get_current().enable_progress_bars = False

    def kill(self) -> None:
        """Kill one of the nodes, and all that runs there."""
        self._cluster.remove_node(self.workers.pop(), allow_graceful=False)

    def stop(self) -> None:
        ray.shutdown()
        self._cluster.shutdown()


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SUMMARIZER_CACHE", "off")
        environment.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        nodes = Nodes()
        yield nodes
        nodes.stop()


def dataset(count: int, **columns: Any) -> Any:
    rows = [{"number": i, "text": f"{TEXT} This is article {i}.", **columns} for i in range(count)]
    return ray.data.from_items(rows, override_num_blocks=max(1, count // 5))


def test_rows_keep_their_columns_and_gain_a_summary_or_a_failure(nodes: Nodes, tmp_path: Path) -> None:
    empty = ray.data.from_items([{"number": 99, "text": " "}])
    done = summarize_dataset(dataset(12).union(empty), id_column="number", model="extractive", actors=2)
    done.write_parquet(str(tmp_path / "out"))
    rows = sorted(ray.data.read_parquet(str(tmp_path / "out")).take_all(), key=lambda row: int(row["number"]))

    assert [row["number"] for row in rows] == [*range(12), 99]
    first, last = json.loads(rows[0]["summary"]), json.loads(rows[-1]["failure"])
    assert rows[0]["failure"] is None
    assert (first["schema"], first["article"]["source"]) == ("summary/1", "0")
    assert first["partnerships"][0]["parties"] == ["Airbus", "Thales"]
    assert rows[-1]["summary"] is None
    assert (last["source"], last["error"]) == ("99", "SourceError")


def test_a_column_that_is_not_there_or_is_taken_is_refused_before_anything_runs(nodes: Nodes) -> None:
    with pytest.raises(ConfigError, match="no column 'body', but 'number', 'text'"):
        summarize_dataset(dataset(1), text_column="body")
    with pytest.raises(ConfigError, match="a column 'failure' already"):
        summarize_dataset(dataset(1, failure="x"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text_column": "number"}, "the column 'number' holds int64, not text"),
        ({"actors": 0}, "actors cannot be 0"),
        ({"actors": -1}, "actors cannot be -1"),
        ({"model": "toy", "base_url": "http://127.0.0.1:1/v1", "max_cost": 1.0}, "`max_cost` cannot be kept"),
        ({"modle": "toy"}, "'modle' is not a setting"),
    ],
)
def test_what_would_end_every_actor_is_refused_before_anything_runs(
    nodes: Nodes, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        summarize_dataset(dataset(1), **given)


def test_an_article_without_a_text_is_a_failure_of_its_own(nodes: Nodes) -> None:
    rows = ray.data.from_items([{"name": "full", "text": TEXT}, {"name": "none", "text": None}])
    done = summarize_dataset(rows, id_column="name", model="extractive", actors=1).take_all()
    found = {row["name"]: row["failure"] and json.loads(row["failure"])["message"] for row in done}
    assert found == {"full": None, "none": "'none' is empty: give an article with at least one sentence"}


def test_a_server_that_answers_nobody_ends_the_job(nodes: Nodes) -> None:
    with Loopback(error(401, "no such key")) as server:
        done = summarize_dataset(dataset(40), model="toy", base_url=server.url, actors=1, concurrency=2)
        with pytest.raises(Exception, match="stopped early, for no article can be done now"):
            done.take_all()
        assert server.count < 20


def test_a_node_that_is_killed_in_the_middle_loses_nothing(nodes: Nodes) -> None:
    count = 60
    begun = threading.Event()
    asked: set[str] = set()

    def play(request: Request) -> Play:
        asked.add(request.words)
        if len(asked) > count // 4:
            begun.set()
        return replace(answered(request), delay=0.1)  # so that calls are under way when the node dies

    def kill() -> None:
        if begun.wait(60):
            nodes.kill()

    answered = answer(EMPTY)
    assert callable(answered)
    with Loopback(play) as server:
        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        done = summarize_dataset(dataset(count), model="toy", base_url=server.url, actors=3, concurrency=12)
        rows = done.take_all()
        killer.join()
        assert len(asked) == count

    assert begun.is_set()
    assert len(nodes.workers) == 1
    assert sorted(row["number"] for row in rows) == list(range(count))
    assert [row["failure"] for row in rows] == [None] * count
