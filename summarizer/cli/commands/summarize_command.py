"""`summarizer INPUT...`: summarize articles and write the results in the order given, or show what would be sent."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...batch.sources import Source, read, read_slowly
from ...engines import open_engine, open_language_model
from ...rendering import Format, Rows
from ...rendering.control_characters import visible
from ...schema import Article
from ...settings import EXTRACTIVE, Settings
from ..arguments import announced_model, chosen_format, settings_from
from ..console import ExitStatus, counted, notify
from ..delivery import Delivery
from ..inputs import Inputs, gather
from ..output import refuse_own_input

if TYPE_CHECKING:
    from ...engines.llm.engine import Preview


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Summarize the inputs and return the exit status."""
    with _logged_calls() if arguments.verbose else nullcontext():
        return _run(arguments)


def _run(arguments: argparse.Namespace) -> ExitStatus:
    settings = settings_from(arguments)
    format = chosen_format(arguments)
    refuse_own_input([*arguments.inputs, *filter(None, [arguments.files_from])], arguments.output)
    model = announced_model(arguments, settings)
    if model == EXTRACTIVE and arguments.prompt:
        notify(arguments, "--prompt is ignored: the extractive model has no prompt; choose a language model with -m")
    if arguments.rows != Rows.PARTNERSHIPS and format is not Format.CSV:
        notify(arguments, "--rows is ignored: only csv has rows; choose it with -f csv")
    inputs = gather(arguments.inputs, arguments.files_from, Path(arguments.output) if arguments.output else None)
    if skipped := inputs.skipped_message():
        notify(arguments, skipped)
    if arguments.dry_run:
        return _preview(inputs, model, settings, verbose=arguments.verbose)
    trace = Path(arguments.trace) if arguments.trace else None
    warn = partial(notify, arguments)
    engine = open_engine(model, settings, refresh=arguments.refresh, trace=trace, warn=warn)
    verifier = None
    if arguments.verify is not None:
        verifier = open_language_model(arguments.verify or model, settings, trace=trace)
    return Delivery(arguments, settings, inputs, engine, verifier).run()


@contextmanager
def _logged_calls() -> Iterator[None]:
    """Print a line for each request on standard error."""
    import logging

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("summarizer: %(message)s"))
    logger = logging.getLogger("summarizer")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:  # a program may call the command more than once
        logger.removeHandler(handler)


# --- dry run ---------------------------------------------------------------------------------------------------------


def _preview(inputs: Inputs, model: str, settings: Settings, *, verbose: bool) -> ExitStatus:
    """Print the exact prompt of each article, and the most it can cost, without a request.

    Of a long article, the first passage is printed in full and the others as one line each, unless `verbose`.
    """
    from ...chunking import split

    engine = open_language_model(model, settings)
    previews: list[Preview] = []
    for article in [article for source in inputs.synchronous() for article in _articles(source, settings)]:
        passages = split(article, engine.window, output_language=settings.language, takeaways=settings.takeaways)
        for number, passage in enumerate(passages, start=1):
            request = engine.preview(passage)
            if len(passages) > 1:
                place = f"passage {number} of {len(passages)}: characters {passage.start:,} to {passage.end:,}"
                print(f"--- {place}, {_most(request)}")
            if number == 1 or verbose:
                for message in request.messages:
                    words = "\n".join(map(visible, message["content"].split("\n")))
                    print(f"--- {message['role']}\n{words}\n")
            previews.append(request)
        if len(passages) > 1:
            selection = list(engine.preview_choice(len(passages), settings.takeaways))
            requests = counted(len(selection), "request")
            print(f"--- up to {requests} to select the takeaways of the whole article, {_most(*selection)}")
            previews += selection
    print(f"--- {visible(model)}: {counted(len(previews), 'request')}, {_most(*previews)}; nothing was sent")
    return ExitStatus.OK


def _articles(source: Source, settings: Settings) -> tuple[Article, ...]:
    article = read(source)
    return read_slowly(source, allow_private=settings.allow_private) if article is None else (article,)


def _most(*requests: "Preview") -> str:
    tokens = sum(one.input_tokens + one.output_tokens for one in requests)
    costs = [one.cost_usd for one in requests]
    price = "price unknown" if None in costs else f"at most ${sum(cost for cost in costs if cost is not None):.4f}"
    return f"at most {tokens:,} tokens, {price}"
