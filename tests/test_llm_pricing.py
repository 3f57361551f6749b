"""What calls take and cost, each counted once; what they can cost at the most; and the budget that holds."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from loopback import Loopback, Request, answer, error
from test_llm_engine import GOOD, PARTNERSHIP, TAKEAWAY, TEXT, drafted, opened, passage

from summarizer.engines.llm import open_llm
from summarizer.engines.llm.budget import BudgetSpent, Pricing
from summarizer.engines.llm.providers import Endpoint
from summarizer.engines.llm.rate_limit import RateLimits
from summarizer.engines.llm.retry import RetryPolicy
from summarizer.errors import ConfigError, EngineRefused

Start = Callable[..., Loopback]
PRICE = (1.0, 10.0)  # US dollars a million: 0.002 for the usual answer of 1000 and 100 tokens
OPENAI = "https://api.openai.com/v1"


def endpoint(name: str, base_url: str | None = OPENAI, provider: str = "openai") -> Endpoint:
    return Endpoint(provider, name, base_url)


def test_cost_is_that_of_the_table() -> None:
    assert Pricing(endpoint("gpt-4o-mini")).cost(1_000_000, 1_000_000) == pytest.approx(0.75)
    assert Pricing(endpoint("claude-3-5-haiku-latest", None, "anthropic")).cost(1_000_000, 0) == pytest.approx(0.8)


@pytest.mark.parametrize(
    "unknown",
    [
        endpoint("gpt-unheard-of"),
        endpoint("gpt-4o-mini", "http://127.0.0.1:1/v1"),
        endpoint("gpt-4o-mini", "https://gateway.example/v1"),
        endpoint("llama3", "http://127.0.0.1:11434/v1", "ollama"),
    ],
)
def test_unknown_price_is_none_and_never_zero(unknown: Endpoint) -> None:
    assert Pricing(unknown).cost(1000, 1000) is None
    assert Pricing(unknown, PRICE).cost(1000, 100) == pytest.approx(0.002)


def test_every_call_is_counted_once(loopback: Start, tmp_path: Path) -> None:
    bad = {"takeaways": [TAKEAWAY], "partnerships": [{**PARTNERSHIP, "status": "x"}]}
    server = loopback(
        answer("nonsense", usage=(10, 1)),
        answer(bad, usage=(20, 2)),
        answer({"takeaways": [], "partnerships": [PARTNERSHIP]}, usage=(40, 4)),
    )
    engine = opened(server, tmp_path, price=PRICE)
    usage = drafted(engine).usage
    assert (usage.calls, usage.input_tokens, usage.output_tokens) == (3, 70, 7)
    assert usage.cost_usd == pytest.approx(70e-6 + 70e-6)
    assert engine.total.input_tokens == 70


def test_total_counts_articles_that_failed_too(loopback: Start, tmp_path: Path) -> None:
    server = loopback(answer("nonsense"))
    engine = opened(server, tmp_path, price=PRICE)
    with pytest.raises(Exception, match="never with the JSON"):
        drafted(engine)
    assert (engine.total.calls, engine.total.cost_usd) == (3, pytest.approx(0.006))


def test_budget_stops_before_the_call_that_could_exceed_it(loopback: Start, tmp_path: Path) -> None:
    server = loopback(answer(GOOD))
    engine = opened(server, tmp_path, price=PRICE, max_cost=0.03, max_output_tokens=100)
    bound = engine.preview(passage()).cost_usd
    assert bound is not None and 0.002 < bound < 0.03
    done = 0
    with pytest.raises(BudgetSpent, match=r"could cost up to \$0\.0\d+, and \$0\.0\d+ of `max_cost` \$0\.03") as caught:
        for _ in range(100):
            drafted(engine)
            done += 1
    assert isinstance(caught.value, EngineRefused)
    assert server.count == done == int((0.03 - bound) / 0.002) + 1
    assert engine.total.cost_usd is not None and engine.total.cost_usd <= 0.03


def test_budget_holds_for_calls_at_the_same_time(loopback: Start, tmp_path: Path) -> None:
    server = loopback(answer(GOOD))
    engine = opened(server, tmp_path, price=PRICE, max_cost=0.03, max_output_tokens=100, concurrency=8)

    async def run() -> int:
        results = await asyncio.gather(*(engine.draft(passage()) for _ in range(30)), return_exceptions=True)
        await engine.aclose()
        assert all(isinstance(result, BudgetSpent) for result in results if isinstance(result, Exception))
        return sum(not isinstance(result, Exception) for result in results)

    done = asyncio.run(run())
    assert server.count == done >= 8
    assert engine.total.cost_usd is not None and engine.total.cost_usd <= 0.03


def test_failed_calls_cost_nothing(loopback: Start, tmp_path: Path) -> None:
    async def at_once(_: float) -> None:
        return

    server = loopback(*[error(500)] * 3, answer(GOOD))
    options = {"retry_policy": RetryPolicy(sleep=at_once), "rate_limits": RateLimits(sleep=at_once)}
    engine = opened(server, tmp_path, price=PRICE, max_cost=0.02, max_output_tokens=100, **options)
    assert drafted(engine).usage.cost_usd == pytest.approx(0.002)


def test_budget_without_a_price_is_a_contradiction(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"price of 'openai/toy' at 127.0.0.1:1/v1 is not known, so `max_cost`"):
        open_llm("openai/toy", base_url="http://127.0.0.1:1/v1", max_cost=1.0, environ={})


def test_answer_without_usage_is_paid_at_the_most_that_it_can_have_cost(loopback: Start, tmp_path: Path) -> None:
    server = loopback(answer(GOOD, usage=None))
    engine = opened(server, tmp_path, price=PRICE, max_cost=0.03, max_output_tokens=100)
    assert drafted(engine).usage.cost_usd is None
    with pytest.raises(BudgetSpent):
        for _ in range(10):
            drafted(engine)
    assert server.count <= 3


def test_preview_asks_nobody_and_is_what_is_sent(loopback: Start, tmp_path: Path) -> None:
    server = loopback(answer(GOOD))
    engine = opened(server, tmp_path, price=PRICE)
    preview = engine.preview(passage())
    assert server.count == 0
    drafted(engine)
    assert server.requests[0].body["messages"] == preview.messages
    assert preview.output_tokens == server.requests[0].body["max_tokens"]
    assert preview.cost_usd == pytest.approx((preview.input_tokens + 10 * preview.output_tokens) / 1e6)


@pytest.mark.parametrize("text", [TEXT, "苹果公司与阿里巴巴合作。" * 50, "🙂" * 100, "a b c " * 500])
def test_preview_never_promises_too_few_tokens(text: str, loopback: Start, tmp_path: Path) -> None:
    def counted(request: Request) -> int:  # no tokenizer makes more tokens of a text than it has bytes
        return len(request.words.encode())

    server = loopback(answer(GOOD))
    engine = opened(server, tmp_path)
    most = engine.preview(passage(text)).input_tokens
    drafted(engine, text)
    assert counted(server.requests[0]) <= most
