"""`--dry-run`: print the exact prompts and the most they can cost, without a request."""

import asyncio
from typing import TYPE_CHECKING

from ..batch.sources import Source, read, read_slowly
from ..chunking import split
from ..engines import open_language_model
from ..rendering.control_characters import visible
from ..schema import Article
from ..settings import Settings
from .console import ExitStatus, counted
from .inputs import Inputs

if TYPE_CHECKING:
    from ..engines.llm.engine import Preview


def preview(inputs: Inputs, model: str, settings: Settings, *, verbose: bool = False) -> ExitStatus:
    """Print the prompt of each article, and the most it can cost.

    Of a long article, the first passage is printed in full and the others as one line each, unless `verbose`.
    """
    engine = open_language_model(model, settings)
    previews: list[Preview] = []
    for article in asyncio.run(_articles(inputs, settings.allow_private)):
        passages = split(article, engine.window, output_language=settings.language, takeaways=settings.takeaways)
        for number, passage in enumerate(passages, start=1):
            request = engine.preview(passage)
            if len(passages) > 1:
                place = f"passage {number} of {len(passages)}: characters {passage.start:,} to {passage.end:,}"
                print(f"--- {place}, {_most(request)}")
            if number == 1 or verbose:
                _print(request)
            previews.append(request)
        if len(passages) > 1:
            selection = list(engine.preview_choice(len(passages), settings.takeaways))
            requests = counted(len(selection), "request")
            print(f"--- up to {requests} to select the takeaways of the whole article, {_most(*selection)}")
            previews += selection
    print(f"--- {model}: {counted(len(previews), 'request')}, {_most(*previews)}; nothing was sent")
    return ExitStatus.OK


def _print(request: "Preview") -> None:
    for message in request.messages:
        words = "\n".join(map(visible, message["content"].split("\n")))
        print(f"--- {message['role']}\n{words}\n")


def _most(*requests: "Preview") -> str:
    tokens = sum(one.input_tokens + one.output_tokens for one in requests)
    costs = [one.cost_usd for one in requests]
    price = "price unknown" if None in costs else f"at most ${sum(cost for cost in costs if cost is not None):.4f}"
    return f"at most {tokens:,} tokens, {price}"


async def _articles(inputs: Inputs, allow_private: bool) -> list[Article]:
    sources = inputs.sources
    found = [source async for source in sources] if hasattr(sources, "__aiter__") else list(sources)
    return [article for source in found for article in _read(source, allow_private)]


def _read(source: Source, allow_private: bool) -> tuple[Article, ...]:
    article = read(source)
    return read_slowly(source, allow_private=allow_private) if article is None else (article,)
