"""`--dry-run`: the exact messages, the most that they can take, and nobody is asked."""

import asyncio
from typing import TYPE_CHECKING

from ...batch.sources import Source, read, read_slowly
from ...chunking import split
from ...engines import open_language_model
from ...rendering.control_characters import visible
from ...schema import Article
from ...settings import Settings
from .. import OK
from ..inputs import Inputs

if TYPE_CHECKING:
    from ...engines.llm.engine import Preview


def preview(inputs: Inputs, model: str, settings: Settings, *, verbose: bool = False) -> int:
    """Print what would be said about each article, and the most that it would cost.

    Of a long article that is its first passage, and a line for each other one; `verbose` prints them all.
    """
    engine = open_language_model(model, settings)
    seen: list[Preview] = []
    for article in asyncio.run(_articles(inputs, settings.allow_private)):
        passages = split(article, engine.window, output_language=settings.language, takeaways=settings.takeaways)
        for number, passage in enumerate(passages, start=1):
            asked = engine.preview(passage)
            if len(passages) > 1:
                place = f"passage {number} of {len(passages)}: characters {passage.start:,} to {passage.end:,}"
                print(f"--- {place}, {_most(asked)}")
            if number == 1 or verbose:
                _print(asked)
            seen.append(asked)
        if len(passages) > 1:
            chosen = list(engine.preview_choice(len(passages), settings.takeaways))
            print(f"--- up to {_counted(len(chosen))} to choose the takeaways of the whole, {_most(*chosen)}")
            seen += chosen
    print(f"--- {model}: {_counted(len(seen))}, {_most(*seen)}; nobody was asked")
    return OK


def _print(asked: "Preview") -> None:
    for message in asked.messages:
        words = "\n".join(map(visible, message["content"].split("\n")))
        print(f"--- {message['role']}\n{words}\n")


def _counted(requests: int) -> str:
    return f"{requests} request{'' if requests == 1 else 's'}"


def _most(*asked: "Preview") -> str:
    tokens = sum(one.input_tokens + one.output_tokens for one in asked)
    costs = [one.cost_usd for one in asked]
    price = "price unknown" if None in costs else f"at most ${sum(cost for cost in costs if cost is not None):.4f}"
    return f"at most {tokens:,} tokens, {price}"


async def _articles(inputs: Inputs, allow_private: bool) -> list[Article]:
    sources = inputs.sources
    found = [source async for source in sources] if hasattr(sources, "__aiter__") else list(sources)
    return [article for source in found for article in _read(source, allow_private)]


def _read(source: Source, allow_private: bool) -> tuple[Article, ...]:
    article = read(source)
    return read_slowly(source, allow_private=allow_private) if article is None else (article,)
