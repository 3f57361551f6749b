"""The arguments of `summarizer INPUT...`, apart from the command itself: `--help` imports nothing heavy."""

import argparse

from ..parser import Parser, add_general, add_shared, make_parser

_USAGE = """\
summarizer [OPTIONS] INPUT...
       summarizer COMMAND [ARGUMENTS]"""
_DESCRIPTION = """\
Summarize news articles: key takeaways and partnerships, each proven by a quote from the article.

Without --model, openai/… is used if OPENAI_API_KEY or OPENAI_BASE_URL is set, else the embedded
extractive model, which needs no key and no network."""
_EPILOG = """\
commands (each has its own --help):
{commands}

examples:
  summarizer article.txt
  summarizer -m openai/gpt-5.4-mini -f json -o summary.json https://example.org/news
  summarizer -m ollama/llama3 -o summaries.jsonl articles/

exit status:
  0 success, 1 an article failed, 2 usage or configuration error, 3 --strict and a claim was rejected,
  70 internal error, 130 interrupted"""


def parser(commands: str) -> Parser:
    """Return the parser; `commands` are the lines of the help that list the other commands."""
    made = make_parser("summarizer", _DESCRIPTION, usage=_USAGE, epilog=_EPILOG.format(commands=commands))
    inputs = made.add_argument_group("input")
    inputs.add_argument("inputs", nargs="*", metavar="INPUT", help="a file, a folder, a URL, a .jsonl file, or -")
    add_shared(inputs, "--files-from", "--allow-private")
    model = made.add_argument_group("model")
    add_shared(model, "--model", "--base-url", "--prompt")
    model.add_argument(
        "--verify",
        nargs="?",
        const="",
        metavar="MODEL",
        help="have a model confirm each kept claim (default: the same model)",
    )
    content = made.add_argument_group("content")
    add_shared(content, "--takeaways", "--language", "--strict")
    output = made.add_argument_group("output")
    add_shared(output, "--format", "--output", "--quotes", "--rows")
    limits = made.add_argument_group("requests and cache")
    add_shared(limits, "--concurrency", "--rpm", "--tpm", "--max-cost")
    add_shared(limits.add_mutually_exclusive_group(), "--no-cache", "--refresh")
    limits.add_argument(
        "--dry-run", action="store_true", help="print the prompt, its size and the maximum cost; send nothing"
    )
    limits.add_argument("--trace", metavar="FILE", help="write each request and reply as JSON Lines, without keys")
    add_general(made)
    return made


def completed(made: Parser, arguments: argparse.Namespace) -> argparse.Namespace:
    """Settle what argparse cannot: `--verify article.txt` names an article, not a model. Exits with 2 without input."""
    if arguments.inputs or arguments.files_from is not None:
        return arguments
    if not arguments.verify:
        made.error("give an INPUT: a file, a folder, a URL, or - for standard input")
    arguments.inputs, arguments.verify = [arguments.verify], ""
    return arguments
