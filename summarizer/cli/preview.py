"""`--dry-run`: the exact messages, the most that they can take, and nobody is asked."""

import asyncio

from ..batch.sources import read, read_slowly
from ..chunking import split
from ..config import Settings
from ..engines import open_asked
from ..rendering.visible import visible
from ..schema import Article
from . import OK
from .inputs import Inputs


def preview(inputs: Inputs, model: str, settings: Settings) -> int:
    """Print what would be said about each article, and the most that it would cost."""
    engine = open_asked(model, settings)
    tokens, count = 0, 0
    cost: float | None = 0.0
    for article in asyncio.run(_articles(inputs)):
        for passage in split(article, engine.window, output_language=settings.language, takeaways=settings.takeaways):
            seen = engine.preview(passage)
            for message in seen.messages:
                words = "\n".join(map(visible, message["content"].split("\n")))
                print(f"--- {message['role']}\n{words}\n")
            tokens += seen.input_tokens + seen.output_tokens
            cost = None if cost is None or seen.cost_usd is None else cost + seen.cost_usd
            count += 1
    price = "price unknown" if cost is None else f"at most ${cost:.4f}"
    print(
        f"--- {model}: {count} request{'' if count == 1 else 's'}, at most {tokens:,} tokens, {price}; nobody was asked"
    )
    return OK


async def _articles(inputs: Inputs) -> list[Article]:
    sources = inputs.sources
    found = [source async for source in sources] if hasattr(sources, "__aiter__") else list(sources)
    return [read(source) or read_slowly(source) for source in found]
