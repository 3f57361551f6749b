"""`summarizer check ARTICLE CLAIMS`: check claims of any origin against an article, or many against theirs."""

import argparse
import asyncio
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from ...engines import open_language_model
from ...errors import EngineError, InvalidDraft, SourceError
from ...protocols import Verifier
from ...rendering import Layout
from ...rendering.verdicts import render_verdicts, tally
from ...schema import Article, Failure, Verdict
from ..arguments import chosen_format, settings_from
from ..claim_lists import Pair, pairs
from ..claim_verdicts import settle, verdicts_of
from ..console import ExitStatus, console_style, counted, notify, report
from ..output import refuse_own_input, unwritable
from ..parser import Parser, add_shared
from ..sinks import PlainFolderSink, StreamSink, is_folder, only_one_page

_DESCRIPTION = """\
Check claims against an article: one verdict for each claim, in the order given.

  supported     the claim repeats the article, or its quotes prove it
  doubtful      code cannot tell; -m MODEL gives these claims a second look
  unsupported   a definite fault, such as a number that the article lacks

Many at once: name each article with its claims, or give JSON Lines of {"article": …, "claims": …}."""


def parser() -> Parser:
    """Return the parser of `check`."""
    made = Parser("check", _DESCRIPTION, "ARTICLE CLAIMS [ARTICLE CLAIMS]... | LIST.jsonl")
    inputs = made.group("input")
    inputs.add_argument(
        "names",
        nargs="+",
        metavar="ARTICLE CLAIMS",
        help="a file, a URL, or -, then a draft or summary in JSON, or a text with one claim per line; in JSON Lines "
        "the article is a text, a path or a URL, the claims a list, a draft, a summary or a text",
    )
    add_shared(inputs, "--allow-private")
    model = made.group("model")
    add_shared(
        model,
        "--model",
        help="let a model look at the doubtful claims, 20 in a request, such as openai/NAME (default: none)",
    )
    add_shared(model, "--base-url")
    output = made.group("output")
    add_shared(output, "--format")
    add_shared(output, "--output", help="write to a file, or to a folder with one file per article")
    add_shared(output, "--strict", help="exit with status 3 if any claim is not supported")
    return made


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Check the claims, print the verdicts with their reasons, and return the exit status."""
    settings = settings_from(arguments)
    chosen_format(arguments)  # a suffix that means nothing is an error before anything is read
    refuse_own_input(arguments.names, arguments.output)
    given, many = pairs(arguments.names, allow_private=bool(settings.allow_private))
    model = open_language_model(arguments.model, settings) if arguments.model else None
    with asyncio.Runner() as runner:
        checks = _Checks(arguments, runner, model, many=many)
        try:
            outcomes = map(checks.outcome, given)
            first = list(islice(outcomes, 1))  # before the output is opened: an error leaves an older one alone
            if not first:
                raise SourceError(
                    f"there is nothing to check in {', '.join(map(repr, arguments.names))}: the list is empty"
                )
            with closing(_open_sink(arguments, many=many)) as sink:
                for outcome in chain(first, outcomes):
                    if isinstance(outcome, Failure):
                        sink.fail(outcome)
                    else:
                        sink.write(*outcome)
        finally:
            if model is not None:
                runner.run(model.aclose())
    if many:
        notify(arguments, f"{counted(len(checks.verdicts), 'claim')}: {tally(checks.verdicts)}")
    return checks.status


@dataclass
class _Checks:
    """The checks of one run: what came of them so far, and the model of the second look as long as it answers."""

    arguments: argparse.Namespace
    runner: asyncio.Runner
    model: Verifier | None
    many: bool
    failed: bool = False
    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def status(self) -> ExitStatus:
        """The exit status: a failure is told before a claim that is not supported."""
        if self.failed:
            return ExitStatus.FAILED
        rejected = self.arguments.strict and not all(verdict.supported for verdict in self.verdicts)
        return ExitStatus.REJECTED if rejected else ExitStatus.OK

    def outcome(self, pair: Pair) -> tuple[list[Verdict], Article] | Failure:
        """Check the claims of one article. Raises `SourceError` where it is the only one."""
        try:
            article, claims = pair.read()
            verdicts = verdicts_of(claims, article)
        except SourceError as error:
            if not self.many:
                raise
            return self._failure(pair, error)
        if self.model is not None:
            verdicts = self._second_look(verdicts, self.model)
        self.verdicts += verdicts
        return verdicts, article

    def _failure(self, pair: Pair, error: SourceError) -> Failure:
        self.failed = True
        where = pair.where or pair.source
        message = str(error) if where in str(error) else f"{where}: {error}"
        report(message)
        return Failure(source=pair.source, error=type(error).__name__, message=message)

    def _second_look(self, verdicts: list[Verdict], model: Verifier) -> list[Verdict]:
        """Let the model settle doubts; without an answer they stay, and only a misshapen one lets the next be asked."""
        try:
            verdicts = self.runner.run(settle(verdicts, model))
        except EngineError as error:
            report(f"no second look: {error}")
            self.failed = True
            if not isinstance(error, InvalidDraft):
                self.model = None
            return verdicts
        if silent := sum(verdict.grade == "doubtful" for verdict in verdicts):
            notify(self.arguments, f"{self.arguments.model} gave no opinion on {counted(silent, 'doubtful claim')}")
        return verdicts


def _open_sink(arguments: argparse.Namespace, *, many: bool) -> StreamSink[list[Verdict]] | PlainFolderSink:
    """Open standard output, a file or a folder. Raises `ConfigError`."""
    name, format = arguments.output, chosen_format(arguments)
    style = console_style(name)

    def render(verdicts: list[Verdict], article: Article | None) -> str:
        about = article or Article.from_text("")
        return render_verdicts(verdicts, about, format, many=many, width=style.width, color=style.color)

    try:
        if name is not None and is_folder(name, many=many):
            return PlainFolderSink(Path(name), format, render)
        if many and format.layout is Layout.PAGE:
            raise only_one_page()
        return StreamSink(Path(name) if name is not None else None, format, render, many=many)
    except OSError as error:
        raise unwritable(str(name), error) from error
