"""`asummarize` in somebody's event loop: what else runs there is not kept waiting, and seconds are an article's own."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter

import pytest
from loopback import Loopback, Play, answer
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from summarizer import Address, Article, Draft, Passage, SourceError, Summary, asummarize, summarize

FIXTURES = sorted((Path(__file__).parent.parent / "fixtures").glob("*/article.*"))[:20]
SENTENCE = "Norvik a signé un partenariat avec Zelba en mars 2024. Le chiffre d'affaires a reculé de 11 %."


async def longest_stall(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """The longest time for which a ticking task was kept waiting, and the time that all took."""
    stalls = [0.0]

    async def tick() -> None:
        while True:
            began = perf_counter()
            await asyncio.sleep(0)
            stalls.append(perf_counter() - began)
            await asyncio.sleep(0.001)

    ticking = asyncio.create_task(tick())
    began = perf_counter()
    await work()
    took = perf_counter() - began
    ticking.cancel()
    return max(stalls), took


@pytest.mark.parametrize("kind", ["embedded model", "language model"])
def test_twenty_articles_at_once_do_not_hold_the_loop(kind: str, tmp_path: Path) -> None:
    claim = {"text": "Le chiffre d'affaires a reculé de 11 %.", "quotes": ["Le chiffre d'affaires a reculé de 11 %"]}
    texts = [f"{SENTENCE} {path.read_text('utf-8')[:6_000]}" for path in FIXTURES if path.suffix == ".txt"]

    async def measured() -> tuple[float, float]:
        with Loopback(answer({"takeaways": [claim] * 5, "partnerships": []})) as server:
            served = {"model": "openai/toy", "base_url": server.url, "cache": "off", "api_key": "x"}
            options = {"model": "extractive"} if kind == "embedded model" else served

            async def all_at_once() -> None:
                done = await asyncio.gather(*(asummarize(text, **options) for text in texts))
                assert all(isinstance(each, Summary) for each in done)

            await asummarize(texts[0], **options)  # imports are read once, from a disk of any speed
            return await longest_stall(all_at_once)

    stall, took = asyncio.run(measured())
    assert stall < max(0.05, took / 4)


def test_a_slow_page_and_a_slow_file_keep_nobody_waiting(httpserver: HTTPServer, tmp_path: Path) -> None:
    def slowly(_: Request) -> Response:
        asyncio.run(asyncio.sleep(0.4))
        return Response(SENTENCE, content_type="text/plain")

    httpserver.expect_request("/a").respond_with_handler(slowly)
    page = Address(httpserver.url_for("/a"))

    async def measured() -> float:
        await asummarize(SENTENCE, model="extractive")
        pages = asyncio.gather(*(asummarize(page, model="extractive", allow_private=True) for _ in range(3)))
        stall, _ = await longest_stall(lambda: pages)
        return stall

    assert asyncio.run(measured()) < 0.3


def test_an_address_is_read_by_both_doors(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data(SENTENCE, content_type="text/plain")
    page = Address(httpserver.url_for("/a"))
    both = [
        summarize(page, model="extractive", allow_private=True),
        asyncio.run(asummarize(page, model="extractive", allow_private=True)),
    ]
    assert [each.article.source for each in both] == [page.where] * 2
    with pytest.raises(SourceError, match="allow_private"):
        summarize(page, model="extractive")


def test_a_cancelled_summary_leaves_the_others_alone() -> None:
    async def work() -> list[object]:
        tasks = [asyncio.create_task(asummarize(SENTENCE, model="extractive")) for _ in range(5)]
        await asyncio.sleep(0)
        tasks[0].cancel()
        return list(await asyncio.gather(*tasks, return_exceptions=True))

    cancelled, *done = asyncio.run(work())
    assert isinstance(cancelled, asyncio.CancelledError) and all(isinstance(each, Summary) for each in done)


# --- seconds ---------------------------------------------------------------------------------------------------------


def test_seconds_are_those_of_the_article_not_its_place_in_the_queue() -> None:
    slow = Play(200, json.dumps(_completion()).encode(), {"Content-Type": "application/json"}, delay=0.2)
    articles = [Article.from_text(f"{SENTENCE} {number}.") for number in range(5)]

    async def summarized(url: str) -> list[Summary]:
        options = {"model": "openai/toy", "base_url": url, "cache": "off", "api_key": "x", "concurrency": 1}
        return await asyncio.gather(*(asummarize(article, **options) for article in articles))

    with Loopback(slow) as server:
        seconds = [summary.provenance.seconds for summary in asyncio.run(summarized(server.url))]
    assert min(seconds) >= 0.2
    assert max(seconds) < 2 * min(seconds)


def test_an_engine_of_ones_own_has_seconds_too() -> None:
    class Slow:
        identity = "slow/1"
        window = 1_000

        async def draft(self, passage: Passage) -> Draft:
            await asyncio.sleep(0.1)
            return Draft()

    assert 0.1 <= summarize(SENTENCE, engine=Slow()).provenance.seconds < 5


def _completion() -> dict[str, object]:
    message = {"role": "assistant", "content": '{"takeaways": [], "partnerships": []}'}
    return {
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1},
    }
