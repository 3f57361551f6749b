"""The command line: parse the arguments, call the program, write the results, return an exit status.

main       the table of commands          inputs    what is to be summarized
parser     options, help, settings        sinks     where results are written
console    messages and exit statuses     commands  one module per command

Results go to standard output, everything else to standard error.
"""

from .main import main

__all__ = ["main"]
