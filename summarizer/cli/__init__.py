"""The command line: parse the arguments, call the program, write the results, return an exit status.

main       the table of commands              inputs            what is to be summarized
parser     options and help                   delivery          summarize all inputs and write the results
arguments  settings, model and format         sinks, output     where results are written
console    messages and exit statuses         progress          what is reported during a run
commands   one module per command             batch_runs, review_dialogue   what two of them do

Results go to standard output, everything else to standard error.
"""

from .main import main

__all__ = ["main"]
