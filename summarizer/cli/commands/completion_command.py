"""`summarizer completion SHELL`: the script that completes commands, options and files when Tab is pressed."""

import argparse
from importlib import import_module

from ...errors import ConfigError
from ...version import DISTRIBUTION
from ..console import ExitStatus
from ..parser import Parser

_DESCRIPTION = """\
Print the script with which a shell completes commands, options, formats and files:

  bash  summarizer completion bash > ~/.local/share/bash-completion/completions/summarizer
  zsh   summarizer completion zsh > "${fpath[1]}/_summarizer"
  fish  summarizer completion fish > ~/.config/fish/completions/summarizer.fish"""
_SHELLS = ("bash", "zsh", "fish")
_FILES = {
    "INPUT",
    "ARTICLE",
    "CLAIMS",
    "ARTICLE CLAIMS",
    "SUMMARY...",
    "SUMMARY",
    "FILE",
    "PATH",
    "NAME|PATH",
    "FOLDER",
    "NAME",
}
"""What stands in the help for arguments that are, or may be, files."""


def parser() -> Parser:
    """Return the parser of `completion`."""
    made = Parser("completion", _DESCRIPTION, "bash|zsh|fish")
    made.group("arguments").add_argument("shell", choices=_SHELLS, metavar="SHELL", help="bash, zsh or fish")
    return made


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Print the script and return the exit status."""
    try:
        import shtab
    except ImportError:
        message = f"completion needs the package shtab: pip install '{DISTRIBUTION}[completion]'"
        raise ConfigError(message) from None
    from ..main import COMMANDS, main_parser

    root = argparse.ArgumentParser("summarizer", parents=[main_parser()], add_help=False)
    commands = root.add_subparsers()
    _complete_files(root, {**shtab.FILE, "bash": "_summarizer_first"})
    for name, (_, help) in COMMANDS.items():
        of_command = import_module(f".{name}_command", __package__).parser()
        of_command.add_general()
        _complete_files(commands.add_parser(name, parents=[of_command], add_help=False, help=help), shtab.FILE)
    names = " ".join(COMMANDS)
    first = f'_summarizer_first() {{\n  compgen -W "{names}" -- "$1"\n  _shtab_compgen_files "$1"\n}}\n'
    script = shtab.complete(root, arguments.shell, preamble={"bash": first})
    if arguments.shell == "zsh":  # the first word may be a file as well as a command, and so may those behind a file
        others = f"        (^({names.replace(' ', '|')})) _files ;;\n"
        script = script.replace("': :_shtab_summarizer_commands'", "': :{_shtab_summarizer_commands; _files}'")
        script = script.replace("case $line[1] in\n", f"case $line[1] in\n{others}")
    print(script, end="")
    return ExitStatus.OK


def _complete_files(parser: argparse.ArgumentParser, how: dict[str, str]) -> None:
    for action in parser._actions:  # argparse has no public list of them
        if action.metavar in _FILES and not action.choices:
            action.complete = how  # type: ignore[attr-defined]  # as shtab documents it
