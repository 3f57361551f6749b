"""Golden cases: score models, prompts and versions against them, with confidence intervals, and detect changed facts.

cases             a folder with an article, a recorded draft and the gold
validation        check every quote, offset and name of a gold
scoring           counts of one summary against its gold
pair_scoring      the same for partnerships                       rouge             ROUGE-1, -2 and -L
organisation_matching  names of one organisation                  measures          counts → figures, and differences
benchmarking      score a model on cases                          baseline          floors of the figures
report            the figures as tables                           report_formats    text, Markdown, HTML, JSON
recording         record a draft as a case, and replay it         recording_engine  an engine that records another one
checking          cases against their approved results, JUnit     fact_changes      changed facts, regardless of wording
reviewing         a person's verdict on each claim
"""

from .baseline import Baseline
from .benchmarking import REPLAY, EvaluatedModel, evaluate
from .cases import Case, Gold, Trap, find_cases, read_case
from .checking import CaseResult, check, junit
from .fact_changes import Change, changes
from .measures import MEASURES, Difference, difference
from .recording import approve, compared, record, replayed
from .report import Report, make_report
from .report_formats import show
from .scoring import Score, score
from .validation import faults

__all__ = [
    "MEASURES",
    "REPLAY",
    "Baseline",
    "Case",
    "CaseResult",
    "Change",
    "Difference",
    "EvaluatedModel",
    "Gold",
    "Report",
    "Score",
    "Trap",
    "approve",
    "changes",
    "check",
    "compared",
    "difference",
    "evaluate",
    "faults",
    "find_cases",
    "junit",
    "make_report",
    "read_case",
    "record",
    "replayed",
    "score",
    "show",
]
